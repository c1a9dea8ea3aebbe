-- Of lines among which lost inits were sought: the matching has them in memory.
drop index concurrently if exists match_unknown;

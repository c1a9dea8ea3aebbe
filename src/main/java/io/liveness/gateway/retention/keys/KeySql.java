package io.liveness.gateway.retention.keys;

/** The statements on keys and on the pass that rewrites values. $1 is the id of the first key, unless stated otherwise. */
final class KeySql {

    /**
     * A replica may store a value for at most this time after it has sealed it, and so after it has last recorded its key: statements and
     * shutdowns end sooner.
     */
    private static final String QUIET = "interval '5 minutes'";

    /** Keys other than the first one, by the primary key: an inequality would read the whole table. */
    private static final String ANOTHER = "(%1$s.id < $1 or %1$s.id > $1)";

    static final String KNOWN = "select id, unused_since is null as in_use, key_check from encryption_key order by id";

    /**
     * $1 ids: of the keys that are configured when none is known, $2 their checks. A replica of the release before may still write under any of
     * them.
     */
    static final String BEGIN_WITH = """
            insert into encryption_key (id, from_before, last_written_at, key_check)
            select id, true, liveness_now(), key_check from unnest($1::text[], $2::bytea[]) k (id, key_check) order by id
            on conflict (id) do nothing
            """;

    /** $2 the check of the key. A replica whose bytes differ from those of the first one records nothing. */
    static final String WRITES = """
            insert into encryption_key (id, last_written_at, key_check) values ($1, liveness_now(), $2)
            on conflict (id) do update
                set last_written_at = excluded.last_written_at, unused_since = null, key_check = excluded.key_check
                where coalesce(encryption_key.key_check, excluded.key_check) = excluded.key_check
            """;

    /**
     * Begins a pass when another key is in use and none was written lately: when the last pass was under another key, left something and
     * ended a day ago, or began too early to include what was written under another key.
     */
    static final String BEGIN = """
            update key_rotation r
            set pass = pass + 1, key_id = $1, began_at = liveness_now(), ended_at = null, stage = 0, position = null, since = null,
                upto = null, unreadable = 0, without_digest = 0, next_batch_at = liveness_now()
            where r.only_row and (r.key_id is distinct from $1 or r.ended_at is not null)
              and not exists (select from encryption_key o where %2$s and o.last_written_at > liveness_now() - %1$s)
              and exists (select from encryption_key o
                          where %2$s and o.unused_since is null
                            and (r.key_id is distinct from $1 or r.ended_at <= liveness_now() - interval '1 day'
                                 or o.last_written_at > r.began_at - %1$s))
            """.formatted(QUIET, ANOTHER.formatted("o"));

    /** All keys, each with the state of the pass. */
    static final String STATE = """
            select k.id, k.unused_since is null as in_use, r.key_id is not distinct from $1 and r.ended_at is null as under_way,
                   r.stage, r.position, r.since, r.upto
            from encryption_key k cross join key_rotation r
            where r.only_row
            order by k.id
            """;

    /** The right to write the next batch. A replica that ends meanwhile delays the others by ten seconds. */
    static final String CLAIM = """
            update key_rotation set next_batch_at = liveness_now() + interval '10 seconds'
            where only_row and key_id = $1 and ended_at is null and next_batch_at <= liveness_now()
            returning pass, stage, position, since, upto
            """;

    /**
     * Moves on after a batch, unless another replica has done it: $2 the pass, $3 and $4 the stage and the position that the batch began at,
     * $5 to $8 where the next one begins, $9 and $10 how many rows were left, $11 whether the pass is over. The next batch is due in a second. A pass
     * that left nothing frees the keys that were not recorded since five minutes before it began. Returns their ids.
     */
    static final String ADVANCE = """
            with advanced as (
                update key_rotation
                set stage = $5, position = $6, since = $7, upto = $8, unreadable = unreadable + $9, without_digest = without_digest + $10,
                    ended_at = case when $11 then liveness_now() end, next_batch_at = liveness_now() + interval '1 second'
                where only_row and key_id = $1 and pass = $2 and stage = $3 and position is not distinct from $4 and ended_at is null
                returning began_at, ended_at, unreadable, without_digest
            )
            update encryption_key k set unused_since = liveness_now()
            from advanced a
            where a.ended_at is not null and a.unreadable = 0 and (a.without_digest = 0 or not k.from_before)
              and %2$s and k.unused_since is null
              and coalesce(k.last_written_at, '-infinity') <= a.began_at - %1$s
            returning k.id
            """.formatted(QUIET, ANOTHER.formatted("k"));

    private KeySql() {}
}

-- Polls of an open session are counted in its schedule, and are no events: an event is kept for ever. When the session ends, its event
-- CHECKED has the sum.
alter table session_schedule
    add column polls integer not null default 0,
    add column failed_polls integer not null default 0, -- without an answer, or with an error: the first ones are events too
    add column first_poll_at timestamptz,
    add column last_poll_at timestamptz,
    add column second_last_poll_at timestamptz,
    add column third_last_poll_at timestamptz,          -- with it the limit of polls out of turn needs no list
    add column last_poll_code integer;                  -- null without an answer

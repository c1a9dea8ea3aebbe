package io.liveness.gateway.jumdata;

/**
 * The token bucket in SQL. Time is the database's alone ({@code clock_timestamp()}), because the clocks of two replicas differ
 * by more than the time between two calls.
 *
 * <p>The bucket is kept as the moment {@code full_at} at which it will be full again; each call taken puts that off by
 * 1/rate. A second away means empty; up to two seconds away a debt, which those who took it are waiting off. Each statement
 * locks the row, and after a wait for the lock reads what the one before it left, so READ COMMITTED is enough.
 *
 * <p>When opens keep the bucket in debt all the time, reconciling would never find a whole call in it, and verdicts that have
 * been paid for would be lost. So it is promised some of the next calls: they are taken from the bucket at once and fetched
 * when their time has come. Until then the bucket fills up to that much less than a second's calls.
 *
 * <p>$1 is always the rate in calls per second.
 */
final class VendorBudgetSql {

    /**
     * An eighth. A vendor that answers a few calls with 500 for hours signals every second, and every session must still be
     * asked about within its two hours.
     */
    private static final int HIGHEST_SLOW_LEVEL = 3;

    /** A burst of calls that all hear "too frequent" is one signal, and is to halve the rate once. */
    private static final int SECONDS_BETWEEN_SLOW_DOWNS = 1;

    /** Long enough to see whether the rate is bearable, short enough to be at full speed a minute after an outage. */
    private static final int SECONDS_TO_SPEED_UP = 10;

    /** The part of a second's calls that is promised at once: verdicts come through, and opens keep most of the budget. */
    private static final int PROMISED_PART = 4;

    /** No row when the wait would be longer than a second; then nothing is taken. */
    static final String TAKE_ONE = """
            update vendor_budget
               set full_at = greatest(full_at, clock_timestamp() + promised * interval '1 second' / $1::float8)
                             + interval '1 second' / $1::float8
             where greatest(full_at, clock_timestamp() + promised * interval '1 second' / $1::float8)
                   + interval '1 second' / $1::float8 <= clock_timestamp() + interval '2 seconds'
            returning extract(epoch from full_at - interval '1 second' - clock_timestamp())::float8 as wait_seconds
            """;

    /**
     * $2 is how many last looks are wanted, $3 how many other calls. The slow-down holds for the others alone: a last look
     * that is put off is a verdict lost. No row when nothing is granted and nothing promised.
     */
    static final String TAKE_FOR_RECONCILING = """
            with locked as materialized (
                select *, clock_timestamp() as now
                  from vendor_budget
                   for update
            ), settings as (
                select *,
                       interval '1 second' / $1::float8 as one_call,
                       $1::float8 / 2 ^ %1$s as pace,
                       case when promised_at <= now then promised else 0 end as fetchable
                  from locked
            ), buckets as (
                select *,
                       greatest(full_at, now + promised * one_call) as busy_until,
                       greatest(reconcile_full_at, now) as reconcile_busy_until
                  from settings
            ), room as (
                select *,
                       floor($1::float8 * (1 - extract(epoch from busy_until - now)::float8)) as whole_calls,
                       floor(greatest(pace, 1) - pace * extract(epoch from reconcile_busy_until - now)::float8) as paced_calls
                  from buckets
            ), bearable as (
                select *,
                       $2::int + greatest(0, least($3::int, paced_calls)) as calls
                  from room
            ), granting as (
                select *,
                       least(calls, fetchable + greatest(0, whole_calls))::int as granted
                  from bearable
            ), promising as (
                select *,
                       case when granted = 0 and promised = 0
                            then least(calls, ceil($1::float8 / %2$d))::int
                            else 0 end as newly_promised
                  from granting
            )
            update vendor_budget
               set full_at = busy_until + (granted - fetchable + newly_promised) * one_call,
                   promised = promising.promised - fetchable + newly_promised,
                   promised_at = case when newly_promised > 0
                                      then busy_until + newly_promised * one_call - interval '1 second'
                                      else promising.promised_at end,
                   reconcile_full_at = reconcile_busy_until
                                       + greatest(0, granted - $2::int) * interval '1 second' / pace
              from promising
             where granted > 0 or newly_promised > 0
            returning granted
            """.formatted(level("now"), PROMISED_PART);

    /** $2 is what is given back. Never more than a full bucket comes of it: a moment in the past counts as now. */
    static final String GIVE_BACK = """
            update vendor_budget
               set full_at = full_at - $2::int * interval '1 second' / $1::float8,
                   reconcile_full_at = reconcile_full_at - $2::int * interval '1 second' / $1::float8
            """;

    static final String SLOW_DOWN =
            """
            update vendor_budget
               set slow_level = least(%1$d, %2$s + 1),
                   slowed_at = clock_timestamp()
             where slowed_at <= clock_timestamp() - %3$d * interval '1 second'
            """.formatted(HIGHEST_SLOW_LEVEL, level("clock_timestamp()"), SECONDS_BETWEEN_SLOW_DOWNS);

    private VendorBudgetSql() {}

    /** The level that is left of the stored one after the time without a signal. */
    private static String level(String now) {
        return "greatest(0, slow_level - floor(extract(epoch from %s - slowed_at) / %d))::int"
                .formatted(now, SECONDS_TO_SPEED_UP);
    }
}

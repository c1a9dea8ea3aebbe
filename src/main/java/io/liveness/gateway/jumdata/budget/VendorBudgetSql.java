package io.liveness.gateway.jumdata.budget;

import io.liveness.gateway.vendor.VendorBudget.Purpose;

/**
 * The token bucket in SQL. Only the database's clock counts ({@code clock_timestamp()}), because the clocks of replicas differ by more than
 * the time between two calls.
 *
 * <p>The bucket is kept as the moment {@code full_at} at which it will be full again; each call taken puts that off by 1/rate. A second
 * away means empty; further away means reserved places that are waited for. Each statement locks the one row by its key, and after a wait
 * for the lock reads what the one before it left, so READ COMMITTED is enough. No row in the answer means that the table is empty.
 *
 * <p>$1 is always the rate in calls per second.
 */
final class VendorBudgetSql {

    /**
     * An eighth. When a vendor answers some calls with 500 for hours, it signals every second, and sessions should still be polled before
     * their final polls.
     */
    private static final int HIGHEST_SLOW_LEVEL = 3;

    /** A burst of calls that all hear "too frequent" is one signal, and is to halve the rate once. */
    private static final int SECONDS_BETWEEN_SLOW_DOWNS = 1;

    /** Long enough to see whether the rate is bearable, short enough to be at full speed a minute after an outage. */
    private static final int SECONDS_TO_SPEED_UP = 10;

    /**
     * $2 is how many calls are wanted. Returns how many are granted, and the seconds until the first may be made by the bucket ({@code
     * first_in}) and by the other bound ({@code other_first_in}). Negative values are in the past.
     *
     * <p>1: what else bounds the calls. 2: what else is written. 3: what else the first call waits for.
     */
    private static final String TAKE = """
            with bucket as materialized (
                select now,
                       greatest(full_at, now) as busy_until,
                       greatest(opens_full_at, now) as opens_busy_until,
                       greatest(looks_full_at, now) as looks_busy_until,
                       interval '1 second' / $1::float8 as one_call,
                       $1::float8 / 2 ^ %s as pace
                  from (select *, clock_timestamp() as now from vendor_budget where only_row for update) locked
            ), granting as materialized (
                select *,
                       greatest(0, least($2::int,
                           floor($1::float8 * (1 + %s - extract(epoch from busy_until - now)::float8)),
                           %s))::int as granted
                  from bucket
            ), taken as (
                update vendor_budget
                   set full_at = busy_until + granted * one_call%s
                  from granting
                 where only_row and granted > 0
            )
            select granted,
                   extract(epoch from busy_until + one_call - now)::float8 - 1 as first_in,
                   (%s)::float8 as other_first_in
              from granting
            """;

    /** An open costs two calls: its init, and one final poll later on. At least one open is in a full bucket. */
    private static final String OPENS_LEFT = """
            floor((greatest(1, 2 / $1::float8) + %s - extract(epoch from opens_busy_until - now)::float8) * $1::float8 / 2)
            """;

    private static final String OPENS_TAKEN = ", opens_full_at = opens_busy_until + 2 * granted * one_call";

    private static final String OPENS_FIRST_IN = """
            extract(epoch from opens_busy_until + 2 * one_call - now)::float8 - greatest(1, 2 / $1::float8)
            """;

    private static final String POLLS_LEFT =
            "floor(greatest(pace, 1) - pace * extract(epoch from looks_busy_until - now)::float8)";

    private static final String POLLS_TAKEN =
            ", looks_full_at = looks_busy_until + granted * interval '1 second' / pace";

    private static final String NO_OTHER_BOUND = "$2::int";
    private static final String NO_OTHER_WAIT = "'-infinity'";

    private static final String GIVE_BACK = """
            update vendor_budget
               set full_at = full_at - $2::int * interval '1 second' / $1::float8%s
             where only_row
            """;

    /** Empty at first: what was taken before a crash of the database is not known any more. */
    static final String MAKE_ROW = """
            insert into vendor_budget (full_at, opens_full_at, looks_full_at, slow_level, slowed_at)
            values (clock_timestamp() + interval '1 second', clock_timestamp() + interval '1 second', to_timestamp(0), 0,
                    to_timestamp(0))
            on conflict do nothing
            """;

    static final String SLOW_DOWN =
            """
            update vendor_budget
               set slow_level = least(%1$d, %2$s + 1),
                   slowed_at = clock_timestamp()
             where only_row and slowed_at <= clock_timestamp() - %3$d * interval '1 second'
            """.formatted(HIGHEST_SLOW_LEVEL, level("clock_timestamp()"), SECONDS_BETWEEN_SLOW_DOWNS);

    private VendorBudgetSql() {}

    static String take(Purpose purpose) {
        String ahead = String.valueOf(purpose.ahead().toMillis() / 1000.0);
        return switch (purpose) {
            case CHECK, FINAL_POLL -> take(ahead, NO_OTHER_BOUND, "", NO_OTHER_WAIT);
            case POLL -> take(ahead, POLLS_LEFT, POLLS_TAKEN, NO_OTHER_WAIT);
            case INIT -> take(ahead, OPENS_LEFT.formatted(ahead), OPENS_TAKEN, OPENS_FIRST_IN);
        };
    }

    private static String take(String ahead, String otherBound, String otherColumns, String otherWait) {
        return TAKE.formatted(level("now"), ahead, otherBound, otherColumns, otherWait);
    }

    /** $2 is what is given back. The bucket is never more than full: a moment in the past counts as now. */
    static String giveBack(Purpose purpose) {
        return GIVE_BACK.formatted(
                switch (purpose) {
                    case CHECK, FINAL_POLL -> "";
                    case POLL ->
                        ", looks_full_at = looks_full_at - $2::int * interval '1 second' * 2 ^ %s / $1::float8"
                                .formatted(level("clock_timestamp()"));
                    case INIT -> ", opens_full_at = opens_full_at - 2 * $2::int * interval '1 second' / $1::float8";
                });
    }

    /** The level that is left of the stored one after the time without a signal. */
    private static String level(String now) {
        return "greatest(0, slow_level - floor(extract(epoch from %s - slowed_at) / %d))::int"
                .formatted(now, SECONDS_TO_SPEED_UP);
    }
}

package io.liveness.gateway.process.killed;

import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;

/** Fees of past months: copies of two sessions that a gateway has settled, with their ledger entries and events. */
final class PastFees {

    private static final int EVERY_COMES_BACK = 9;
    private static final int SECONDS_BETWEEN = 1_000;

    private static final String SESSIONS = """
            insert into liveness_session
            select copy.*
            from generate_series(1, %2$d) n
            join liveness_session s on s.idempotency_key = case when n %% %3$d = 0 then 'refunded' else 'charged' end
            cross join lateral (select timestamptz '%4$s' + n * interval '%5$d seconds' as at) moment
            cross join lateral jsonb_populate_record(s, jsonb_build_object('id', md5('%1$s-' || n)::uuid, 'idempotency_key', '%1$s-' || n,
                'task_no', 'task-%1$s-' || n, 'token_hash', null, 'init_at', at, 'charge_settled_at', at + interval '40 seconds',
                'created_at', at, 'updated_at', at)) copy
            """;
    private static final String ENDS = """
            insert into session_end (caller, status, session_id)
            select caller, status, id from liveness_session where idempotency_key like '%1$s-%%'
            """;

    private static final String ENTRIES = """
            insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, caller, cost_centre, init_at)
            select copy.id, e.kind, copy.task_no, e.basis, e.amount, e.currency,
                case e.kind when 'PRE_DEDUCT' then copy.init_at else copy.charge_settled_at end, copy.caller, copy.cost_centre, copy.init_at
            from liveness_session copy
            join liveness_session model on model.idempotency_key in ('charged', 'refunded') and model.charge_status = copy.charge_status
            join ledger_entry e on e.session_id = model.id and %2$s
            where copy.idempotency_key like '%1$s-%%'
            """;
    private static final String EVENTS = """
            insert into session_event (id, session_id, type, at, detail)
            select gen_random_uuid(), copy.id, e.type, copy.init_at, e.detail
            from liveness_session copy
            join liveness_session model on model.idempotency_key in ('charged', 'refunded') and model.charge_status = copy.charge_status
            join session_event e on e.session_id = model.id
            where copy.idempotency_key like '%1$s-%%'
            order by copy.id, e.seq
            """;

    private final TestDatabase database;

    PastFees(Surroundings around, String gateway) {
        this.database = around.database();
        settled(around, gateway, "charged", "pass");
        settled(around, gateway, "refunded", "fail");
    }

    private static void settled(Surroundings around, String gateway, String key, String scenario) {
        String id = around.callers().open(gateway, key, scenario).id();
        around.callers().checkLater(gateway, id).join();
    }

    void add(YearMonth month, int count) {
        database.execute(SESSIONS.formatted(month, count, EVERY_COMES_BACK, at(month, 0), SECONDS_BETWEEN));
        database.execute(ENDS.formatted(month));
        database.execute(ENTRIES.formatted(month, "e.kind = 'PRE_DEDUCT'"));
        database.execute(ENTRIES.formatted(month, "e.kind <> 'PRE_DEDUCT'"));
        database.execute(EVENTS.formatted(month));
    }

    static boolean isCharged(int n) {
        return n % EVERY_COMES_BACK != 0;
    }

    static String taskNo(YearMonth month, int n) {
        return "task-" + month + "-" + n;
    }

    /** Some time after the begin of the month. */
    static Instant at(YearMonth month, int n) {
        return month.atDay(1)
                .atStartOfDay(Bill.ZONE)
                .toInstant()
                .plus(Duration.ofHours(1))
                .plusSeconds((long) n * SECONDS_BETWEEN);
    }
}

package io.liveness.gateway.finance;

import io.liveness.gateway.testsupport.Stored;
import java.sql.SQLException;
import java.time.Instant;

/** Made-up fees of one caller with a long name, one a second from 2019-01-01 on, so that a file is larger than what a socket holds. */
final class ChargeHistory {

    static final int FEES = 20_000;
    static final String CALLER = "exporter-" + "x".repeat(200);
    /** A time after all fees, and before what other tests write. */
    static final Instant LATER = Instant.parse("2019-06-01T00:00:00Z");

    private static final String SESSIONS = """
            insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url, action_style,
                actions, action_mutex, anti_camera_hack, reference, task_no, fee_amount, fee_currency, attempt, init_at,
                charge_settled_at, verdict_code, created_at, updated_at)
            select (lpad(to_hex(1546300800000 + n * 1000), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
                '%s', 'e' || n, '', 'PASSED', 'CHARGED', 'wx.history', 'SILENT', '', true, true, lpad(n::text, 64, '0'),
                'task-' || n, 800000, 'CNY', 1, at, at + interval '1 hour', 200, at, at
            from generate_series(1, %d) n, lateral (select timestamptz '2019-01-01Z' + n * interval '1 second' as at) a
            """.formatted(CALLER, FEES);
    private static final String LEDGER = """
            insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, caller, cost_centre, init_at)
            select id, case when nth = 1 then 'PRE_DEDUCT' else 'CHARGE' end, task_no, 'RULE', 800000, 'CNY',
                case when nth = 1 then init_at else charge_settled_at end, caller, cost_centre, init_at
            from liveness_session, (values (?::int)) entry (nth)
            where caller = '%s' order by init_at
            """.formatted(CALLER);

    private ChargeHistory() {}

    static void write(Stored stored) throws SQLException {
        stored.execute(SESSIONS);
        stored.execute(LEDGER, 1);
        // The database looks for the pre-deduction of each end.
        stored.execute("analyze ledger_entry");
        stored.execute(LEDGER, 2);
    }

    static void remove(Stored stored) throws SQLException {
        stored.removeBefore(LATER);
    }
}

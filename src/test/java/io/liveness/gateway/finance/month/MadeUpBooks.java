package io.liveness.gateway.finance.month;

import io.liveness.gateway.testsupport.Stored;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;

/** Sessions and ledger rows of years long ago, which no other test has. */
final class MadeUpBooks {

    /** A time before the rows of any other test that are left. */
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    private final Stored stored;

    MadeUpBooks(Stored stored) {
        this.stored = stored;
    }

    /** How a session and its fee stand: status, charge status, verdict. */
    enum End {
        PASSED("PASSED", "CHARGED", 200),
        NOT_PASSED("NOT_PASSED", "CHARGED", 202),
        FAILED("FAILED", "REFUNDED", 203),
        EXPIRED_UNHEARD("EXPIRED", "REFUNDED", null),
        LOST_AND_BACK("UNKNOWN", "REFUNDED", null),
        LOST("UNKNOWN", "UNCONFIRMED", null),
        PENDING("PENDING", "PRE_DEDUCTED", null),
        PENDING_FREE("PENDING", "NONE", null),
        OPENING("OPENING", "NONE", null),
        REJECTED("REJECTED", "NONE", null);

        private static final Map<String, String> LAST = Map.of("CHARGED", "CHARGE", "REFUNDED", "REFUND");

        private final String status;
        private final String charge;
        private final Integer verdict;

        End(String status, String charge, Integer verdict) {
            this.status = status;
            this.charge = charge;
            this.verdict = verdict;
        }

        boolean hasFee() {
            return !charge.equals("NONE");
        }

        boolean hasEnded() {
            return LAST.containsKey(charge);
        }

        private String basis() {
            return verdict == null ? "PRESUMED" : "RULE";
        }
    }

    UUID fee(Instant at, End end) throws SQLException {
        return fee(at, end, 800_000, "CNY", "shop", null);
    }

    UUID fee(Instant at, End end, long amount, String currency, String caller, String costCentre) throws SQLException {
        UUID id = UUID.randomUUID();
        fee(id, at, end, amount, currency, caller, costCentre);
        return id;
    }

    void fee(UUID id, Instant at, End end, long amount, String currency, String caller, String costCentre)
            throws SQLException {
        stored.execute(
                """
                insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url,
                    action_style, actions, action_mutex, anti_camera_hack, cost_centre, task_no, fee_amount, fee_currency, attempt,
                    init_at, verdict_code, charge_settled_at, created_at, updated_at)
                values (?, ?, ?, '', ?, ?, 'wx.history', 'SILENT', '', true, true, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)
                """,
                id,
                caller,
                id.toString(),
                end.status,
                end.charge,
                costCentre,
                end.hasFee() ? "T" + id.toString().substring(0, 8) : null,
                end.hasFee() ? amount : null,
                end.hasFee() ? currency : null,
                time(at),
                end.verdict,
                end.hasEnded() ? time(at.plusSeconds(60)) : null,
                time(at),
                time(at));
        stored.scheduleOpenBefore(LONG_AGO);
        if (end.hasFee()) {
            entry(
                    id,
                    "PRE_DEDUCT",
                    end == End.LOST || end == End.LOST_AND_BACK ? "PRESUMED" : "RULE",
                    amount,
                    currency,
                    at.plusSeconds(1));
        }
        if (end.hasEnded()) {
            entry(id, End.LAST.get(end.charge), end.basis(), amount, currency, at.plusSeconds(60));
        }
    }

    /** Ends a fee that is open. */
    void end(UUID id, End end, Instant at) throws SQLException {
        stored.execute(
                "update liveness_session set status = ?, charge_status = ?, verdict_code = ?, charge_settled_at = ? where id = ?",
                end.status,
                end.charge,
                end.verdict,
                time(at),
                id);
        stored.execute("delete from session_schedule where session_id = ?", id);
        stored.execute("""
                insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at)
                select id, ?, task_no, ?, fee_amount, fee_currency, ? from liveness_session where id = ?
                """, End.LAST.get(end.charge), end.basis(), time(at), id);
    }

    void adjustment(UUID session, long amount, String currency, Instant at) throws SQLException {
        entry(session, "ADJUSTMENT", "VENDOR", amount, currency, at);
    }

    private void entry(UUID session, String kind, String basis, long amount, String currency, Instant at)
            throws SQLException {
        stored.execute("""
                insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, caller, cost_centre, init_at)
                select e.id, e.kind, s.task_no, e.basis, e.amount, e.currency, e.at, s.caller, s.cost_centre, s.init_at
                from (select ?::uuid as id, ?::text as kind, ?::text as basis, ?::bigint as amount, ?::text as currency,
                             ?::timestamptz as at) e
                left join liveness_session s on s.id = e.id
                """, session, kind, basis, amount, currency, time(at));
    }

    /** Stores charged fees, ten at each moment, from a moment on. */
    void many(int fees, Instant from) throws SQLException {
        stored.execute("""
                insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url,
                    action_style, actions, action_mutex, anti_camera_hack, task_no, fee_amount, fee_currency, attempt,
                    init_at, verdict_code, charge_settled_at, created_at, updated_at)
                select gen_random_uuid(), 'shop', 'many-' || n, '', 'PASSED', 'CHARGED', 'wx.history', 'SILENT', '', true, true, 'T' || n,
                    800000, 'CNY', 1, at, 200, at, at, at
                from generate_series(1, ?) n, lateral (select ?::timestamptz + n / 10 * interval '1 second' as at) moment
                """, fees, time(from));
        for (String kind : new String[] {"PRE_DEDUCT", "CHARGE"}) {
            stored.execute("""
                    insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, caller, init_at)
                    select id, ?, task_no, 'RULE', 800000, 'CNY', init_at, caller, init_at
                    from liveness_session where idempotency_key like 'many-%'
                    """, kind);
            // The database looks for the pre-deduction of each end.
            stored.execute("analyze ledger_entry");
        }
    }

    /** Removes them, what was closed, and the keys. */
    void remove() throws SQLException {
        stored.removeBefore(LONG_AGO);
        stored.unguarded("delete from ledger_entry where kind = 'ADJUSTMENT' and of_month is not null");
        stored.reopen("%");
        stored.execute("delete from finance_request");
    }

    static OffsetDateTime time(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}

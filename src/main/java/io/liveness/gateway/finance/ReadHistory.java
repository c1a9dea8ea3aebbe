package io.liveness.gateway.finance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.books.AmountView;
import io.liveness.gateway.books.LedgerBasis;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.postgres.Where;
import io.liveness.gateway.platform.problem.ProblemException;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads the movements of a session's fee and the session's events, both oldest first. */
@Singleton
class ReadHistory {

    /** The kinds apart, since each has its index, and the last corrections only. A counter-entry has the other sign. */
    private static final String LEDGER = """
            with e as (
                select * from ledger where session_id = ? and kind = 'PRE_DEDUCT'
                union all
                select * from ledger where session_id = ? and kind in ('CHARGE', 'REFUND')
                union all
                (select * from ledger where session_id = ? and kind not in ('PRE_DEDUCT', 'CHARGE', 'REFUND')
                 order by id desc limit 500)
            )
            select e.kind, e.basis, e.amount, e.currency, e.task_no, e.recorded_at, e.of_month,
                   case when e.amount = a.amount then a.reason else a.undone_reason end as reason,
                   case when e.amount = a.amount then a.accepted_by else a.undone_by end as by
            from e left join bill_acceptance a on a.id = e.acceptance_id and ?::boolean
            order by case e.kind when 'PRE_DEDUCT' then 1 when 'ADJUSTMENT' then 3 else 2 end, e.id
            """;

    /** A session that is polled for hours has some dozens; the last ones show the end of its fee. */
    private static final String EVENTS = """
            select type, at, (detail ->> 'code')::integer as code, detail ->> 'taskNo' as task_no, detail ->> 'status' as status,
                   detail ->> 'charge' as charge, (detail ->> 'billed')::boolean as billed
            from (select * from event_log where session_id = ? order by seq desc limit 500) last
            order by seq
            """;

    /** The history of a fee in the API. */
    record History(List<LedgerEntryView> ledger, List<FeeEventView> events) {}

    /** A row of the ledger. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LedgerEntryView(
            String kind,
            LedgerBasis basis,
            AmountView amount,
            String taskNo,
            Instant recordedAt,
            String ofMonth,
            String reason,
            String by) {}

    /** An event of a session, as far as it is about its fee. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FeeEventView(
            String type, Instant at, Integer code, String taskNo, String status, String charge, Boolean billed) {}

    private final Batch batch;

    ReadHistory(Batch batch) {
        this.batch = batch;
    }

    /**
     * Fails when the session has no fee, or does not exist.
     *
     * @param caller the owner of the session; empty for any caller
     * @param seesAll includes why finance corrected it
     */
    History of(UUID session, Optional<String> caller, boolean seesAll) {
        return batch.read(Batch.OF_A_REQUEST, connection -> {
            Where fee = new Where().and("session_id = ?", session).and("caller = ?", caller);
            if (Sql.first(connection, "select 1 from fee " + fee, row -> true, fee)
                    .isEmpty()) {
                throw ProblemException.notFound();
            }
            return new History(
                    Sql.list(connection, LEDGER, ReadHistory::entry, session, session, session, seesAll),
                    Sql.list(connection, EVENTS, ReadHistory::event, session));
        });
    }

    private static LedgerEntryView entry(ResultSet row) throws SQLException {
        return new LedgerEntryView(
                row.getString("kind"),
                LedgerBasis.valueOf(row.getString("basis")),
                AmountView.of(row, "amount", "currency"),
                row.getString("task_no"),
                Sql.time(row, "recorded_at"),
                row.getString("of_month"),
                row.getString("reason"),
                row.getString("by"));
    }

    private static FeeEventView event(ResultSet row) throws SQLException {
        return new FeeEventView(
                row.getString("type"),
                Sql.time(row, "at"),
                row.getObject("code", Integer.class),
                row.getString("task_no"),
                row.getString("status"),
                row.getString("charge"),
                row.getObject("billed", Boolean.class));
    }
}

package io.liveness.gateway.finance.history;

import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.LedgerBasis;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.finance.history.HistoryView.FeeEventView;
import io.liveness.gateway.finance.history.HistoryView.LedgerEntryView;
import io.liveness.gateway.finance.history.HistoryView.Movement;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Reads the movements of a session's fee and the session's events. */
@Singleton
class ReadHistory {

    private static final String FEE = """
            select 1 from liveness_session
            where id = $1 and fee_amount is not null and ($2::text is null or caller = $2)""";

    /** The kinds apart, since each has its index. A session has one row of each of the first two at most. */
    private static final String LEDGER = """
            select kind, basis, amount, currency, task_no, recorded_at, null as of_month, null as reason, null as by
            from ledger_entry where session_id = $1 and kind = 'PRE_DEDUCT'
            union all
            select kind, basis, amount, currency, task_no, recorded_at, null, null, null
            from ledger_entry where session_id = $1 and kind in ('CHARGE', 'REFUND')""";

    /** Newest first. A counter-entry has the other sign. The condition is word for word that of the index adjustment_by_session. */
    private static final String ADJUSTMENTS = """
            select e.kind, e.basis, e.amount, e.currency, e.task_no, e.recorded_at, e.of_month,
                   case when e.amount = a.amount then a.reason else a.undone_reason end,
                   case when e.amount = a.amount then a.accepted_by else a.undone_by end
            from (
                select * from ledger_entry where session_id = $1 and kind not in ('PRE_DEDUCT', 'CHARGE', 'REFUND')
                order by session_id, id desc limit 500) e
            left join lateral (
                select * from statement_acceptance where id = e.acceptance_id and $2::boolean limit 1) a on true
            order by e.id desc""";

    /** A session that is polled for hours has some dozens; the last ones show the end of its fee. */
    private static final int MOST_EVENTS = 500;

    private static final String EVENTS = """
            select type, at, (detail ->> 'code')::integer, detail ->> 'taskNo', detail ->> 'status', detail ->> 'charge',
                   (detail ->> 'billed')::boolean
            from session_event where session_id = $1 order by seq desc limit %d""".formatted(MOST_EVENTS);

    private final Database database;

    ReadHistory(Database database) {
        this.database = database;
    }

    /**
     * Fails when the session has no fee, or does not exist.
     *
     * @param caller the owner of the session; empty for any caller
     * @param seesAll includes why finance corrected it
     */
    Uni<HistoryView> of(UUID session, Optional<String> caller, boolean seesAll) {
        return database.read(FEE, Tuple.of(session, caller.orElse(null)))
                .invoke(rows -> {
                    if (rows.size() == 0) {
                        throw ProblemException.notFound();
                    }
                })
                .chain(() -> database.read(LEDGER, Tuple.of(session)))
                .map(ReadHistory::entries)
                .call(ledger -> database.read(ADJUSTMENTS, Tuple.of(session, seesAll))
                        .invoke(newestFirst -> ledger.addAll(reversed(entries(newestFirst)))))
                .chain(ledger -> database.read(EVENTS, Tuple.of(session))
                        .map(events -> new HistoryView(ledger, events(events))));
    }

    private static List<LedgerEntryView> entries(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(ReadHistory::entry)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static <T> List<T> reversed(List<T> list) {
        Collections.reverse(list);
        return list;
    }

    private static LedgerEntryView entry(Row row) {
        int at = 0;
        return new LedgerEntryView(
                Movement.valueOf(row.getString(at++)),
                LedgerBasis.valueOf(row.getString(at++)),
                AmountView.of(new Money(row.getLong(at++), row.getString(at++))),
                row.getString(at++),
                row.getOffsetDateTime(at++).toInstant(),
                row.getString(at++),
                row.getString(at++),
                row.getString(at));
    }

    private static List<FeeEventView> events(RowSet<Row> newestFirst) {
        return reversed(StreamSupport.stream(newestFirst.spliterator(), false)
                .map(ReadHistory::event)
                .collect(Collectors.toCollection(ArrayList::new)));
    }

    private static FeeEventView event(Row row) {
        int at = 0;
        return new FeeEventView(
                row.getString(at++),
                row.getOffsetDateTime(at++).toInstant(),
                row.getInteger(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getBoolean(at));
    }
}

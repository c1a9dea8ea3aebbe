package io.liveness.gateway.statement.adjustment;

import io.liveness.gateway.finance.Month;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads adjustments, newest first. */
@Singleton
class ListAdjustments {

    /** The counter-entry of an acceptance has its amount with the other sign. */
    private static final String FITTING = """
            select e.id, e.recorded_at, e.units, e.currency, coalesce(e.counted_at, e.recorded_at) as counted_at, e.of_month, e.session_id,
                   s.caller, e.task_no,
                   a.statement_id, a.difference_id, a.kind, coalesce(e.units = -a.amount, false) as revokes,
                   case when e.units = -a.amount then a.undone_reason else a.reason end as reason,
                   case when e.units = -a.amount then a.undone_by else a.accepted_by end as by,
                   case when e.units = -a.amount then null else a.confirmed_by end as confirmed_by
            from (select ?::timestamptz as from_at, ?::timestamptz as to_at, ?::text as of_month, ?::timestamptz as month_from, ?::timestamptz as month_to,
                         ?::uuid as statement, ?::uuid as session,
                         ?::text as caller, ?::text as kind, ?::bigint as after) f
            join (select *, amount * 10000 + fraction as units from ledger_entry) e on e.kind = 'ADJUSTMENT'
            left join statement_acceptance a on a.id = e.acceptance_id
            left join liveness_session s on s.id = e.session_id
            where (f.from_at is null or e.recorded_at >= f.from_at) and (f.to_at is null or e.recorded_at < f.to_at)
              and (f.of_month is null or e.of_month = f.of_month or e.of_month is null
                   and coalesce(e.counted_at, e.recorded_at) >= f.month_from and coalesce(e.counted_at, e.recorded_at) < f.month_to)
              and (f.statement is null or a.statement_id = f.statement)
              and (f.session is null or e.session_id = f.session) and (f.caller is null or s.caller = f.caller)
              and (f.kind is null or a.kind = f.kind)
              and (f.after is null
                   or (e.recorded_at, e.id) < ((select p.recorded_at from ledger_entry p where p.id = f.after), f.after))
            order by e.recorded_at desc, e.id desc
            """;

    private final Batch batch;

    ListAdjustments(Batch batch) {
        this.batch = batch;
    }

    /** Some of them, from the one after {@code after} on. */
    List<AdjustmentView> page(AdjustmentFilter filter, Optional<UUID> after, int rows) {
        return batch.read(connection ->
                Sql.list(connection, FITTING + "limit " + rows, AdjustmentView::of, parameters(filter, after)));
    }

    /** Reads all that the filter fits. */
    static PreparedStatement all(Connection connection, AdjustmentFilter filter) throws SQLException {
        return Sql.prepare(connection, FITTING, parameters(filter, Optional.empty()));
    }

    private static Object[] parameters(AdjustmentFilter filter, Optional<UUID> after) {
        return new Object[] {
            filter.from(),
            filter.to(),
            filter.ofMonth().map(month -> month.name().toString()),
            filter.ofMonth().map(Month::from),
            filter.ofMonth().map(Month::to),
            filter.statement(),
            filter.session(),
            filter.caller(),
            filter.kind(),
            after.map(UUID::getLeastSignificantBits)
        };
    }
}

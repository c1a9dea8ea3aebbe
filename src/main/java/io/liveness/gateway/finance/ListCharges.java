package io.liveness.gateway.finance;

import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageToken;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Lists charges, newest first: by the time of the pre-deduction, or by that of the end when the filter bounds it. See
 * {@code docs/decisions/0011-lists-by-position-in-one-index.md}.
 */
@Singleton
class ListCharges {

    /** As many rows of an index are read for a page, whether the other filters fit them or not. */
    static final int MOST_READ = 2_000;

    /** A null in {@code f} selects all. {@code moved_at} is the time by which they are listed. */
    private static final String READ = """
            select c.*, (f.status is null or c.charge_status = f.status) and (f.basis is null or c.basis = f.basis)
                        and (f.cost_centre is null or c.cost_centre = f.cost_centre)
                        and (f.opened_from is null or c.init_at >= f.opened_from)
                        and (f.opened_to is null or c.init_at < f.opened_to) as listed
            from (select ?::text as caller, ?::text as cost_centre, ?::text as status, ?::text as basis, ?::uuid as session,
                         ?::text as task_no, ?::timestamptz as from_at, ?::timestamptz as to_at, ?::timestamptz as opened_from,
                         ?::timestamptz as opened_to, ?::boolean as open, ?::boolean as presumed, ?::uuid as after) f
            cross join lateral (
                select s.id, s.caller, s.task_no, s.charge_status, s.fee_amount, s.fee_currency, s.init_at,
                       s.charge_settled_at, s.reference, s.cost_centre,
                       case when s.charge_status in ('CHARGED', 'REFUNDED')
                            then (select e.basis from ledger_entry e where e.session_id = s.id and e.kind in ('CHARGE', 'REFUND'))
                            else (select e.basis from ledger_entry e where e.session_id = s.id and e.kind = 'PRE_DEDUCT') end as basis
                from liveness_session s
                where s.fee_amount is not null
                  and (f.caller is null or s.caller = f.caller)
                  and (f.cost_centre is null or f.caller is not null or s.cost_centre = f.cost_centre)
                  and (f.session is null or s.id = f.session)
                  and (f.task_no is null or s.task_no = f.task_no and s.id = any (array(
                       select e.session_id from ledger_entry e where e.kind = 'PRE_DEDUCT' and e.task_no = f.task_no)))
                  and (not f.open or s.id = any (array(select unended_sessions())))
                  and (not f.presumed or s.verdict_code is null and s.status in ('UNKNOWN', 'EXPIRED'))
                  and (f.from_at is null or s.moved_at >= f.from_at)
                  and (f.to_at is null or s.moved_at < f.to_at)
                  and (f.after is null or (s.moved_at, s.id) < (coalesce((
                       select p.moved_at from liveness_session p where p.id = f.after and (f.caller is null or p.caller = f.caller)),
                       'infinity'), f.after))
                order by s.moved_at desc, s.id desc
                limit ?) c
            """;

    private static final String BY_OPENING = READ.replace("moved_at", "init_at");
    private static final String BY_END = READ.replace("moved_at", "charge_settled_at");

    private static final String WHOLE = """
            select id, caller, task_no, charge_status, basis, fee_amount, fee_currency, init_at, charge_settled_at, reference, cost_centre
            from (%s) c where listed
            """;

    private final Batch batch;

    ListCharges(Batch batch) {
        this.batch = batch;
    }

    /** @param after the session that the page before ended with */
    Page<ChargeView> page(ChargeFilter filter, Optional<UUID> after, int size) {
        return batch.read(Batch.OF_A_REQUEST, connection -> {
            try (PreparedStatement read = page(connection, filter, after)) {
                // One row more than the page has shows whether another page follows. Most pages read no further.
                read.setFetchSize(size + 1);
                try (ResultSet rows = read.executeQuery()) {
                    return page(rows, filter, size);
                }
            }
        });
    }

    private static Page<ChargeView> page(ResultSet rows, ChargeFilter filter, int size) throws SQLException {
        List<ChargeView> listed = new ArrayList<>();
        UUID last = null;
        int read = 0;
        boolean more = false;
        while (!more && rows.next()) {
            boolean isListed = rows.getBoolean("listed");
            more = isListed && listed.size() == size;
            if (!more) {
                if (isListed) {
                    listed.add(ChargeView.of(rows));
                }
                last = rows.getObject("id", UUID.class);
                read++;
            }
        }
        String next = more || read == MOST_READ ? new PageToken(last).encode(List.of(filter.text())) : null;
        return new Page<>(listed, next);
    }

    static PreparedStatement page(Connection connection, ChargeFilter filter, Optional<UUID> after)
            throws SQLException {
        return Sql.prepare(connection, read(filter), parameters(filter, after, Optional.of(MOST_READ)));
    }

    /** The query for all charges that the filter fits, in their order. */
    static String whole(Connection connection, ChargeFilter filter) throws SQLException {
        return Sql.withLiterals(
                connection, WHOLE.formatted(read(filter)), parameters(filter, Optional.empty(), Optional.empty()));
    }

    private static String read(ChargeFilter filter) {
        return filter.ended().isBounded() ? BY_END : BY_OPENING;
    }

    private static Object[] parameters(ChargeFilter filter, Optional<UUID> after, Optional<Integer> limit) {
        ChargeFilter.Span span = filter.ended().isBounded() ? filter.ended() : filter.opened();
        return new Object[] {
            filter.caller(),
            filter.costCentre(),
            filter.status(),
            filter.basis(),
            filter.session(),
            filter.taskNo(),
            span.from(),
            span.to(),
            filter.opened().from(),
            filter.opened().to(),
            filter.isOpen(),
            filter.isPresumed(),
            after,
            limit
        };
    }
}

package io.liveness.gateway.bill.work;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.bill.match.MatchKind;
import io.liveness.gateway.books.AmountColumn;
import io.liveness.gateway.books.AmountView;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.Month;
import io.liveness.gateway.books.Prices;
import io.liveness.gateway.books.audit.PageOrFile;
import io.liveness.gateway.platform.file.Cells;
import io.liveness.gateway.platform.file.FileType;
import io.liveness.gateway.platform.file.Row;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.postgres.Where;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Person;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Adjustments over HTTP, newest first: by pages, or all as a file. */
@Path("/v1/adjustments")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
class AdjustmentResource {

    /**
     * The counter-entry of an acceptance has its amount with the other sign. A month that is stored has the bounds that it had then. The
     * columns are those of a file.
     */
    private static final String FITTING = """
            select e.recorded_at, e.amount, e.currency, coalesce(e.counted_at, e.recorded_at) as counted_at, e.of_month,
                   coalesce(e.amount = -a.amount, false)::text as revokes, a.kind, e.session_id, s.caller, e.task_no, a.statement_id,
                   a.difference_id,
                   case when e.amount = -a.amount then a.undone_reason else a.reason end as reason,
                   case when e.amount = -a.amount then a.undone_by else a.accepted_by end as by,
                   p.person ->> 'issuer' as by_issuer, p.person ->> 'subject' as by_subject, p.person ->> 'name' as by_name,
                   case when e.amount = -a.amount then null else a.confirmed_by end as confirmed_by,
                   p.confirmed ->> 'issuer' as confirmed_issuer, p.confirmed ->> 'subject' as confirmed_subject,
                   p.confirmed ->> 'name' as confirmed_name, e.id, p.person, p.confirmed
            from ledger e
            left join statement_acceptance a on a.id = e.acceptance_id
            left join session_outcome s on s.session_id = e.session_id
            cross join lateral (
                select case when e.amount = -a.amount then a.undone_person else a.accepted_person end as person,
                       case when e.amount = -a.amount then null else a.confirmed_person end as confirmed) p
            %s
            order by e.recorded_at desc, e.id desc
            """;

    private static final String OF_MONTH = """
            (e.of_month = ? or e.of_month is null
                and coalesce(e.counted_at, e.recorded_at)
                    >= coalesce((select from_at from stored_month where month = ?), (select to_at from stored_month where month = ?), ?)
                and coalesce(e.counted_at, e.recorded_at) < coalesce((select to_at from stored_month where month = ?), ?))""";

    /**
     * A filter of adjustments; a listed one fits all of it.
     *
     * @param from when they were recorded, at the earliest
     * @param to before which they were recorded
     * @param ofMonth that they correct
     */
    record AdjustmentFilter(
            Optional<Instant> from,
            Optional<Instant> to,
            Optional<Month> ofMonth,
            Optional<UUID> statement,
            Optional<UUID> session,
            Optional<String> caller,
            Optional<MatchKind> kind) {

        private static final int CALLER = 256;

        /** The query of the list, as it was sent. */
        static class AdjustmentQuery extends PageOrFile.FileQuery {

            @QueryParam("from")
            String from;

            @QueryParam("to")
            String to;

            @QueryParam("ofMonth")
            String ofMonth;

            @QueryParam("statement")
            String statement;

            @QueryParam("sessionId")
            String sessionId;

            @QueryParam("caller")
            String caller;

            @QueryParam("kind")
            String kind;

            AdjustmentFilter filter(ZoneId months) {
                return new AdjustmentFilter(
                        Optional.ofNullable(from).map(given -> Parameters.time("from", given)),
                        Optional.ofNullable(to).map(given -> Parameters.time("to", given)),
                        Optional.ofNullable(ofMonth).map(given -> Month.of(Parameters.month("ofMonth", given), months)),
                        Optional.ofNullable(statement).map(given -> Parameters.uuid("statement", given)),
                        Optional.ofNullable(sessionId).map(given -> Parameters.uuid("sessionId", given)),
                        Optional.ofNullable(caller).map(given -> Parameters.text("caller", given, 1, CALLER)),
                        Optional.ofNullable(kind).map(given -> Parameters.choice("kind", MatchKind.class, given)));
            }
        }

        /** The filter in the words of the API: what it holds of parameters, by their names. */
        Map<String, String> text() {
            return new PageOrFile.GivenFilters()
                    .with("from", from)
                    .with("to", to)
                    .with("ofMonth", ofMonth.map(Month::name))
                    .with("statement", statement)
                    .with("sessionId", session)
                    .with("caller", caller)
                    .with("kind", kind)
                    .texts();
        }
    }

    private final Batch batch;
    private final PageOrFile answers;
    private final Prices prices;

    AdjustmentResource(Batch batch, PageOrFile answers, Prices prices) {
        this.batch = batch;
        this.answers = answers;
        this.prices = prices;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, FileType.TEXT_CSV, FileType.SPREADSHEET})
    public Response list(
            @BeanParam AdjustmentFilter.AdjustmentQuery query,
            @Context Request accepted,
            @Context RoutingContext request) {
        AdjustmentFilter filter = query.filter(prices.zone());
        return answers.answer(
                query, filter.text(), () -> page(query, filter), order -> new AsFile(filter, order), accepted, request);
    }

    private Page<AdjustmentView> page(AdjustmentFilter.AdjustmentQuery query, AdjustmentFilter filter) {
        return query.page(
                List.of("adjustments", filter.text()), (after, rows) -> page(filter, after, rows), AdjustmentView::id);
    }

    /** Some of them, from the one after {@code after} on. */
    private List<AdjustmentView> page(AdjustmentFilter filter, Optional<UUID> after, int rows) {
        Where where = where(filter, after);
        return batch.read(
                Batch.OF_A_REQUEST,
                connection ->
                        Sql.list(connection, FITTING.formatted(where) + "limit ?", AdjustmentView::of, where, rows));
    }

    private static Where where(AdjustmentFilter filter, Optional<UUID> after) {
        Where where = new Where()
                .and("e.kind = 'ADJUSTMENT'")
                .and("e.recorded_at >= ?", filter.from())
                .and("e.recorded_at < ?", filter.to())
                .and("a.statement_id = ?", filter.statement())
                .and("e.session_id = ?", filter.session())
                .and("s.caller = ?", filter.caller())
                .and("a.kind = ?", filter.kind())
                .and(
                        "(e.recorded_at, e.id) < ((select last.recorded_at from ledger last where last.id = ?), ?)",
                        after.map(UUID::getLeastSignificantBits));
        filter.ofMonth().ifPresent(month -> {
            String name = month.name().toString();
            String before = month.name().minusMonths(1).toString();
            where.and(OF_MONTH, name, name, before, month.from(), name, month.to());
        });
        return where;
    }

    /** An adjustment as the API tells it. */
    @RegisterForReflection(registerFullHierarchy = true) // no operation has it as its type
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AdjustmentView(
            UUID id,
            Instant at,
            AmountView amount,
            Instant countedAt,
            String ofMonth,
            boolean revokes,
            UUID statementId,
            UUID differenceId,
            MatchKind kind,
            UUID sessionId,
            String caller,
            String taskNo,
            String reason,
            String by,
            Person byPerson,
            String confirmedBy,
            Person confirmedByPerson) {

        /** Reads a row of {@link #FITTING}. */
        static AdjustmentView of(ResultSet row) throws SQLException {
            String kind = row.getString("kind");
            return new AdjustmentView(
                    new UUID(0, row.getLong("id")),
                    Sql.time(row, "recorded_at"),
                    AmountView.of(row, "amount", "currency"),
                    Sql.time(row, "counted_at"),
                    row.getString("of_month"),
                    row.getBoolean("revokes"),
                    row.getObject("statement_id", UUID.class),
                    row.getObject("difference_id", UUID.class),
                    kind == null ? null : MatchKind.valueOf(kind),
                    row.getObject("session_id", UUID.class),
                    row.getString("caller"),
                    row.getString("task_no"),
                    row.getString("reason"),
                    row.getString("by"),
                    Person.of(row.getString("person")).orElse(null),
                    row.getString("confirmed_by"),
                    Person.of(row.getString("confirmed")).orElse(null));
        }
    }

    /** Adjustments as a file, one row each, and their sums by currency. */
    static final class AsFile extends PageOrFile.Listing {

        private static final int UNITS = 1;
        private static final int CURRENCY = 2;
        private static final List<Column> COLUMNS = List.of(
                new Column("at", 20, TIME),
                new Column("amount", 12, new AmountColumn(CURRENCY)),
                new Column("currency", 10),
                new Column("countedAt", 20, TIME),
                new Column("ofMonth", 10),
                new Column("revokes", 8),
                new Column("kind", 24),
                new Column("sessionId", 38),
                new Column("caller", 24),
                new Column("taskNo", 28),
                new Column("statementId", 38),
                new Column("differenceId", 38),
                new Column("reason", 48),
                new Column("by", 24),
                new Column("byIssuer", 36),
                new Column("bySubject", 38),
                new Column("byName", 24),
                new Column("confirmedBy", 24),
                new Column("confirmedByIssuer", 36),
                new Column("confirmedBySubject", 38),
                new Column("confirmedByName", 24));

        private final AdjustmentFilter filter;
        private final Map<String, Money> sums = new TreeMap<>();

        AsFile(AdjustmentFilter filter, PageOrFile.Order order) {
            super("adjustments", COLUMNS, order);
            this.filter = filter;
        }

        @Override
        public String rows(Connection connection) throws SQLException {
            Where where = where(filter, Optional.empty());
            return Sql.withLiterals(connection, FITTING.formatted(where), where);
        }

        @Override
        public void write(Row row, Cells cells) {
            super.write(row, cells);
            String currency = row.text(CURRENCY);
            sums.merge(currency, new Money(row.number(UNITS), currency), Money::plus);
        }

        @Override
        public void summarize(Cells cells) {
            order.begin(cells, order.by().actor());
            order.filter().forEach(cells::row);
            cells.endRow();
            sums.forEach((currency, sum) -> {
                cells.text(currency);
                cells.number(sum.amount());
                cells.endRow();
            });
        }
    }
}

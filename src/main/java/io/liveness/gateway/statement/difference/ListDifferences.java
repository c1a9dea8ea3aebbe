package io.liveness.gateway.statement.difference;

import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.StatementProblem;
import io.liveness.gateway.statement.matching.ResultIds;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Reads the results of a statement, in the order of its lines; those of sessions without a line come last. */
@Singleton
class ListDifferences {

    private static final Duration SOON = Duration.ofSeconds(5);

    private static final String RESULTS = """
            select m.*, t.currency as bill_currency,
                   a.state, a.amount as adjustment, a.currency as adjustment_currency, a.reason, a.accepted_by, a.accepted_at,
                   a.confirmed_by, a.confirmed_at, a.undoing_by, n.note, n.assignee,
                   h.kind as earlier_kind, h.matched_by, h.matched_at, h.reason as match_reason
            from statement_match m
            join statement t on t.id = m.statement_id
            left join statement_acceptance a on a.difference_id = m.id and a.state <> 'UNDONE'
            left join difference_note n on n.difference_id = m.id
            left join match_by_hand h on h.statement_id = m.statement_id and h.session_id = m.session_id and h.undone_at is null
            where m.statement_id = ?
            """;

    private static final String FITTING = RESULTS + """
              and m.kind = any (?)
              and (?::text is null or coalesce(a.state, 'OPEN') = ?)
              and (?::text is null or n.assignee = ?)
            """;

    /** All results of a statement are one range of ids. */
    private static final String AFTER = " and m.id between ? and ? and (?::uuid is null or m.id > ?)";

    private final Batch batch;

    ListDifferences(Batch batch) {
        this.batch = batch;
    }

    /**
     * Some results, from the one after {@code after} on.
     *
     * @throws ProblemException when there is no such statement, or it is under way: what it has by then is not all
     */
    List<DifferenceView> page(UUID statement, DifferenceFilter filter, Optional<UUID> after, int rows) {
        return batch.read(connection -> {
            requireResults(connection, statement);
            ResultIds ids = new ResultIds(statement);
            return Sql.list(
                    connection,
                    FITTING + AFTER + " order by m.id limit ?",
                    DifferenceView::of,
                    parameters(connection, statement, filter, ids.first(), ids.last(), after, after, rows));
        });
    }

    /** Reads all that the filter fits, kind by kind. */
    static PreparedStatement all(Connection connection, UUID statement, DifferenceFilter filter) throws SQLException {
        return Sql.prepare(
                connection,
                FITTING + " order by array_position(?, m.kind), m.id",
                parameters(connection, statement, filter, connection.createArrayOf("text", filter.kinds())));
    }

    /** The ids of what the filter fits, from the one after {@code after} on, of so many at most. */
    static List<UUID> ids(
            Connection connection, UUID statement, DifferenceFilter filter, Optional<UUID> after, int most)
            throws SQLException {
        ResultIds ids = new ResultIds(statement);
        return Sql.list(
                connection,
                "select id from (" + FITTING + AFTER + ") fitting order by id limit ?",
                row -> row.getObject("id", UUID.class),
                parameters(connection, statement, filter, ids.first(), ids.last(), after, after, most));
    }

    private static Object[] parameters(Connection connection, UUID statement, DifferenceFilter filter, Object... more)
            throws SQLException {
        Stream<Object> fitting = Stream.of(
                statement,
                connection.createArrayOf("text", filter.kinds()),
                filter.state(),
                filter.state(),
                filter.assignee(),
                filter.assignee());
        return Stream.concat(fitting, Stream.of(more)).toArray();
    }

    /** Those of the statement among them, in the order of the lines. */
    List<DifferenceView> of(UUID statement, List<UUID> ids) {
        return batch.read(connection -> Sql.list(
                connection,
                RESULTS + " and m.id = any (?) order by m.id",
                DifferenceView::of,
                statement,
                connection.createArrayOf("uuid", ids.toArray())));
    }

    /** @throws ProblemException as {@link #page} */
    void requireResults(UUID statement) {
        batch.read(connection -> {
            requireResults(connection, statement);
            return null;
        });
    }

    private static void requireResults(Connection connection, UUID statement) throws SQLException {
        boolean underWay = Sql.first(connection, """
                        select status in ('READING', 'MATCHING') and is_worked_on(worked_at) as under_way
                        from statement where id = ? and status <> 'RECEIVING'
                        """, row -> row.getBoolean("under_way"), statement)
                .orElseThrow(ProblemException::notFound);
        if (underWay) {
            throw new ProblemException(
                            StatementProblem.STATEMENT_UNDER_WAY,
                            "The statement is being read and matched; list its differences after Retry-After seconds.")
                    .retryAfter(SOON);
        }
    }
}

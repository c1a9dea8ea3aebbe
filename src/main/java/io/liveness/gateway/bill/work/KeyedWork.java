package io.liveness.gateway.bill.work;

import io.liveness.gateway.bill.StatementProblem;
import io.liveness.gateway.bill.StoreStatements;
import io.liveness.gateway.books.audit.UsedKeys;
import io.liveness.gateway.books.audit.UsedKeys.Act;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.Problem.Reason;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Actor;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Does a piece of work on the differences of a statement once for each key, in one transaction that holds the statement's row. No bill is
 * matched meanwhile: either sees what the other has done.
 */
@Singleton
class KeyedWork {

    private static final Logger LOG = Logger.getLogger(KeyedWork.class);

    /** PostgreSQL's codes (manual, appendix A) unique_violation and deadlock_detected. */
    private static final Set<String> COLLISIONS = Set.of("23505", "40P01");

    /**
     * A request to work on differences of a statement.
     *
     * @param key of the caller, for this request
     * @param content what its key is for: a request with any other content is another one
     */
    record Request(UUID statement, Actor by, String key, String content) {

        static Request of(SecurityIdentity identity, UUID statement, String key, Object... content) {
            Actor by = Actor.of(identity);
            return new Request(
                    statement,
                    by,
                    key,
                    UsedKeys.subject(statement, by, List.of(content).toString()));
        }
    }

    /**
     * The statement that a request is about.
     *
     * @param until when its period ends
     */
    record Bill(UUID id, String currency, Instant until, boolean counts) {

        /** @throws ProblemException when a difference is not one of the statement's, or the statement does not count */
        void require(Connection connection, List<UUID> differences) throws SQLException {
            List<UUID> there = Sql.list(
                    connection,
                    "select id from statement_match where statement_id = ? and id = any (?)",
                    row -> row.getObject("id", UUID.class),
                    id,
                    connection.createArrayOf("uuid", differences.toArray()));
            if (there.size() < differences.size()) {
                throw ProblemException.notFound();
            }
            requireItCounts(differences.get(0));
        }

        void requireItCounts(UUID difference) {
            if (!counts) {
                throw StatementProblem.refused(difference, "statement-not-done");
            }
        }
    }

    @FunctionalInterface
    interface Work {
        /** @return how many differences were worked */
        int on(Bill bill, Connection connection) throws SQLException;
    }

    private final StoreStatements statements;

    KeyedWork(StoreStatements statements) {
        this.statements = statements;
    }

    /**
     * @return whether an earlier request with the same key has done it
     * @throws ProblemException when there is no such statement, or the key was used for another request
     */
    boolean once(Request request, Act act, Work work) {
        Optional<Integer> worked = statements.whileNoneIsMatched(connection -> once(connection, request, act, work));
        worked.ifPresent(count -> LOG.infof(
                "difference.%s statement=%s count=%d by=%s",
                act.name().toLowerCase(Locale.ROOT),
                request.statement(),
                count,
                request.by().name()));
        return worked.isEmpty();
    }

    private static Optional<Integer> once(Connection connection, Request request, Act act, Work work)
            throws SQLException {
        try {
            Optional<Bill> bill = lock(connection, request.statement());
            // The key is looked for after the wait for the statement's row: of two same requests at once the second one
            // sees what the first has done.
            if (UsedKeys.isDone(connection, request.by().name(), request.key(), request.content(), act)) {
                return Optional.empty();
            }
            int count = work.on(bill.orElseThrow(ProblemException::notFound), connection);
            UsedKeys.use(connection, request.by().name(), request.key(), request.content(), act);
            return Optional.of(count);
        } catch (SQLException failure) {
            // What two requests do at the same moment without a lock that both take.
            if (COLLISIONS.contains(failure.getSQLState())) {
                throw StatementProblem.refused(List.of(new Reason(
                        "changed-meanwhile",
                        "Another request changed one of the differences at the same time; read them again.",
                        Map.of())));
            }
            throw failure;
        }
    }

    /** The lock makes a statement's withdrawal, a match by hand and an acceptance wait for each other. */
    static Optional<Bill> lock(Connection connection, UUID statement) throws SQLException {
        return Sql.first(
                connection,
                """
                select id, currency, coalesce(ends, timestamptz 'epoch') as until, in_effect from statement where id = ? for no key update
                """,
                row -> new Bill(
                        row.getObject("id", UUID.class),
                        row.getString("currency"),
                        Sql.time(row, "until"),
                        row.getBoolean("in_effect")),
                statement);
    }
}

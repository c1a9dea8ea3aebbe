package io.liveness.gateway.bill;

import io.liveness.gateway.books.Approvals;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.audit.Audit;
import io.liveness.gateway.books.audit.AuditedAct;
import io.liveness.gateway.books.audit.UsedKeys;
import io.liveness.gateway.books.audit.UsedKeys.Act;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Actor;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Withdraws a statement: its results no longer count. The database undoes its acceptances, and has both on the audit list, see
 * V6__bill.sql. Two people withdraw what two have confirmed, and what is above {@link Approvals#withdrawalAbove}: the request of the first one
 * is a proposal.
 */
@Singleton
class WithdrawStatement {

    private static final Logger LOG = Logger.getLogger(WithdrawStatement.class);

    private final StoreStatements statements;
    private final Money above;

    WithdrawStatement(StoreStatements statements, Approvals approvals) {
        this.statements = statements;
        this.above = approvals.withdrawalAbove();
    }

    /**
     * How a statement stands before its withdrawal.
     *
     * @param byTwo whether two people withdraw it
     * @param proposedBy who has proposed to withdraw it, while it counts
     * @param own whether this one has
     */
    private record Standing(
            boolean withdrawn, boolean underWay, boolean byTwo, Optional<String> proposedBy, boolean own) {}

    @FunctionalInterface
    private interface Work {
        /** @return what was done, as the log has it */
        String on(Standing standing, Connection connection) throws SQLException;
    }

    /**
     * Withdraws it, or proposes that. A repeated request changes nothing.
     *
     * @param proposedBy whose proposal the request carries out
     * @return whether an earlier request with the same key has done it
     * @throws ProblemException 403, when two people withdraw it, and the token is no person's, or is no second person's that may confirm
     */
    boolean withdraw(UUID id, SecurityIdentity identity, String key, Optional<String> proposedBy, String reason) {
        return once(
                id,
                identity,
                key,
                Act.WITHDRAW,
                proposedBy + " " + reason,
                (standing, connection) -> withdraw(connection, id, standing, identity, proposedBy, reason));
    }

    /** Declines what was proposed, also what the same person has. As {@link #withdraw}. */
    boolean decline(UUID id, SecurityIdentity identity, String key) {
        return once(
                id,
                identity,
                key,
                Act.DECLINE,
                "",
                (standing, connection) -> decline(connection, id, standing, identity));
    }

    private boolean once(UUID id, SecurityIdentity identity, String key, Act act, String content, Work work) {
        Actor by = Actor.of(identity);
        String subject = UsedKeys.subject(id, by, content);
        Optional<String> done = statements.whileNoneIsMatched(connection -> {
            Standing standing = lock(connection, id, by);
            if (UsedKeys.isDone(connection, by.name(), key, subject, act)) {
                return Optional.empty();
            }
            String outcome = work.on(standing, connection);
            UsedKeys.use(connection, by.name(), key, subject, act);
            return Optional.of(outcome);
        });
        done.ifPresent(outcome -> LOG.infof("statement.%s id=%s by=%s", outcome, id, by.name()));
        return done.isEmpty();
    }

    private static String withdraw(
            Connection connection,
            UUID id,
            Standing standing,
            SecurityIdentity identity,
            Optional<String> proposedBy,
            String reason)
            throws SQLException {
        Actor by = Actor.of(identity);
        if (standing.underWay()) {
            throw StatementProblem.underWay(
                    "The statement is being read and matched; withdraw it after Retry-After seconds.");
        }
        if (standing.withdrawn()) {
            return "unchanged";
        }
        if (standing.byTwo()) {
            requirePerson(by);
            if (standing.own()) {
                refuseOwn(proposedBy);
                return "unchanged";
            }
            if (standing.proposedBy().isPresent()) {
                requireSecond(identity);
            }
            StatementProblem.requireNamed(proposedBy, standing.proposedBy());
            if (proposedBy.isEmpty()) {
                propose(connection, id, identity, reason);
                return "withdrawal-proposed";
            }
        }
        Sql.execute(connection, """
                update statement set status = 'WITHDRAWN', withdrawn_by = ?, withdrawn_person = ?::jsonb, reason = ?, withdrawn_at = liveness_now()
                where id = ?
                """, by.name(), by.storedPerson(), reason, id);
        Sql.execute(connection, "delete from statement_piece where statement_id = ?", id);
        return "withdrawn";
    }

    private static void propose(Connection connection, UUID id, SecurityIdentity identity, String reason)
            throws SQLException {
        Actor by = Actor.of(identity);
        Sql.execute(
                connection,
                "update statement set withdrawing_by = ?, withdrawing_person = ?::jsonb, reason = ? where id = ?",
                by.name(),
                by.storedPerson(),
                reason,
                id);
        Audit.record(connection, AuditedAct.STATEMENT_WITHDRAWAL_PROPOSED, by, id.toString(), Map.of("reason", reason));
    }

    private static String decline(Connection connection, UUID id, Standing standing, SecurityIdentity identity)
            throws SQLException {
        if (standing.proposedBy().isEmpty()) {
            throw ProblemException.notFound();
        }
        if (!standing.own()) {
            requireSecond(identity);
        }
        Actor by = Actor.of(identity);
        Audit.record(connection, AuditedAct.STATEMENT_WITHDRAWAL_DECLINED, by, id.toString(), Map.of());
        Sql.execute(
                connection,
                "update statement set withdrawing_by = null, withdrawing_person = null, reason = null where id = ?",
                id);
        return "withdrawal-declined";
    }

    private static void requirePerson(Actor by) {
        if (by.person().isEmpty()) {
            throw new ProblemException(
                    ProblemCode.FORBIDDEN, "Two people withdraw this statement, and the token is no person's.");
        }
    }

    private static void refuseOwn(Optional<String> proposedBy) {
        if (proposedBy.isPresent()) {
            throw new ProblemException(
                    ProblemCode.FORBIDDEN,
                    "Who proposes the withdrawal does not carry it out: a second person with the role finance-admin does.");
        }
    }

    private static void requireSecond(SecurityIdentity identity) {
        if (Actor.of(identity).person().isEmpty() || !identity.hasRole(Roles.FINANCE_ADMIN)) {
            throw new ProblemException(
                    ProblemCode.FORBIDDEN,
                    "Two people withdraw this statement, and that is proposed: a second person with the role finance-admin"
                            + " withdraws it, or declines that.");
        }
    }

    private Standing lock(Connection connection, UUID id, Actor by) throws SQLException {
        // A second query sees what was confirmed before the row was locked.
        Sql.first(connection, "select from statement where id = ? for no key update", row -> true, id)
                .orElseThrow(ProblemException::notFound);
        return Sql.first(
                        connection,
                        "select " + Undoing.COLUMNS + """
                        , status = 'WITHDRAWN' as withdrawn,
                               status in ('READING', 'MATCHING') and is_worked_on(id, worked_at) as under_way,
                               case when status = 'DONE' then withdrawing_by end as proposed_by,
                               withdrawing_by is not null and is_same_actor(withdrawing_by, withdrawing_person, ?, ?::jsonb) as own
                        from statement where id = ?
                        """,
                        row -> new Standing(
                                row.getBoolean("withdrawn"),
                                row.getBoolean("under_way"),
                                Undoing.of(row).takesTwo(above),
                                Optional.ofNullable(row.getString("proposed_by")),
                                row.getBoolean("own")),
                        by.name(),
                        by.storedPerson(),
                        id)
                .orElseThrow();
    }
}

package io.liveness.gateway.bill;

import io.liveness.gateway.books.audit.Audit;
import io.liveness.gateway.books.audit.AuditedAct;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.liveness.gateway.platform.security.Subject;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Withdraws a statement: its results no longer count. The database undoes its acceptances, and has both on the audit list, see
 * V6__bill.sql. Where two people have confirmed one, two withdraw it: the first request is a proposal.
 */
@Singleton
class WithdrawStatement {

    private static final Logger LOG = Logger.getLogger(WithdrawStatement.class);

    private final StoreStatements statements;
    private final Batch batch;

    WithdrawStatement(StoreStatements statements, Batch batch) {
        this.statements = statements;
        this.batch = batch;
    }

    /**
     * Its row.
     *
     * @param byTwo whether two people have confirmed any of what its withdrawal undoes
     * @param proposed whether somebody has proposed to withdraw it, and it counts still
     * @param own whether this person has
     */
    private record Standing(boolean withdrawn, boolean underWay, boolean byTwo, boolean proposed, boolean own) {}

    /** Withdraws it, or proposes that. A repeated request changes nothing. */
    void withdraw(UUID id, SecurityIdentity identity, String reason) {
        String by = Caller.actor(identity);
        String done = statements.whileNoneIsMatched(connection -> withdraw(connection, id, identity, by, reason));
        LOG.infof("statement.%s id=%s by=%s", done, id, by);
    }

    private static String withdraw(Connection connection, UUID id, SecurityIdentity identity, String by, String reason)
            throws SQLException {
        Subject person = Subject.of(identity);
        Standing standing = lock(connection, id, person);
        if (standing.underWay()) {
            throw StatementProblem.underWay(
                    "The statement is being read and matched; withdraw it after Retry-After seconds.");
        }
        if (standing.withdrawn() || standing.byTwo() && standing.own()) {
            return "unchanged";
        }
        if (standing.byTwo() && !standing.proposed()) {
            Sql.execute(connection, """
                    update statement set withdrawing_by = ?, withdrawing_iss = ?, withdrawing_sub = ?, reason = ? where id = ?
                    """, by, person.issuer(), person.name(), reason, id);
            Audit.record(
                    connection, AuditedAct.STATEMENT_WITHDRAWAL_PROPOSED, by, id.toString(), Map.of("reason", reason));
            return "withdrawal-proposed";
        }
        if (standing.byTwo()) {
            requireSecond(identity);
        }
        Sql.execute(
                connection,
                "update statement set status = 'WITHDRAWN', withdrawn_by = ?, reason = ?, withdrawn_at = liveness_now() where id = ?",
                by,
                reason,
                id);
        Sql.execute(connection, "delete from statement_piece where statement_id = ?", id);
        return "withdrawn";
    }

    /** Declines what was proposed, also what the same person has. */
    void decline(UUID id, SecurityIdentity identity) {
        String by = Caller.actor(identity);
        batch.transact(connection -> {
            Standing standing = lock(connection, id, Subject.of(identity));
            if (!standing.proposed()) {
                throw ProblemException.notFound();
            }
            if (!standing.own()) {
                requireSecond(identity);
            }
            Audit.record(connection, AuditedAct.STATEMENT_WITHDRAWAL_DECLINED, by, id.toString(), Map.of());
            return Sql.execute(
                    connection,
                    "update statement set withdrawing_by = null, withdrawing_iss = null, withdrawing_sub = null, reason = null where id = ?",
                    id);
        });
        LOG.infof("statement.withdrawal-declined id=%s by=%s", id, by);
    }

    private static void requireSecond(SecurityIdentity identity) {
        if (!Subject.of(identity).isPerson() || !identity.hasRole(Roles.FINANCE_ADMIN)) {
            throw new ProblemException(
                    ProblemCode.FORBIDDEN,
                    "Two people have confirmed adjustments of this statement, and its withdrawal is proposed: a second person"
                            + " with the role finance-admin withdraws it, or declines that.");
        }
    }

    private static Standing lock(Connection connection, UUID id, Subject person) throws SQLException {
        // A second query sees what was confirmed before the row was locked.
        Sql.first(connection, "select from statement where id = ? for no key update", row -> true, id)
                .orElseThrow(ProblemException::notFound);
        return Sql.first(
                        connection,
                        """
                        select status = 'WITHDRAWN' as withdrawn, needs_two_to_undo(id) as by_two,
                               status in ('READING', 'MATCHING') and is_worked_on(id, worked_at) as under_way,
                               status = 'DONE' and withdrawing_by is not null as proposed,
                               withdrawing_by is not null and (withdrawing_iss, withdrawing_sub) = (?, ?) as own
                        from statement where id = ?
                        """,
                        row -> new Standing(
                                row.getBoolean("withdrawn"),
                                row.getBoolean("under_way"),
                                row.getBoolean("by_two"),
                                row.getBoolean("proposed"),
                                row.getBoolean("own")),
                        person.issuer(),
                        person.name(),
                        id)
                .orElseThrow();
    }
}

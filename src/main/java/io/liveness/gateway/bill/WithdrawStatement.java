package io.liveness.gateway.bill;

import io.liveness.gateway.books.audit.Audit;
import io.liveness.gateway.books.audit.AuditedAct;
import io.liveness.gateway.books.audit.UsedKeys;
import io.liveness.gateway.books.audit.UsedKeys.Act;
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
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Withdraws a statement: its results no longer count. The database undoes its acceptances, and has both on the audit list, see
 * V6__bill.sql. Where two people have confirmed one, two withdraw it: the first request is a proposal.
 */
@Singleton
public class WithdrawStatement {

    private static final Logger LOG = Logger.getLogger(WithdrawStatement.class);

    private static final String UNCHANGED = "unchanged";

    private final StoreStatements statements;

    WithdrawStatement(StoreStatements statements) {
        this.statements = statements;
    }

    /**
     * Its row.
     *
     * @param byTwo whether two people have confirmed any of what its withdrawal undoes
     * @param proposed whether somebody has proposed to withdraw it
     * @param own whether this person has
     */
    private record Standing(boolean withdrawn, boolean underWay, boolean byTwo, boolean proposed, boolean own) {}

    /** Withdraws it, or proposes that. A repeated request changes nothing. With a key it can be taken back. */
    void withdraw(UUID id, SecurityIdentity identity, Optional<String> key, String reason) {
        String by = Caller.actor(identity);
        Subject person = Subject.of(identity);
        String subject = UsedKeys.subject(id, person, reason);
        String done = statements.whileNoneIsMatched(connection -> {
            Standing standing = lock(connection, id, person);
            if (key.isPresent() && UsedKeys.isDone(connection, by, key.get(), subject, Act.WITHDRAW)) {
                return UNCHANGED;
            }
            String outcome = withdraw(connection, id, standing, identity, by, reason);
            if (key.isPresent() && !outcome.equals(UNCHANGED)) {
                UsedKeys.use(connection, by, key.get(), subject, Act.WITHDRAW);
            }
            return outcome;
        });
        LOG.infof("statement.%s id=%s by=%s", done, id, by);
    }

    private static String withdraw(
            Connection connection, UUID id, Standing standing, SecurityIdentity identity, String by, String reason)
            throws SQLException {
        Subject person = Subject.of(identity);
        if (standing.underWay()) {
            throw StatementProblem.underWay(
                    "The statement is being read and matched; withdraw it after Retry-After seconds.");
        }
        if (standing.withdrawn() || standing.byTwo() && standing.own()) {
            return UNCHANGED;
        }
        if (standing.byTwo() && !standing.proposed()) {
            Sql.execute(connection, """
                    update statement set withdrawing_by = ?, withdrawing_iss = ?, withdrawing_sub = ?, reason = ? where id = ?
                    """, by, person.issuer(), person.name(), reason, id);
            Audit.record(
                    connection, AuditedAct.STATEMENT_WITHDRAWAL_PROPOSED, by, id.toString(), Map.of("reason", reason));
            return "withdrawal-proposed";
        }
        if (standing.byTwo() && !(person.isPerson() && identity.hasRole(Roles.FINANCE_ADMIN))) {
            throw new ProblemException(
                    ProblemCode.FORBIDDEN,
                    "Two people have confirmed adjustments of this statement, and its withdrawal is proposed: a second person"
                            + " with the role finance-admin withdraws it.");
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

    /**
     * Makes a statement count again that was withdrawn at that time, unless a bill was compared or a month of it closed without it since,
     * or its file is imported again. Its acceptances are the caller's to restore.
     *
     * @param restored how many acceptances that are
     */
    public static void takeBack(
            Connection connection, UUID id, Instant withdrawnAt, String by, String reason, int restored)
            throws SQLException {
        int counts = Sql.execute(connection, """
                update statement old
                set status = case when superseded_by is null then 'DONE' else 'SUPERSEDED' end, withdrawn_by = null, withdrawn_at = null,
                    reason = case when withdrawing_by is not null then (
                        select detail ->> 'reason' from audit_list
                        where what = 'statement-withdrawal-proposed' and subject = old.id::text order by at desc limit 1) end
                where id = ? and status = 'WITHDRAWN' and withdrawn_at = ? and counts <> '{}'
                  and not exists (
                      select from statement t
                      where t.id <> old.id and (t.in_effect and t.worked_at >= old.withdrawn_at
                          or t.sha256 = old.sha256 and not t.dry_run and t.status in ('READING', 'MATCHING', 'DONE')))
                  and not exists (
                      select from stored_month p where p.closed_at >= old.withdrawn_at and p.from_at < old.ends and p.to_at > old.begins)
                """, id, withdrawnAt);
        restored(connection, counts, id, by, Map.of("reason", reason, "restored", String.valueOf(restored)));
    }

    /** Takes back what the person has proposed. @return how many statements, which is one */
    public static int takeBackProposal(Connection connection, UUID id, String by, Subject person, String reason)
            throws SQLException {
        int counts = Sql.execute(connection, """
                update statement set withdrawing_by = null, withdrawing_iss = null, withdrawing_sub = null, reason = null
                where id = ? and status = 'DONE' and (withdrawing_iss, withdrawing_sub) = (?, ?)
                """, id, person.issuer(), person.name());
        restored(connection, counts, id, by, Map.of("reason", reason));
        return counts;
    }

    private static void restored(Connection connection, int count, UUID id, String by, Map<String, String> detail)
            throws SQLException {
        if (count == 0) {
            throw StatementProblem.refused("changed-since");
        }
        Audit.record(connection, AuditedAct.STATEMENT_RESTORED, by, id.toString(), detail);
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
                               withdrawing_by is not null as proposed,
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

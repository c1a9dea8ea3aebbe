package io.liveness.gateway.statement;

import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Withdraws a statement: its results no longer count. The database undoes its acceptances, see V15. */
@Singleton
class WithdrawStatement {

    private static final Logger LOG = Logger.getLogger(WithdrawStatement.class);
    private static final Duration SOON = Duration.ofSeconds(5);

    private final StoreStatements statements;

    WithdrawStatement(StoreStatements statements) {
        this.statements = statements;
    }

    /** @param by the actor */
    Uni<StatementRow> withdraw(UUID id, String by, String reason) {
        return statements.withdraw(id, by, reason).chain(withdrawn -> {
            if (withdrawn.isPresent()) {
                LOG.infof("statement.withdrawn id=%s by=%s", id, by);
                return Uni.createFrom().item(withdrawn.get());
            }
            return statements.byId(id).map(WithdrawStatement::asItIs);
        });
    }

    private static StatementRow asItIs(Optional<StatementRow> found) {
        StatementRow statement = found.orElseThrow(ProblemException::notFound);
        if (statement.status() != StatementStatus.WITHDRAWN) {
            throw new ProblemException(
                            StatementProblem.STATEMENT_UNDER_WAY,
                            "The statement is being read and matched; withdraw it after Retry-After seconds.")
                    .retryAfter(SOON);
        }
        return statement;
    }
}

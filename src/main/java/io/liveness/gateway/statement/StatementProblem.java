package io.liveness.gateway.statement;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import java.time.Duration;

/** The codes of errors about statements and their differences. */
public enum StatementProblem implements ProblemCode {
    DIFFERENCE_CONFLICT(409, "The state of the difference does not allow this"),
    STATEMENT_UNDER_WAY(409, "The statement is still being read and matched");

    private static final Duration SOON = Duration.ofSeconds(5);

    private final int status;
    private final String title;

    StatementProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** @param detail what to do after {@code Retry-After} seconds */
    public static ProblemException underWay(String detail) {
        return new ProblemException(STATEMENT_UNDER_WAY, detail).retryAfter(SOON);
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}

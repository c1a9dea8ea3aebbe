package io.liveness.gateway.statement;

import io.liveness.gateway.platform.problem.ProblemCode;

/** The codes of errors about statements and their differences. */
public enum StatementProblem implements ProblemCode {
    DIFFERENCE_CONFLICT(409, "The state of the difference does not allow this"),
    STATEMENT_UNDER_WAY(409, "The statement is still being read and matched");

    private final int status;
    private final String title;

    StatementProblem(int status, String title) {
        this.status = status;
        this.title = title;
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

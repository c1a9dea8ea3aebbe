package io.liveness.gateway.finance;

import io.liveness.gateway.platform.problem.ProblemCode;

/** The codes of errors about months. */
public enum PeriodProblem implements ProblemCode {
    PERIOD_NOT_CLOSABLE(409, "The month cannot be closed yet"),
    PERIOD_CLOSED(409, "The month is closed and cannot be reopened");

    private final int status;
    private final String title;

    PeriodProblem(int status, String title) {
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

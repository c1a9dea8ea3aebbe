package io.liveness.gateway.client;

import io.liveness.gateway.client.model.Problem;

/** An error that the gateway explains. Branch on the problem's code. */
public final class ProblemException extends ApiException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(ApiException answer, Problem problem) {
        super(
                answer.getCode() + " " + problem.getCode() + ": " + problem.getDetail(),
                answer,
                answer.getCode(),
                answer.getResponseHeaders(),
                answer.getResponseBody());
        this.problem = problem;
    }

    public Problem getProblem() {
        return problem;
    }
}

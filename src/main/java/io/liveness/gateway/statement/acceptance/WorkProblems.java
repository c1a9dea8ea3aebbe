package io.liveness.gateway.statement.acceptance;

import io.liveness.gateway.platform.Problem;
import io.liveness.gateway.platform.ProblemCode;
import io.liveness.gateway.platform.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What is answered when a difference does not allow what was asked for. */
final class WorkProblems {

    /** By their code: what to do about it. */
    private static final Map<String, String> DETAILS = Map.of(
            "no-difference", "it is no difference: there is nothing to work on.",
            "fee-open", "its fee has not ended: it ends by itself within hours; accept the difference then.",
            "currencies-differ", "the two sides are of different currencies: have the bill or its mapping corrected.",
            "statement-not-done",
                    "its statement does not count: it is under way, failed, a dry run, withdrawn or superseded.",
            "accepted-before", "it is accepted or proposed already; take that back first.",
            "fee-accepted-elsewhere",
                    "a difference of the same fee is accepted or proposed by another statement; take that back first.",
            "line-accepted-elsewhere",
                    "a line with the same task number is accepted or proposed already; take that back first.",
            "not-proposed", "there is no proposal to confirm.",
            "own-proposal", "it was proposed by yourself: a second person has to confirm it.",
            "not-accepted", "it is not accepted.");

    private WorkProblems() {}

    static ProblemException refused(UUID difference, String code) {
        return refused(List.of(reason(difference, code)));
    }

    static ProblemException refused(List<Problem.Reason> reasons) {
        return new ProblemException(
                        ProblemCode.DIFFERENCE_CONFLICT,
                        "That cannot be done as it stands: see reasons. Nothing was changed and the key is unused.")
                .because(reasons);
    }

    static Problem.Reason reason(UUID difference, String code) {
        return new Problem.Reason(code, "Difference " + difference + ": " + DETAILS.get(code));
    }
}

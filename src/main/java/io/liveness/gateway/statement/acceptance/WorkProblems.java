package io.liveness.gateway.statement.acceptance;

import static java.util.Map.entry;

import io.liveness.gateway.platform.problem.Problem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.StatementProblem;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The problems of work on differences. */
final class WorkProblems {

    /** By their code: what to do about it. */
    private static final Map<String, String> DETAILS = Map.ofEntries(
            entry("no-difference", "it is no difference: there is nothing to work on."),
            entry("fee-open", "its fee has not ended: it ends by itself within hours; accept the difference then."),
            entry(
                    "currencies-differ",
                    "the two sides are of different currencies: have the bill or its mapping corrected."),
            entry(
                    "statement-not-done",
                    "its statement does not count: it is under way, failed, a dry run, withdrawn or superseded."),
            entry("accepted-before", "it is accepted or proposed already; take that back first."),
            entry(
                    "fee-accepted-elsewhere",
                    "a difference of the same fee is accepted or proposed by another statement; take that back first."),
            entry(
                    "line-accepted-elsewhere",
                    "a line with the same task number is accepted or proposed already; take that back first."),
            entry("not-proposed", "there is no proposal to confirm."),
            entry("own-proposal", "it was proposed by yourself: a second person has to confirm it."),
            entry("not-accepted", "it is not accepted."),
            entry(
                    "line-has-a-fee",
                    "it is no line without a fee: of MISSING_IN_LEDGER and AMBIGUOUS alone it can be said whose they are."),
            entry("session-without-fee", "there is no session of this id that took a fee."),
            entry(
                    "session-matched",
                    "another line of the statement is of this session; take that back first, if it was matched by hand."),
            entry(
                    "session-billed-elsewhere",
                    "another statement that counts has charged the fee of this session: the line is of another one, or charged twice."),
            entry("session-accepted", "that the session is on no line is accepted or proposed; take that back first."),
            entry("not-matched", "it was not matched by hand."),
            entry("changed-meanwhile", "another request has changed it at the same moment; look at it again."));

    private WorkProblems() {}

    static ProblemException refused(UUID difference, String code) {
        return refused(List.of(reason(difference, code)));
    }

    static ProblemException refused(List<Problem.Reason> reasons) {
        return new ProblemException(
                        StatementProblem.DIFFERENCE_CONFLICT,
                        "That cannot be done as it stands: see reasons. Nothing was changed and the key is unused.")
                .with("reasons", reasons);
    }

    static Problem.Reason reason(UUID difference, String code) {
        return new Problem.Reason(code, "Difference " + difference + ": " + DETAILS.get(code));
    }
}

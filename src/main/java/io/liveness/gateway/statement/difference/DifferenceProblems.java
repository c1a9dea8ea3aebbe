package io.liveness.gateway.statement.difference;

import static java.util.Map.entry;

import io.liveness.gateway.platform.problem.Problem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.StatementProblem;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The reasons for which differences are not worked. */
final class DifferenceProblems {

    /** By their code: what to do about it. */
    private static final Map<String, String> DETAILS = Map.ofEntries(
            entry("no-difference", "it is not a difference."),
            entry(
                    "fee-open",
                    "its fee is still open and ends within hours without any action; accept the difference then."),
            entry("currencies-differ", "the two sides have different currencies: correct the bill or its mapping."),
            entry(
                    "statement-not-done",
                    "its statement does not count: it is under way, failed, a dry run, withdrawn or superseded."),
            entry("accepted-before", "it is accepted or proposed already; revoke that first."),
            entry(
                    "fee-accepted-elsewhere",
                    "a difference of the same fee is accepted or proposed in another statement; revoke that first."),
            entry(
                    "line-accepted-elsewhere",
                    "a line with the same task number is accepted or proposed already; revoke that first."),
            entry("not-proposed", "there is no proposal to confirm."),
            entry("own-proposal", "you proposed it: a second person has to confirm it."),
            entry("not-a-person", "a person with the role finance-admin has to confirm it, not a service."),
            entry("not-accepted", "it is not accepted."),
            entry("line-has-a-fee", "only a MISSING_IN_LEDGER or AMBIGUOUS line can be matched by hand."),
            entry("session-without-fee", "no session with this id took a fee."),
            entry(
                    "session-matched",
                    "another line of the statement belongs to this session; if it was matched by hand, undo that first."),
            entry(
                    "session-billed-elsewhere",
                    "another statement that counts already charged the fee of this session: the line belongs to another"
                            + " session, or the fee was charged twice."),
            entry(
                    "session-accepted",
                    "the difference that this session has no line is accepted or proposed; revoke that first."),
            entry("not-matched", "it was not matched by hand."));

    private DifferenceProblems() {}

    /** @throws ProblemException when it is so */
    static void refuseWhen(boolean so, UUID difference, String code) {
        if (so) {
            throw refused(difference, code);
        }
    }

    static ProblemException refused(UUID difference, String code) {
        return refused(List.of(reason(difference, code)));
    }

    static ProblemException refused(List<Problem.Reason> reasons) {
        return new ProblemException(
                        StatementProblem.DIFFERENCE_CONFLICT,
                        "The request cannot be done now: see reasons. Nothing was changed and the key is unused.")
                .with("reasons", reasons);
    }

    static ProblemException changedMeanwhile() {
        return refused(List.of(new Problem.Reason(
                "changed-meanwhile",
                "Another request changed one of the differences at the same time; read them again.")));
    }

    static Problem.Reason reason(UUID difference, String code) {
        return new Problem.Reason(code, "Difference " + difference + ": " + DETAILS.get(code));
    }
}

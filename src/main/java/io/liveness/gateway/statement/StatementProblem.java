package io.liveness.gateway.statement;

import static java.util.Map.entry;

import io.liveness.gateway.platform.problem.Problem;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The errors about statements and their differences. */
public enum StatementProblem implements ProblemCode {
    DIFFERENCE_CONFLICT(409, "The state of the difference does not allow this"),
    STATEMENT_UNDER_WAY(409, "The statement is still being read and matched");

    private static final Duration SOON = Duration.ofSeconds(5);

    /** Why a difference is not worked, by the code of the reason: what to do about it. */
    private static final Map<String, String> REASONS = Map.ofEntries(
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

    /** @throws ProblemException when it is so */
    public static void refuseWhen(boolean so, UUID difference, String code) {
        if (so) {
            throw refused(difference, code);
        }
    }

    public static ProblemException refused(UUID difference, String code) {
        return refused(List.of(reason(difference, code)));
    }

    public static ProblemException refused(List<Problem.Reason> reasons) {
        return new ProblemException(
                        DIFFERENCE_CONFLICT,
                        "The request cannot be done now: see reasons. Nothing was changed and the key is unused.")
                .with("reasons", reasons);
    }

    public static ProblemException changedMeanwhile() {
        return refused(List.of(new Problem.Reason(
                "changed-meanwhile",
                "Another request changed one of the differences at the same time; read them again.")));
    }

    public static Problem.Reason reason(UUID difference, String code) {
        return new Problem.Reason(code, "Difference " + difference + ": " + REASONS.get(code));
    }
}

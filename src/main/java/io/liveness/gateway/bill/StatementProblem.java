package io.liveness.gateway.bill;

import io.liveness.gateway.platform.problem.Problem;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** The errors about statements and their differences. */
public final class StatementProblem {

    private static final Duration SOON = Duration.ofSeconds(5);

    /** Why a difference is not worked, by the code of the reason: what to do about it. */
    private static final Map<String, String> REASONS = """
            no-difference: it is not a difference, or no longer one since another bill was withdrawn: then withdraw this one, and import it again.
            fee-open: its fee is still open and ends within hours without any action; accept the difference then.
            currencies-differ: the two sides have different currencies: correct the bill or its mapping.
            statement-not-done: its statement does not count: it is under way, failed, a dry run, withdrawn or superseded.
            accepted-before: it is accepted or proposed already; revoke that first.
            revocation-proposed: it is accepted, and the revocation of that is proposed; decline that, or carry it out first.
            fee-accepted-elsewhere: a difference of the same fee is accepted or proposed in another statement; revoke that first.
            not-proposed: there is no proposal to confirm or to decline.
            adds-otherwise: it would add something else to the ledger since another bill was imported or withdrawn: \
            revoke the proposal, and accept the difference again.
            own-proposal: you proposed it: a second person has to confirm it.
            not-a-person: a person with the role finance-admin has to confirm it, not a service.
            not-accepted: it is not accepted.
            line-has-a-fee: only a MISSING_IN_LEDGER or AMBIGUOUS line can be matched by hand.
            session-without-fee: no session with this id took a fee.
            session-matched: another line of the statement belongs to this session; if it was matched by hand, take that back first.
            session-billed-elsewhere: another statement that counts already charged the fee of this session: \
            the line belongs to another session, or the fee was charged twice.
            session-accepted: the difference that this session has no line is accepted or proposed; revoke that first.
            not-matched: it was not matched by hand.
            changed-since: its match by hand was taken back since, or is another one by now.
            """.lines()
            .map(line -> line.split(": ", 2))
            .collect(Collectors.toMap(reason -> reason[0], reason -> reason[1]));

    private StatementProblem() {}

    /** @param detail what to do after {@code Retry-After} seconds */
    public static ProblemException underWay(String detail) {
        return new ProblemException(ProblemCode.STATEMENT_UNDER_WAY, detail).retryAfter(SOON);
    }

    /**
     * A proposal is carried out by a request that names who has made it: of two that propose at one moment none carries out the other's.
     *
     * @throws ProblemException when the request names another one than there is
     */
    public static void requireNamed(Optional<String> named, Optional<String> proposedBy) {
        if (!named.equals(proposedBy)) {
            throw ProblemException.invalid(
                    "proposedBy",
                    "other-proposal",
                    "must be who has proposed it by now, and be left out where nobody has: read it again");
        }
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
                        ProblemCode.DIFFERENCE_CONFLICT,
                        "The request cannot be done now: see reasons. Nothing was changed and the key is unused.")
                .reasons(reasons);
    }

    public static Problem.Reason reason(UUID difference, String code) {
        return new Problem.Reason(
                code,
                "Difference " + difference + ": " + REASONS.get(code),
                Map.of("difference", difference.toString()));
    }
}

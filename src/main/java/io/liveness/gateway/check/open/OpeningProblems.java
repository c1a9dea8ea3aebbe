package io.liveness.gateway.check.open;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.vendor.OpenOutcome;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/** Problems of opening a session, each with what the caller does next. */
final class OpeningProblems {

    private static final Duration SOON = Duration.ofSeconds(1);
    /** The vendor itself asked for a pause. */
    private static final Duration LATER = Duration.ofSeconds(5);

    // When the next of the caller's sessions settles is not known; most people take longer.
    private static final Duration A_CHECK_LATER = Duration.ofSeconds(5);

    private OpeningProblems() {}

    static ProblemException gone(UUID session) {
        return new ProblemException(
                        ProblemCode.GONE,
                        "This key opened a session whose data was erased. Nothing was opened; use a new key for a new"
                                + " session.")
                .sessionId(session);
    }

    static ProblemException inFlight() {
        return new ProblemException(
                        ProblemCode.IDEMPOTENCY_KEY_IN_FLIGHT, "Send the same request again after Retry-After seconds.")
                .retryAfter(SOON);
    }

    static ProblemException tooManyOpen(int limit) {
        return new ProblemException(
                        ProblemCode.RATE_LIMITED,
                        "At most " + limit
                                + " sessions may be open at a time. Nothing was opened and the key is unchanged: send the same request"
                                + " again when one of them is settled.")
                .retryAfter(A_CHECK_LATER)
                .usedUp("open-sessions", limit);
    }

    static ProblemException shareTaken(double share, Duration wait) {
        int percent = (int) Math.round(100 * share);
        return new ProblemException(
                        ProblemCode.RATE_LIMITED,
                        "You have more than " + percent
                                + " % of the sessions opened lately, others open sessions too, and the budget of vendor calls is not"
                                + " enough for all. Nothing was opened and the key is unchanged: send the same request again after"
                                + " Retry-After seconds.")
                .retryAfter(wait.plus(SOON).minusNanos(1).truncatedTo(ChronoUnit.SECONDS))
                .usedUp("open-share", percent);
    }

    static ProblemException budgetExhausted(Duration wait) {
        return new ProblemException(
                        ProblemCode.BUDGET_EXHAUSTED,
                        "The budget of this month is spent. Nothing was opened and the key is unchanged: ask finance for a larger"
                                + " budget, or send the same request again next month.")
                .retryAfter(wait.plus(SOON).minusNanos(1).truncatedTo(ChronoUnit.SECONDS));
    }

    /** @param reason why no init is sent now, by no fault of the vendor's */
    static ProblemException paused(String reason) {
        return new ProblemException(
                        ProblemCode.OPENS_PAUSED,
                        reason
                                + ". Nothing was opened and the key is unchanged: send the same request again after Retry-After"
                                + " seconds.")
                .retryAfter(SOON);
    }

    static ProblemException refused(UUID session, OpenOutcome.Refused refused) {
        String reason = "The vendor did not open the check: " + refused.reason() + ". No fee was taken; ";
        ProblemException problem = (refused.retryable()
                        ? new ProblemException(
                                        ProblemCode.VENDOR_UNAVAILABLE,
                                        reason + "send the same request with the same key again.")
                                .retryAfter(refused.code().isPresent() ? LATER : SOON)
                        : new ProblemException(ProblemCode.VENDOR_REJECTED, reason + "tell operations the sessionId."))
                .sessionId(session);
        return refused.code().map(problem::vendorCode).orElse(problem);
    }

    /** @param refusal empty when another request with the key was under way */
    static ProblemException notImported(Optional<ImportSession.Refusal> refusal) {
        return refusal.map(OpeningProblems::notImported).orElseGet(OpeningProblems::inFlight);
    }

    private static ProblemException notImported(ImportSession.Refusal refusal) {
        return switch (refusal) {
            case TOKEN_KNOWN ->
                new ProblemException(
                        ProblemCode.TOKEN_KNOWN, "Nothing was imported: the session is opened or imported already.");
            case TASK_NO_KNOWN ->
                new ProblemException(
                        ProblemCode.TASK_NO_KNOWN,
                        "Nothing was imported: the fee of this taskNo is booked already, with another token. Send the taskNo that init"
                                + " answered together with this token.");
            case MONTH_CLOSED ->
                new ProblemException(
                        ProblemCode.PERIOD_CLOSED,
                        "Nothing was imported: the month of openedAt is closed and takes no further fee. Ask the vendor for the verdict yourself.");
            case BILL_COMPARED ->
                new ProblemException(
                        ProblemCode.BILL_COMPARED,
                        "Nothing was imported: a bill that covers openedAt is imported, and has counted the fee as missing. Ask finance to"
                                + " withdraw it, import the session, and let finance import the bill again.");
            case FINANCE_AT_WORK ->
                new ProblemException(
                                ProblemCode.UNAVAILABLE,
                                "A month is being closed, or a bill matched: send the same request again after Retry-After seconds.")
                        .retryAfter(LATER);
            case TOKEN_ENDED ->
                ProblemException.invalid(
                        "openedAt", "is so long ago that the token has ended: there is no verdict left to ask for");
        };
    }

    static ProblemException outcomeUnknown(UUID session) {
        return new ProblemException(
                        ProblemCode.VENDOR_OUTCOME_UNKNOWN,
                        "A fee may have been taken and no check can be made with this key; open another session with a new"
                                + " key.")
                .sessionId(session);
    }
}

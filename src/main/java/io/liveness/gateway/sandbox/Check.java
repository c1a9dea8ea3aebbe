package io.liveness.gateway.sandbox;

import io.liveness.gateway.sandbox.Books.BookRow;
import io.liveness.gateway.sandbox.Books.FeeState;
import io.liveness.gateway.sandbox.Scenario.Delivery;
import io.liveness.gateway.sandbox.Scenario.Ending;
import io.liveness.gateway.sandbox.Scenario.ResultPlan;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One check and its fee, from init to the verdict. All changes happen under its lock, so that a fee is settled once. */
final class Check {

    private final Opening opening;
    private final Scenario scenario;
    private Optional<Verdict> pageVerdict = Optional.empty();
    private Optional<Verdict> fetched = Optional.empty();
    private Optional<Instant> fetchedAt = Optional.empty();
    private int resultCalls;

    /**
     * How the check was opened.
     *
     * @param taskNo of the init
     * @param actions the movements drawn for it, in order
     * @param lateAt when scenario {@code late} has its verdict
     */
    record Opening(
            String taskNo,
            String token,
            InitOrder order,
            List<String> actions,
            Instant at,
            Instant expiresAt,
            Instant lateAt) {}

    /** How a check may end, and what that means for its fee (vendor document, 计费说明). */
    enum Verdict {
        PASSED(200, FeeState.CHARGED),
        NOT_PASSED(202, FeeState.CHARGED),
        FAILED(203, FeeState.REFUNDED);

        private final int code;
        private final FeeState fee;

        Verdict(int code, FeeState fee) {
            this.code = code;
            this.fee = fee;
        }

        int code() {
            return code;
        }

        private FeeState fee() {
            return fee;
        }

        /** Finds a verdict by the word of the check page: {@code passed}, {@code not-passed} or {@code failed}. */
        static Optional<Verdict> named(String name) {
            return Arrays.stream(values())
                    .filter(verdict -> verdict.name()
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '-')
                            .equals(name))
                    .findFirst();
        }
    }

    /** An answer to result, and what becomes of it. */
    record ResultAnswer(int code, Delivery delivery) {}

    enum CheckState {
        OPEN,
        FINISHED,
        EXPIRED
    }

    Check(Opening opening) {
        this.opening = opening;
        this.scenario = opening.order().scenario();
    }

    Opening opening() {
        return opening;
    }

    /** One call of result: settles the fee when the answer is a verdict. */
    synchronized ResultAnswer ask(Instant now) {
        resultCalls++;
        ResultPlan plan = scenario.results();
        if (plan.refuses(resultCalls)) {
            return new ResultAnswer(plan.code(), Delivery.PLAIN);
        }
        return new ResultAnswer(fetch(now), plan.delivery(resultCalls));
    }

    synchronized CheckState state(Instant now) {
        if (pageVerdict.isPresent()) {
            return CheckState.FINISHED;
        }
        return expired(now) ? CheckState.EXPIRED : CheckState.OPEN;
    }

    /**
     * The page is done. Its verdict counts unless the scenario brings its own.
     *
     * @return the verdict that counts; empty when the check is finished or expired already
     */
    synchronized Optional<Verdict> finish(Verdict verdict, Instant now) {
        if (state(now) != CheckState.OPEN) {
            return Optional.empty();
        }
        pageVerdict = Optional.of(verdict);
        return Optional.of(scripted().orElse(verdict));
    }

    /** The fee as it stands: settled by the first verdict that was fetched, else returned when the token expires. */
    synchronized BookRow row(Instant now, BigDecimal price) {
        Optional<Instant> expiredAt = Optional.of(opening.expiresAt()).filter(end -> expired(now));
        return new BookRow(
                opening.taskNo(),
                opening.token(),
                opening.order().returnUrl(),
                opening.order().title(),
                opening.at(),
                fetched.map(Verdict::fee).orElse(expired(now) ? FeeState.REFUNDED : FeeState.PRE_DEDUCTED),
                fetchedAt.or(() -> expiredAt),
                price,
                resultCalls,
                scenario.init().delivery().loses());
    }

    private int fetch(Instant now) {
        if (fetched.isPresent()) {
            return scenario.ending() == Ending.CONTRADICTORY
                    ? Verdict.PASSED.code()
                    : fetched.get().code();
        }
        if (expired(now)) {
            return VendorAnswer.TOKEN_EXPIRED;
        }
        fetched = verdict(now);
        fetchedAt = fetched.map(verdict -> now);
        return fetched.map(Verdict::code).orElse(VendorAnswer.NO_RESULT_YET);
    }

    private Optional<Verdict> verdict(Instant now) {
        boolean tooEarly = scenario.ending() == Ending.LATE && now.isBefore(opening.lateAt());
        return tooEarly ? Optional.empty() : scripted().or(() -> pageVerdict);
    }

    private Optional<Verdict> scripted() {
        return switch (scenario.ending()) {
            case PASSED, LATE -> Optional.of(Verdict.PASSED);
            case NOT_PASSED, CONTRADICTORY -> Optional.of(Verdict.NOT_PASSED);
            case FAILED -> Optional.of(Verdict.FAILED);
            case BY_PAGE -> Optional.empty();
        };
    }

    private boolean expired(Instant now) {
        return !now.isBefore(opening.expiresAt());
    }
}

package io.liveness.gateway.sandbox.check;

import io.liveness.gateway.sandbox.scenario.AnswerCode;
import io.liveness.gateway.sandbox.scenario.Scenario;
import io.liveness.gateway.sandbox.scenario.Scenario.Delivery;
import io.liveness.gateway.sandbox.scenario.Scenario.Ending;
import io.liveness.gateway.sandbox.scenario.Scenario.ResultPlan;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One check, from init to its verdict. All changes happen under its lock, so that a fee is settled once. */
public final class Check {

    private final Opening opening;
    private final Optional<Fee> fee;
    private Optional<CheckVerdict> pageVerdict = Optional.empty();
    private Optional<CheckVerdict> fetched = Optional.empty();
    private int resultCalls;

    /**
     * How the check was opened.
     *
     * @param taskNo of the init
     * @param actions the movements drawn for it, in order
     */
    public record Opening(
            String taskNo,
            String token,
            InitOrder order,
            Scenario scenario,
            List<String> actions,
            Instant at,
            Instant expiresAt,
            Duration lateVerdictAfter) {}

    /** An answer to result, and what becomes of it. */
    public record Result(int code, Delivery delivery) {}

    public enum State {
        OPEN,
        FINISHED,
        EXPIRED
    }

    Check(Opening opening) {
        this.opening = opening;
        this.fee = opening.scenario().init().fee() ? Optional.of(new Fee(opening.expiresAt())) : Optional.empty();
    }

    public Opening opening() {
        return opening;
    }

    /** One call of result: settles the fee when the answer is a verdict or the expiry. */
    public synchronized Result ask(Instant now) {
        resultCalls++;
        ResultPlan plan = opening.scenario().results();
        if (plan.refuses(resultCalls)) {
            return new Result(plan.code(), Delivery.PLAIN);
        }
        return new Result(fetch(now), plan.delivery(resultCalls));
    }

    public synchronized State state(Instant now) {
        if (pageVerdict.isPresent()) {
            return State.FINISHED;
        }
        return expired(now) ? State.EXPIRED : State.OPEN;
    }

    /**
     * The page is done. Its verdict counts unless the scenario brings its own.
     *
     * @return the verdict that counts; empty when the check is finished or expired already
     */
    public synchronized Optional<CheckVerdict> finish(CheckVerdict verdict, Instant now) {
        if (state(now) != State.OPEN) {
            return Optional.empty();
        }
        pageVerdict = Optional.of(verdict);
        return Optional.of(scripted().orElse(verdict));
    }

    /** The fee as it stands, if one was taken. */
    public synchronized Optional<BookRow> row(Instant now, BigDecimal price) {
        return fee.map(taken -> taken.state(now))
                .map(state -> new BookRow(
                        opening.taskNo(),
                        opening.token(),
                        opening.order().returnUrl(),
                        opening.order().title(),
                        opening.at(),
                        state.status(),
                        state.settledAt(),
                        price,
                        resultCalls,
                        opening.scenario().init().delivery().loses()));
    }

    private int fetch(Instant now) {
        if (fetched.isPresent()) {
            return opening.scenario().ending() == Ending.CONTRADICTORY
                    ? CheckVerdict.PASSED.code()
                    : fetched.get().code();
        }
        if (expired(now)) {
            return AnswerCode.TOKEN_EXPIRED;
        }
        fetched = verdict(now);
        fetched.ifPresent(verdict -> fee.ifPresent(taken -> taken.settle(verdict.fee(), now)));
        return fetched.map(CheckVerdict::code).orElse(AnswerCode.NO_RESULT_YET);
    }

    private Optional<CheckVerdict> verdict(Instant now) {
        boolean tooEarly = opening.scenario().ending() == Ending.LATE
                && now.isBefore(opening.at().plus(opening.lateVerdictAfter()));
        return tooEarly ? Optional.empty() : scripted().or(() -> pageVerdict);
    }

    private Optional<CheckVerdict> scripted() {
        return switch (opening.scenario().ending()) {
            case PASSED, LATE -> Optional.of(CheckVerdict.PASSED);
            case NOT_PASSED, CONTRADICTORY -> Optional.of(CheckVerdict.NOT_PASSED);
            case FAILED -> Optional.of(CheckVerdict.FAILED);
            case BY_PAGE -> Optional.empty();
        };
    }

    private boolean expired(Instant now) {
        return !now.isBefore(opening.expiresAt());
    }

    /** One fee. It is settled once; unsettled it returns by itself when its token expires. */
    static final class Fee {

        private final Instant expiresAt;
        private FeeState status = FeeState.PRE_DEDUCTED;
        private Optional<Instant> settledAt = Optional.empty();

        Fee(Instant expiresAt) {
            this.expiresAt = expiresAt;
        }

        synchronized void settle(FeeState outcome, Instant now) {
            if (state(now).status() == FeeState.PRE_DEDUCTED) {
                status = outcome;
                settledAt = Optional.of(now);
            }
        }

        synchronized State state(Instant now) {
            if (status == FeeState.PRE_DEDUCTED && !now.isBefore(expiresAt)) {
                return new State(FeeState.REFUNDED, Optional.of(expiresAt));
            }
            return new State(status, settledAt);
        }

        record State(FeeState status, Optional<Instant> settledAt) {}
    }
}

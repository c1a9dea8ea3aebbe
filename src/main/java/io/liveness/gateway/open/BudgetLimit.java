package io.liveness.gateway.open;

import io.liveness.gateway.ledger.BudgetStanding;
import io.liveness.gateway.ledger.CallerBudgets;
import io.liveness.gateway.ledger.Money;
import io.liveness.gateway.ledger.Prices;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.postgres.DatabaseUnavailable;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.RateLimitFields;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.session.SqlValues;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Applies a caller's monthly budget: shows it with each answer to an open, and has a hard stop decided by the statement that stores an
 * open.
 */
@Singleton
public class BudgetLimit {

    private static final Duration AN_HOUR = Duration.ofHours(1);

    private final CallerBudgets budgets;
    private final Prices prices;
    private final Refusals refusals;
    private final Clock clock;

    BudgetLimit(CallerBudgets budgets, Prices prices, Refusals refusals, Clock clock) {
        this.budgets = budgets;
        this.prices = prices;
        this.refusals = refusals;
        this.clock = clock;
    }

    /** Adds the caller's budget, when it has one, to the limits that the answer tells. */
    public void tell(HttpServerResponse response, Caller caller) {
        Instant now = clock.instant();
        budgets.of(caller.name()).filter(budget -> budget.isOf(now)).ifPresent(budget -> tell(response, budget, now));
    }

    private static void tell(HttpServerResponse response, BudgetStanding budget, Instant now) {
        RateLimitFields.add(
                response,
                "budget",
                "q=" + budget.budget().minorUnits() + ";qu=\"" + budget.budget().currency() + "\";w="
                        + budget.secondsOfMonth(),
                "r=" + budget.left().minorUnits() + ";t=" + budget.secondsLeft(now) + ";reached=" + budget.reached());
    }

    /**
     * A budget that nothing may be opened beyond.
     *
     * @param fee of an open that has no outcome yet, in the units of {@link Money}; 0 when fees are in another currency than the budget
     */
    record HardStop(String caller, Money budget, long fee, Instant monthBegan) {

        /** Of {@code budget_room}, in its order. */
        List<Object> arguments() {
            return List.of(caller, budget.currency(), budget.units(), fee, SqlValues.time(monthBegan));
        }
    }

    /**
     * The budget of the caller when it has a hard stop. With a new price before the open has an outcome the higher one counts.
     *
     * @throws DatabaseUnavailable while this process does not know the budgets
     */
    Optional<HardStop> hardStop(Opening opening) {
        if (!budgets.areKnown()) {
            throw DatabaseUnavailable.notInTime();
        }
        Instant now = opening.startedAt();
        return budgets.of(opening.caller().name())
                .filter(BudgetStanding::hardStop)
                .map(budget -> new HardStop(
                        opening.caller().name(),
                        budget.budget(),
                        Stream.of(prices.at(now), prices.at(opening.orphanedAt()))
                                .filter(price ->
                                        price.currency().equals(budget.budget().currency()))
                                .mapToLong(Money::units)
                                .max()
                                .orElse(0),
                        budget.beginningOfMonth(now)));
    }

    /** The refusal when the caller's budget is spent. */
    ProblemException refuse(Caller caller) {
        Instant now = clock.instant();
        refusals.count(caller, RefusedBy.BUDGET);
        return budgets.of(caller.name())
                .map(budget -> {
                    Duration wait = Duration.ofSeconds(budget.secondsLeft(now));
                    return OpeningProblems.budgetExhausted(
                            budget.budget(), wait.compareTo(AN_HOUR) < 0 ? wait : AN_HOUR);
                })
                // It was removed meanwhile.
                .orElseGet(OpeningProblems::inFlight);
    }
}

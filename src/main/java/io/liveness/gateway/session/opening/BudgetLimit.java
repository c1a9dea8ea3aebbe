package io.liveness.gateway.session.opening;

import io.liveness.gateway.billing.BudgetStanding;
import io.liveness.gateway.billing.CallerBudgets;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.RateLimitFields;
import io.liveness.gateway.platform.security.Caller;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Applies a caller's monthly budget: shows it with each answer to an open, and refuses opens once a budget with a hard stop is spent. */
@Singleton
public class BudgetLimit {

    private static final Duration AN_HOUR = Duration.ofHours(1);

    private final CallerBudgets budgets;
    private final Refusals refusals;
    private final Clock clock;

    BudgetLimit(CallerBudgets budgets, Refusals refusals, Clock clock) {
        this.budgets = budgets;
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
                "q=" + budget.budget().minor() + ";qu=\"" + budget.budget().currency() + "\";w="
                        + budget.secondsOfMonth(),
                "r=" + budget.left() + ";t=" + budget.secondsLeft(now) + ";reached=" + budget.reached());
    }

    /** The refusal when the caller's budget is spent; empty when the caller may open. */
    Optional<Supplier<ProblemException>> refusal(Caller caller) {
        Instant now = clock.instant();
        return budgets.of(caller.name()).filter(budget -> budget.stops(now)).map(budget -> {
            Duration wait = Duration.ofSeconds(budget.secondsLeft(now));
            return () -> {
                refusals.count(caller, RefusedBy.BUDGET);
                return OpeningProblems.budgetExhausted(budget.budget(), wait.compareTo(AN_HOUR) < 0 ? wait : AN_HOUR);
            };
        });
    }
}

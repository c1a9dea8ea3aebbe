package io.liveness.gateway.check.open;

import io.liveness.gateway.books.BudgetStanding;
import io.liveness.gateway.books.CallerBudgets;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.Prices;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.RateLimitFields;
import io.liveness.gateway.platform.security.Caller;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Applies a caller's monthly budget: shows it with each answer to an open, and has a hard stop decided by the statement that stores an
 * open.
 */
@Singleton
public class BudgetLimit {

    private static final Duration AN_HOUR = Duration.ofHours(1);

    /** {@link #forOpens} of an open whose fee is taken: no budget stops it. */
    static final JsonObject NO_LIMIT = new JsonObject();

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

    private static JsonObject json(Map<String, Money> hardStops) {
        JsonObject json = new JsonObject();
        hardStops.forEach((caller, budget) ->
                json.put(caller, new JsonObject().put("amount", budget.units()).put("currency", budget.currency())));
        return json;
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
     * What {@code budget_room} needs: configured hard stops, the fee of one of these opens by currency, and when the month began. With a
     * new price before an open has an outcome the higher one counts.
     */
    JsonObject forOpens(List<Opening> openings) {
        JsonObject fees = new JsonObject();
        openings.stream()
                .flatMap(opening -> Stream.of(opening.startedAt(), opening.orphanedAt()))
                .map(prices::at)
                .forEach(price ->
                        fees.put(price.currency(), Math.max(price.units(), fees.getLong(price.currency(), 0L))));
        return new JsonObject()
                .put("hardStops", json(budgets.configuredHardStops()))
                .put("fees", fees)
                .put(
                        "monthBegan",
                        month(openings.get(0).startedAt()).toInstant().toString());
    }

    /** Whether opens of the caller may have to be counted, as this replica has read lately. It decides nothing but whom they wait for. */
    boolean mayStop(String caller) {
        return budgets.of(caller).filter(BudgetStanding::hardStop).isPresent();
    }

    /** The refusal when the caller's budget is spent. */
    ProblemException refuse(Caller caller) {
        Instant now = clock.instant();
        refusals.report(caller, RefusedBy.BUDGET);
        Duration wait = Duration.between(now, month(now).plusMonths(1).toInstant());
        return new ProblemException(
                        ProblemCode.BUDGET_EXHAUSTED,
                        "The budget of this month is spent. Nothing was opened and the key is unchanged: ask finance for a larger"
                                + " budget, or send the same request again next month.")
                .retryAfter(wait.compareTo(AN_HOUR) < 0 ? wait : AN_HOUR);
    }

    private ZonedDateTime month(Instant now) {
        return YearMonth.from(now.atZone(prices.zone())).atDay(1).atStartOfDay(prices.zone());
    }
}

package io.liveness.gateway.finance.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.books.BudgetStanding;
import io.liveness.gateway.books.CallerBudgets;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.Month;
import io.liveness.gateway.books.Prices;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatchBudgetsTest {

    private static final ConfiguredBudgets NONE = new ConfiguredBudgets(List.of());

    private final CallerBudgets standings = new CallerBudgets();
    private final WatchBudgets watch = new WatchBudgets(
            new Overtaken(),
            standings,
            NONE,
            new Prices(List.of("2020-01-01=0.80 CNY"), ZoneOffset.UTC),
            Clock.systemUTC(),
            new SimpleMeterRegistry());

    @Test
    void a_reading_waits_for_no_other_and_takes_the_place_of_no_later_one() {
        watch.watch();

        assertThat(standings.of("shop").map(BudgetStanding::spent)).contains(2L);
    }

    /** A second reading begins and ends within the first one. */
    private final class Overtaken extends StoreBudgets {

        private final AtomicInteger readings = new AtomicInteger();

        Overtaken() {
            super(null, NONE, Clock.systemUTC());
        }

        @Override
        void moveOn(Month month) {
            // The test stores nothing.
        }

        @Override
        Map<String, Budget.Standing> standings(Month month) {
            int reading = readings.incrementAndGet();
            if (reading == 1) {
                assertThat(CompletableFuture.runAsync(watch::watch)).succeedsWithin(Duration.ofSeconds(20));
            }
            Budget budget = new Budget("shop", new Money(10, "CNY"), false, null, null);
            return Map.of("shop", new Budget.Standing(budget, month, reading));
        }
    }
}

package io.liveness.gateway.jumdata;

import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.Locale;

/** Counts places in the budget: {@code liveness.budget.calls}. */
@Startup // its metrics are there from the start
@Singleton
class BudgetMetrics {

    private static final String GRANTED = "granted";
    private static final String REFUSED = "refused";
    private static final String RETURNED = "returned";

    private final MeterRegistry registry;

    BudgetMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Purpose purpose : Purpose.values()) {
            // Registered before they count anything, so that an alert sees the first increase.
            taken(purpose, 0, 0);
            returned(purpose, 0);
        }
    }

    void taken(Purpose purpose, int wanted, int granted) {
        count(purpose, GRANTED, granted);
        count(purpose, REFUSED, wanted - granted);
    }

    void returned(Purpose purpose, int unused) {
        count(purpose, RETURNED, unused);
    }

    private void count(Purpose purpose, String outcome, int calls) {
        Counter.builder("liveness.budget.calls")
                .description("Calls to the vendor that were asked of the budget")
                .tag("purpose", purpose.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .tag("outcome", outcome)
                .register(registry)
                .increment(calls);
    }
}

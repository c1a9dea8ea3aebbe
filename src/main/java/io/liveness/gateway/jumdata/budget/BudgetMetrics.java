package io.liveness.gateway.jumdata.budget;

import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;

/** Counts places in the budget: {@code liveness.budget.calls}. */
@Startup // its metrics are there from the start
@Singleton
class BudgetMetrics {

    /** Made once: to look a counter up by its tags costs more than to count. */
    private record Counters(Counter granted, Counter refused, Counter returned) {}

    private final Map<Purpose, Counters> counters = new EnumMap<>(Purpose.class);

    BudgetMetrics(MeterRegistry registry) {
        for (Purpose purpose : Purpose.values()) {
            counters.put(
                    purpose,
                    new Counters(
                            counter(registry, purpose, "granted"),
                            counter(registry, purpose, "refused"),
                            counter(registry, purpose, "returned")));
        }
    }

    private static Counter counter(MeterRegistry registry, Purpose purpose, String outcome) {
        return Counter.builder("liveness.budget.calls")
                .description("Calls to the vendor that requested a permit of the budget")
                .tag("purpose", purpose.label())
                .tag("outcome", outcome)
                .register(registry);
    }

    void taken(Purpose purpose, int wanted, int granted) {
        counters.get(purpose).granted().increment(granted);
        counters.get(purpose).refused().increment(wanted - granted);
    }

    void returned(Purpose purpose, int unused) {
        counters.get(purpose).returned().increment(unused);
    }
}

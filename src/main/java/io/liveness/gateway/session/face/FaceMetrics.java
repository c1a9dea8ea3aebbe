package io.liveness.gateway.session.face;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;

/** Counts the fetches of face images by outcome. */
@Startup // an alert sees the first increase: all outcomes are registered before one is counted
@Singleton
class FaceMetrics {

    private final MeterRegistry registry;

    FaceMetrics(MeterRegistry registry) {
        this.registry = registry;
        List.of(FaceOutcome.values()).forEach(this::counter);
    }

    void fetched(FaceOutcome outcome) {
        counter(outcome).increment();
    }

    private Counter counter(FaceOutcome outcome) {
        return Counter.builder("liveness.faces.fetched")
                .description("Requests for face images, by outcome")
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }
}

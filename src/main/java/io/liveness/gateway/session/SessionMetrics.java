package io.liveness.gateway.session;

import io.liveness.gateway.vendor.OpenOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Locale;

/** What operations count of sessions. */
@Singleton
class SessionMetrics {

    private final MeterRegistry registry;
    private final Counter contradicted;
    private final Counter unanswered;

    SessionMetrics(MeterRegistry registry) {
        this.registry = registry;
        // Registered before they count anything, so that an alert sees the first increase.
        this.contradicted = registry.counter("liveness.sessions.contradicted");
        this.unanswered = registry.counter("liveness.verdicts.unanswered");
    }

    /** An attempt to open, by what is known after it: accepted, refused or unknown. */
    void opened(OpenOutcome outcome) {
        String name = outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        registry.counter("liveness.sessions.opened", "outcome", name).increment();
    }

    void settled(String status) {
        registry.counter("liveness.sessions.settled", "status", status).increment();
    }

    /** A later answer differed from the recorded one; finance and operations want to know. */
    void contradicted() {
        contradicted.increment();
    }

    /** The vendor could not tell and the session keeps to its timetable. */
    void unanswered() {
        unanswered.increment();
    }
}

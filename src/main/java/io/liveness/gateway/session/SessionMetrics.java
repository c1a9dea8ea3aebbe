package io.liveness.gateway.session;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** What operations count of sessions. */
@Singleton
class SessionMetrics {

    private final MeterRegistry registry;

    SessionMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void opened(String status) {
        registry.counter("liveness.sessions.opened", "status", status).increment();
    }

    void settled(String status) {
        registry.counter("liveness.sessions.settled", "status", status).increment();
    }

    /** A later answer differed from the recorded one; finance and operations want to know. */
    void contradicted() {
        registry.counter("liveness.sessions.contradicted").increment();
    }

    /** The vendor could not tell and the session keeps to its timetable. */
    void unanswered() {
        registry.counter("liveness.verdicts.unanswered").increment();
    }
}

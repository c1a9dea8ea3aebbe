package io.liveness.gateway.privacy.face;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;

/** Counts redacted face images. */
@Startup // both counters are there from the start
@Singleton
public class Redactions {

    /** What asked for the redaction of a face image. */
    public enum RedactedBy {
        /** The owner of the session, by the API. */
        CALLER,
        /** The gateway, after {@code liveness.face.retention}. */
        RETENTION;

        /** As metrics have it; events have {@link #RETENTION} in the same form, and the caller's name. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final MeterRegistry registry;

    Redactions(MeterRegistry registry) {
        this.registry = registry;
        List.of(RedactedBy.values()).forEach(this::counter);
    }

    public void count(RedactedBy by, int images) {
        counter(by).increment(images);
    }

    private Counter counter(RedactedBy by) {
        return Counter.builder("liveness.faces.redacted")
                .description("Redacted face images, by what asked for it")
                .tag("by", by.label())
                .register(registry);
    }
}

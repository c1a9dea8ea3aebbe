package io.liveness.gateway.privacy.face;

import io.liveness.gateway.check.retention.FaceAddresses;
import io.liveness.gateway.platform.security.Caller;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Redacts face images for their callers, and counts all that are redacted. */
@Startup // both counters are there from the start
@Singleton
public class Redactions {

    /** What asked for the redaction of a face image. */
    public enum RedactedBy {
        /** The owner of the session, by the API. */
        CALLER,
        /** The gateway, after {@code liveness.face.retention}. */
        RETENTION;

        /**
         * The name in metrics. Events have the same word for {@link #RETENTION}, and the name of the caller otherwise.
         */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final FaceAddresses addresses;
    private final MeterRegistry registry;

    Redactions(FaceAddresses addresses, MeterRegistry registry) {
        this.addresses = addresses;
        this.registry = registry;
        List.of(RedactedBy.values()).forEach(this::counter);
    }

    /**
     * Redacts the face image of an own session for good: a settled session never gets an address again. Changes nothing the second time.
     *
     * @param actor for the record, see {@link Caller#actor}
     */
    Uni<Void> redact(UUID id, Caller caller, String actor) {
        return addresses
                .redact(id, caller.name(), actor)
                .invoke(redacted -> count(RedactedBy.CALLER, redacted))
                .replaceWithVoid();
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

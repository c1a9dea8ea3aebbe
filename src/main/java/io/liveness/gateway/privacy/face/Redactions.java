package io.liveness.gateway.privacy.face;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;

/** The redaction of face images: its part of a statement, and its count. */
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

    /**
     * Parts of a {@code with} query: {@code redacted} removes the address and has a row for each session, {@code event} records it. $1 is
     * the time, $2 the event's detail.
     *
     * @param sessions name of a part of the same query with the columns {@code id, event_id}, whose sessions are locked
     */
    public static String redactedFrom(String sessions) {
        return """
                redacted as (
                    update liveness_session s
                    set face_url_sealed = null, face_redacted_at = $1, updated_at = $1
                    from %s due
                    where s.id = due.id
                    returning s.id, due.event_id
                ), event as (
                    insert into session_event (id, session_id, type, at, detail)
                    select event_id, id, 'FACE_REDACTED', $1, $2 from redacted
                )
                """.formatted(sessions);
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

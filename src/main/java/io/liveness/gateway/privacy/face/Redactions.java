package io.liveness.gateway.privacy.face;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.platform.security.Caller;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
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

    /** $1 the session, $2 its caller, $3 the event's detail. No row for a session that is not the caller's. */
    private static final String REDACT = """
            with own as (
                select id, face_redacted_at from liveness_session
                where id = $1 and caller = $2 and status = 'PASSED'
                for no key update
            ), redacted as (
                update liveness_session s
                set face_url_sealed = null, face_redacted_at = liveness_now(), updated_at = liveness_now()
                from own
                where s.id = own.id and own.face_redacted_at is null
                returning s.id
            ), face_gone as (
                update session_end set face_since = null
                where caller = $2 and status = 'PASSED' and session_id = (select id from redacted)
            ), event as (
                insert into session_event (session_id, type, at, detail)
                select id, 'FACE_REDACTED', liveness_now(), $3 from redacted
            )
            select (select count(*) from redacted)::int from own
            """;

    private final Database database;
    private final MeterRegistry registry;

    Redactions(Database database, MeterRegistry registry) {
        this.database = database;
        this.registry = registry;
        List.of(RedactedBy.values()).forEach(this::counter);
    }

    /**
     * Redacts the face image of an own session for good: a settled session never gets an address again. Changes nothing the second time.
     *
     * @param actor for the record, see {@link Caller#actor}
     */
    Uni<Void> redact(UUID id, Caller caller, String actor) {
        return database.execute(REDACT, Tuple.of(id, caller.name(), SqlValues.detail("by", actor)))
                .map(Database::only)
                .invoke(own -> count(RedactedBy.CALLER, own.getInteger(0)))
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

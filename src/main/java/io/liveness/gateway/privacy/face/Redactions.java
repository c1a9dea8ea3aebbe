package io.liveness.gateway.privacy.face;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.session.SqlValues;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
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

        /** As metrics have it; events have {@link #RETENTION} in the same form, and the caller's name. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** $1 now, $2 the event's detail, $3 its id, $4 the session, $5 its caller. No row for a session that is not the caller's. */
    private static final String REDACT = """
            with own as materialized (
                select id, face_redacted_at from liveness_session
                where id = $4 and caller = $5 and status = 'PASSED'
                for no key update
            ), redacted as (
                update liveness_session s
                set face_url_sealed = null, face_redacted_at = $1, updated_at = $1
                from own
                where s.id = own.id and own.face_redacted_at is null
                returning s.id
            ), face_gone as (
                update session_end set face_since = null
                where caller = $5 and status = 'PASSED' and session_id = (select id from redacted)
            ), event as (
                insert into session_event (id, session_id, type, at, detail)
                select $3, id, 'FACE_REDACTED', $1, $2 from redacted
            )
            select (select count(*) from redacted)::int from own
            """;

    private final Database database;
    private final Clock clock;
    private final MeterRegistry registry;

    Redactions(Database database, Clock clock, MeterRegistry registry) {
        this.database = database;
        this.clock = clock;
        this.registry = registry;
        List.of(RedactedBy.values()).forEach(this::counter);
    }

    /**
     * Redacts the face image of an own session for good: a settled session never gets an address again. Changes nothing the second time.
     *
     * @param actor for the record, see {@link Caller#actor}
     */
    Uni<Void> redact(UUID id, Caller caller, String actor) {
        Instant now = clock.instant();
        return database.execute(
                        REDACT,
                        Tuple.of(
                                SqlValues.time(now),
                                SqlValues.detail("by", actor),
                                SqlValues.newId(now),
                                id,
                                caller.name()))
                .invoke(own -> {
                    if (own.size() == 0) {
                        throw ProblemException.notFound();
                    }
                    count(RedactedBy.CALLER, own.iterator().next().getInteger(0));
                })
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

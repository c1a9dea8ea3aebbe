package io.liveness.gateway.session.face;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.session.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/** Removes the address of the face image for good: a settled session never gets an address again. */
@Singleton
class RedactFaceImage {

    private static final String REDACT = """
            with own as (
                select id, face_redacted_at from liveness_session
                where id = $1 and caller = $2 and status = 'PASSED'
                for no key update
            ), redacted as (
                update liveness_session s
                set face_url_sealed = null, face_redacted_at = $3, updated_at = $3
                from own
                where s.id = own.id and own.face_redacted_at is null
                returning s.id
            ), event as (
                insert into session_event (id, session_id, type, at, detail)
                select $4, id, 'FACE_REDACTED', $3, '{}' from redacted
            )
            select from own
            """;

    private final Database database;
    private final Clock clock;

    RedactFaceImage(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Changes nothing the second time. */
    Uni<Void> redact(UUID id, Caller caller) {
        Instant now = clock.instant();
        return database.execute(REDACT, Tuple.of(id, caller.name(), Sql.time(now), Sql.newId(now)))
                .invoke(own -> {
                    if (own.size() == 0) {
                        throw ProblemException.notFound();
                    }
                })
                .replaceWithVoid();
    }
}

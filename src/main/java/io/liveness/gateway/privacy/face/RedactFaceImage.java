package io.liveness.gateway.privacy.face;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.privacy.face.Redactions.RedactedBy;
import io.liveness.gateway.session.SqlValues;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/** Removes the address of the face image for good: a settled session never gets an address again. */
@Singleton
class RedactFaceImage {

    private static final String REDACT =
            """
            with own as materialized (
                select id, $3::uuid as event_id, face_redacted_at from liveness_session
                where id = $4 and caller = $5 and status = 'PASSED'
                for no key update
            ), unredacted as (
                select id, event_id from own where face_redacted_at is null
            ),
            """ + Redactions.redactedFrom("unredacted") + "select (select count(*) from redacted)::int from own";

    private final Database database;
    private final Redactions redactions;
    private final Clock clock;

    RedactFaceImage(Database database, Redactions redactions, Clock clock) {
        this.database = database;
        this.redactions = redactions;
        this.clock = clock;
    }

    /**
     * Changes nothing the second time.
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
                    redactions.count(RedactedBy.CALLER, own.iterator().next().getInteger(0));
                })
                .replaceWithVoid();
    }
}

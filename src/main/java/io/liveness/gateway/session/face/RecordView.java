package io.liveness.gateway.session.face;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.session.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/** Records that a face image is passed on, and to which caller. */
@Singleton
class RecordView {

    // The lock excludes a redaction: no view is recorded after it.
    private static final String RECORD = """
            with unredacted as materialized (
                select id from liveness_session where id = $1 and face_url_sealed is not null for share
            )
            insert into face_view (id, session_id, at, viewed_by)
            select $2, id, $3, $4 from unredacted
            """;

    private final Database database;
    private final Clock clock;

    RecordView(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Answers whether it was recorded: not when the face image was redacted meanwhile.
     *
     * @param actor for the record, see {@link io.liveness.gateway.platform.security.Caller#actor}
     */
    Uni<Boolean> record(UUID session, String actor) {
        Instant now = clock.instant();
        return database.execute(RECORD, Tuple.of(session, Sql.newId(now), Sql.time(now), actor))
                .map(recorded -> recorded.rowCount() == 1);
    }
}

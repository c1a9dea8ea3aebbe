package io.liveness.gateway.check;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.platform.security.Caller;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Records that data of a session was shown to a reader that does not own it, and to which. */
@Singleton
public class RecordReads {

    /** $1 the new events, $2 their sessions, $3 now, $4 the reader. */
    private static final String RECORD = """
            insert into session_event (id, session_id, type, at, detail)
            select shown.event, shown.session, 'DATA_READ', $3, jsonb_build_object('by', $4::text)
            from unnest($1::uuid[], $2::uuid[]) shown (event, session)
            """;

    private final Database database;
    private final Clock clock;

    RecordReads(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @param actor for the record, see {@link Caller#actor} */
    public Uni<Void> record(List<SessionRow> shown, Viewer viewer, String actor) {
        UUID[] sessions = shown.stream()
                .filter(session -> !viewer.owns(session))
                .map(SessionRow::id)
                .toArray(UUID[]::new);
        if (sessions.length == 0) {
            return Uni.createFrom().voidItem();
        }
        Instant now = clock.instant();
        UUID[] events = new UUID[sessions.length];
        for (int i = 0; i < events.length; i++) {
            events[i] = SqlValues.newId(now);
        }
        return database.execute(RECORD, Tuple.of(events, sessions, SqlValues.time(now), actor))
                .replaceWithVoid();
    }
}

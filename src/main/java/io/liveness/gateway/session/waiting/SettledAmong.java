package io.liveness.gateway.session.waiting;

import io.liveness.gateway.platform.postgres.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Finds among sessions those that are worth no more waiting. */
@Singleton
class SettledAmong {

    static final String ENDED = """
            select id from liveness_session where id = any($1) and status not in ('OPENING', 'PENDING')
            """;

    private final Database database;

    SettledAmong(Database database) {
        this.database = database;
    }

    Uni<List<UUID>> among(List<UUID> sessions) {
        return database.read(ENDED, Tuple.of(sessions.toArray(UUID[]::new)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getUUID("id"))
                        .toList());
    }
}

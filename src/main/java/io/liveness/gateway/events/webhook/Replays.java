package io.liveness.gateway.events.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** Replays of all deliveries of an endpoint that have failed since a time. {@link RunJobs} does them. */
@Singleton
class Replays {

    /** $1 id, $2 the endpoint, $3 since when, $4 the lowest id of an event of that time. No row while another one is under way. */
    private static final String START = """
            insert into webhook_job (id, endpoint_id, kind, since, position, created_at)
            values ($1, $2, 'REPLAY', $3, $4, liveness_now())
            on conflict (endpoint_id) where kind = 'REPLAY' and ended_at is null do nothing
            returning id, since, moved, created_at, ended_at
            """;

    /** $1 id, $2 the endpoint. */
    private static final String GET = """
            select id, since, moved, created_at, ended_at from webhook_job
            where id = $1 and endpoint_id = $2 and kind = 'REPLAY'
            """;

    private final Database database;

    Replays(Database database) {
        this.database = database;
    }

    /** A replay as the API shows it. {@code endedAt} is null while it is under way. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Replay(UUID id, Instant failedSince, long replayed, Instant createdAt, Instant endedAt) {

        private static Replay of(Row row) {
            return new Replay(
                    row.getUUID("id"),
                    Database.time(row, "since"),
                    row.getLong("moved"),
                    Database.time(row, "created_at"),
                    Database.time(row, "ended_at"));
        }
    }

    Uni<Replay> start(UUID endpoint, Instant since) {
        return database.execute(
                        START,
                        Tuple.of(
                                UuidCreator.getTimeOrderedEpoch(),
                                endpoint,
                                since.atOffset(ZoneOffset.UTC),
                                UuidCreator.getTimeOrderedEpochMin(since)))
                .map(rows -> first(rows)
                        .orElseThrow(() -> new ProblemException(
                                ProblemCode.REPLAY_UNDER_WAY,
                                "A replay of this endpoint is under way. Start another one when it has ended.")));
    }

    Uni<Replay> get(UUID endpoint, UUID replay) {
        return database.read(GET, Tuple.of(replay, endpoint))
                .map(rows -> first(rows).orElseThrow(ProblemException::notFound));
    }

    private static Optional<Replay> first(RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(Replay.of(rows.iterator().next()));
    }
}

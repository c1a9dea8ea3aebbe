package io.liveness.gateway.events.webhook;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.events.EventProblem;
import io.liveness.gateway.platform.postgres.Database;
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

/** Replays of all deliveries of an endpoint that have failed since a time. */
@Singleton
class Replays {

    private final Database database;

    Replays(Database database) {
        this.database = database;
    }

    Uni<ReplayView> start(UUID endpoint, Instant since) {
        return database.execute(
                        JobSql.START_REPLAY,
                        Tuple.of(
                                UuidCreator.getTimeOrderedEpoch(),
                                endpoint,
                                since.atOffset(ZoneOffset.UTC),
                                UuidCreator.getTimeOrderedEpochMin(since)))
                .map(rows -> first(rows)
                        .orElseThrow(() -> new ProblemException(
                                EventProblem.REPLAY_UNDER_WAY,
                                "A replay of this endpoint is under way. Start another one when it has ended.")));
    }

    Uni<ReplayView> get(UUID endpoint, UUID replay) {
        return database.read(JobSql.GET_REPLAY, Tuple.of(replay, endpoint))
                .map(rows -> first(rows).orElseThrow(ProblemException::notFound));
    }

    private static Optional<ReplayView> first(RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(ReplayView.of(rows.iterator().next()));
    }
}

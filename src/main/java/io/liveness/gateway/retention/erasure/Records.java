package io.liveness.gateway.retention.erasure;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.session.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Reads the records of erasures, and repeats them on a database that was restored from a backup. */
@Singleton
class Records {

    /** By how much the clocks of replicas and of the database may differ. */
    private static final Duration CLOCKS = Duration.ofDays(1);

    private final Database database;

    Records(Database database) {
        this.database = database;
    }

    /**
     * A page, oldest first, and one record more when another page follows.
     *
     * @param after the last one of the page before
     */
    Uni<List<RecordView>> list(Instant since, Optional<UUID> after, int pageSize) {
        return database.read(
                        RecordSql.LIST, Tuple.of(after.orElseGet(() -> firstId(since)), Sql.time(since), pageSize + 1))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(RecordView::of)
                        .toList());
    }

    /** The lowest id to read: an id has the time of its replica's clock, which may differ from the database's. */
    private static UUID firstId(Instant since) {
        return since.isBefore(Instant.EPOCH.plus(CLOCKS))
                ? UuidCreator.getTimeOrderedEpochMin(Instant.EPOCH)
                : UuidCreator.getTimeOrderedEpochMin(since.minus(CLOCKS));
    }

    /**
     * Stores a record again, if it is missing; {@link RunErasures} erases its sessions. Sending the same record again changes nothing.
     *
     * @param actor the caller or person that is recorded
     */
    Uni<RepeatedView> repeat(RepeatRequest request, String actor) {
        UUID id = request.erasure();
        return database.execute(
                        RecordSql.REPEAT,
                        Tuple.of(id, request.owner(), Sql.time(request.time()), actor, request.sessions()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw ProblemException.invalid("id", "is an erasure of another caller or of other sessions");
                    }
                    return RepeatedView.of(id, rows.iterator().next());
                });
    }
}

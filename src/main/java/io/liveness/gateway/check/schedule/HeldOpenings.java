package io.liveness.gateway.check.schedule;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.check.SessionConfig;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * What this process opens. It alone has or awaits the answers to its inits, however long it takes to record them, so nobody writes off what
 * it holds while it lives: not itself, and not others while it shows signs of life.
 */
@Singleton
public class HeldOpenings {

    private static final Logger LOG = Logger.getLogger(HeldOpenings.class);

    // One sign may be lost, and a statement may take five seconds.
    private static final int LATE_AFTER = 4;
    private static final int GONE_AFTER = 12;

    /** $1 this process, $2 after how many milliseconds without a sign of life this one comes late. */
    private static final String LIVES = """
            with forgotten as (
                delete from opener where id in (
                    select id from opener where seen_at < liveness_now() - interval '1 hour' and id <> $1 order by id limit 100)
            )
            insert into opener as known (id, seen_at, steady_since) values ($1, liveness_now(), liveness_now())
            on conflict (id) do update
            set seen_at = excluded.seen_at,
                steady_since = case when known.seen_at < excluded.seen_at - $2::float8 * interval '1 millisecond'
                                    then excluded.seen_at else known.steady_since end
            """;

    private final UUID process = UuidCreator.getRandomBased();
    /** How often each is held. */
    private final Map<UUID, Integer> held = new ConcurrentHashMap<>();

    private final Database database;
    private final Duration lateAfter;
    private final Duration goneAfter;

    HeldOpenings(Database database, SessionConfig config) {
        this.database = database;
        this.lateAfter = config.heartbeat().multipliedBy(LATE_AFTER);
        this.goneAfter = config.heartbeat().multipliedBy(GONE_AFTER);
    }

    /** The name of this process, different after each start. */
    public UUID process() {
        return process;
    }

    /** Holds an opening until the work has ended in any way. */
    public <T> Uni<T> during(UUID session, Uni<T> work) {
        return Uni.createFrom().deferred(() -> {
            hold(session);
            return work.onTermination().invoke(() -> release(session));
        });
    }

    /** Holds an opening once more, until it is released as often. */
    public void hold(UUID session) {
        held.merge(session, 1, Integer::sum);
    }

    public void release(UUID session) {
        held.computeIfPresent(session, (id, times) -> times == 1 ? null : times - 1);
    }

    List<UUID> held() {
        return List.copyOf(held.keySet());
    }

    /** A process without a sign of life for so long is gone, if that of another was never late meanwhile. */
    Duration goneAfter() {
        return goneAfter;
    }

    Duration lateAfter() {
        return lateAfter;
    }

    /** Gives a sign of life. Never fails. */
    @NonBlocking
    @Scheduled(identity = "heartbeat", every = "{liveness.heartbeat}", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> live() {
        return FailedWork.orLog(
                LOG,
                "heartbeat.failed",
                Uni.createFrom()
                        .deferred(() -> database.execute(
                                Connections.RESERVED, LIVES, Tuple.of(process, SqlValues.millis(lateAfter))))
                        .replaceWithVoid());
    }
}

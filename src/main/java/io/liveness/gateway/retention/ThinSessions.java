package io.liveness.gateway.retention;

import io.liveness.gateway.platform.encryption.KeyedHash;
import io.liveness.gateway.platform.postgres.ClockWatch;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.session.Columns;
import io.liveness.gateway.session.Sealing;
import io.liveness.gateway.session.Sql;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Thins sessions whose retention is over, on every replica. The first step stores the keyed hash of a session's idempotency key, the second
 * one erases the key and the other data a day later: see {@code docs/decisions/0053-a-key-is-hashed-a-day-before-it-is-erased.md}.
 */
@Startup // its metric is there from the start
@Singleton
class ThinSessions {

    private static final Logger LOG = Logger.getLogger(ThinSessions.class);

    /** Batches of each step in one run at most, so that a long backlog leaves the database room for requests. */
    private static final int BATCHES = 50;

    private static final Duration A_DAY = Duration.ofDays(1);

    private record Hashed(UUID session, KeyedHash key) {}

    private final Database database;
    private final Sealing sealing;
    private final ClockWatch watch;
    private final Clock clock;
    private final Duration retention;
    private final Counter thinned;

    ThinSessions(
            Database database,
            Sealing sealing,
            ClockWatch watch,
            Clock clock,
            ThinningConfig config,
            MeterRegistry registry) {
        this.database = database;
        this.sealing = sealing;
        this.watch = watch;
        this.clock = clock;
        this.retention = config.retention();
        this.thinned = Counter.builder("liveness.sessions.thinned")
                .description("Thinned sessions")
                .register(registry);
    }

    /** Thins what is due. Never fails; the next run goes on with what remains. With a wrong clock it thins nothing. */
    @NonBlocking
    @Scheduled(identity = "thinning", every = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> thin() {
        return Uni.createFrom()
                .deferred(() -> watch.isWrong()
                        ? Uni.createFrom().voidItem()
                        : inBatches(this::hashSome, BATCHES).chain(() -> inBatches(this::thinSome, BATCHES)))
                .onFailure()
                .invoke(failure -> FailedWork.log(LOG, "thinning.failed", failure))
                .onFailure()
                .recoverWithNull();
    }

    private static Uni<Void> inBatches(Supplier<Uni<Integer>> batch, int left) {
        return batch.get()
                .chain(done -> done < ThinningSql.AT_A_TIME || left == 1
                        ? Uni.createFrom().voidItem()
                        : inBatches(batch, left - 1));
    }

    /** Hashes the keys of sessions that are thinned a day later. Returns how many were due. */
    private Uni<Integer> hashSome() {
        double ended = Sql.millis(retention.minus(A_DAY));
        return database.execute(ThinningSql.TO_HASH, Tuple.of(ended)).chain(rows -> {
            List<Hashed> due = StreamSupport.stream(rows.spliterator(), false)
                    .map(this::hashed)
                    .toList();
            return due.isEmpty()
                    ? Uni.createFrom().item(0)
                    : database.execute(ThinningSql.HASH, hashes(ended, due)).replaceWith(due.size());
        });
    }

    private Hashed hashed(Row row) {
        return new Hashed(row.getUUID(0), sealing.keyHash(row.getUUID(0), row.getString(1), row.getString(2)));
    }

    private static Tuple hashes(double ended, List<Hashed> due) {
        return new Columns<>(due)
                .same(ended)
                .add(UUID[]::new, Hashed::session)
                .add(Buffer[]::new, one -> Sql.bytes(one.key().hash()))
                .add(Buffer[]::new, one -> Sql.bytes(one.key().digestSealed()))
                .tuple();
    }

    private Uni<Integer> thinSome() {
        Instant now = clock.instant();
        UUID[] events = Stream.generate(() -> Sql.newId(now))
                .limit(ThinningSql.AT_A_TIME)
                .toArray(UUID[]::new);
        return database.execute(ThinningSql.THIN, Tuple.of(Sql.millis(retention), (Object) events))
                .map(rows -> rows.rowCount())
                .invoke(count -> thinned.increment(count));
    }
}

package io.liveness.gateway.check.open;

import io.liveness.gateway.check.SettledSignals;
import io.liveness.gateway.check.schedule.HeldOpenings;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.DatabaseFailure;
import io.liveness.gateway.platform.postgres.KeepTrying;
import io.liveness.gateway.platform.postgres.connection.PostgresConnections;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Takes back intents whose init was not sent, and those whose statement failed, since each may have been stored. No fee is in doubt, so
 * nothing is kept of them and their keys may be used again. Many share one statement, because opens keep failing while the database is away.
 * If the process ends first, the database refuses to take it back, or the intent is stored after the tries, as by a commit that hung, it is
 * written off as one whose init may have been sent.
 */
@Singleton
public class TakeBackIntents {

    private static final Logger LOG = Logger.getLogger(TakeBackIntents.class);

    // After this time a statement whose answer was given up has ended, or waits only for its commit.
    private static final Duration GIVEN_UP = PostgresConnections.STATEMENT.plusSeconds(2);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
    /** How long a run tries what does not succeed at once. */
    private static final Duration TRIED_FOR = Duration.ofSeconds(10);
    /** A fault of the database, such as a damaged page, does not pass by itself as a rule; an operator may mend it. */
    private static final Duration FAULTS_MATTER = Duration.ofMinutes(10);

    private static final int IN_ONE_STATEMENT = 200;
    // Some tens of megabytes.
    private static final int KEPT = 200_000;

    /**
     * Many at once: $1 sessions, $2 attempts, $3 events of the intents that are taken back. {@code remove_unsent} waits for the rows of the
     * sessions, in the order of their ids, and answers those of $3 that were stored.
     */
    private static final String NEVER_SENT =
            "select intent, " + SettledSignals.sqlToNotify("session_id") + " as told from remove_unsent($1, $2, $3)";

    private final BlockingQueue<Failed> failed = new LinkedBlockingQueue<>(KEPT);
    private final AtomicBoolean running = new AtomicBoolean();
    private final Database database;
    private final HeldOpenings held;
    private final Duration triedFor;
    private final LongSupplier nanos;

    @Inject
    TakeBackIntents(Database database, HeldOpenings held) {
        this(database, held, TRIED_FOR, System::nanoTime);
    }

    /** @param nanos a monotonic clock, as {@link System#nanoTime()} */
    TakeBackIntents(Database database, HeldOpenings held, Duration triedFor, LongSupplier nanos) {
        this.database = database;
        this.held = held;
        this.triedFor = triedFor;
        this.nanos = nanos;
    }

    /**
     * @param intent id of the event that was to be stored with it
     * @param atNanos when storing failed
     */
    private record Failed(UUID session, int attempt, UUID intent, long atNanos) {}

    /** Wraps a step before init. When it fails, init is not sent and the intent is taken back, since it may have been stored. */
    <T> Uni<T> whenFailed(Opening opening, Uni<T> step) {
        return step.onFailure().invoke(() -> later(opening));
    }

    /**
     * Takes back an intent that is stored and whose init is not sent. Never fails: an intent that cannot be taken back now is remembered.
     *
     * @return true when it is taken back or remembered; false when it was given up before, as one whose init may have been sent
     */
    Uni<Boolean> now(Opening opening) {
        Failed one = failed(opening);
        return takeBack(Connections.SHARED, List.of(one))
                .map(taken -> taken.contains(one.intent()))
                .invoke(() -> held.release(one.session()))
                .onFailure()
                .recoverWithItem(() -> {
                    keep(one);
                    return true;
                });
    }

    /** Remembers an intent whose storing failed. */
    void later(Opening opening) {
        keep(failed(opening));
    }

    private Failed failed(Opening opening) {
        held.hold(opening.id());
        return new Failed(opening.id(), opening.attempt(), opening.event(), nanos.getAsLong());
    }

    private void keep(Failed intent) {
        if (!failed.offer(intent)) {
            giveUp(intent, null);
        }
    }

    /** If it is stored, it is written off as one whose init may have been sent. */
    private void giveUp(Failed intent, Throwable failure) {
        LOG.errorf(failure, "session.not-taken-back sessionId=%s", intent.session());
        held.release(intent.session());
    }

    /** Takes back all remembered intents. Never fails; the next run retries what remains. */
    @NonBlocking
    @Scheduled(identity = "take-back", every = "1s")
    Uni<Void> takeBack() {
        return takeBackAll().replaceWithVoid();
    }

    /** @return whether any is left; true as well while another run is under way */
    private Uni<Boolean> takeBackAll() {
        return Uni.createFrom().deferred(() -> {
            if (!running.compareAndSet(false, true)) {
                return Uni.createFrom().item(true);
            }
            // What is put back, because it may yet be stored, belongs to the next run.
            long begun = nanos.getAsLong();
            List<Failed> all = new ArrayList<>();
            failed.drainTo(all);
            return Multi.createFrom()
                    .iterable(all)
                    .group()
                    .intoLists()
                    .of(IN_ONE_STATEMENT)
                    .onItem()
                    .transformToUniAndConcatenate(
                            some -> KeepTrying.rows(left(begun), some, this::takeBackOnce, this::notTakenBack))
                    .collect()
                    .last()
                    .map(done -> !failed.isEmpty())
                    .onTermination()
                    .invoke(() -> running.set(false));
        });
    }

    /** An intent behind others that are locked is tried once at least. */
    private Duration left(long begun) {
        Duration left = triedFor.minusNanos(nanos.getAsLong() - begun);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Completes when nothing is left to take back, for a process that is to end. */
    public Uni<Void> finish() {
        return Uni.createFrom()
                .deferred(this::takeBackAll)
                .repeat()
                .withDelay(BETWEEN_TRIES)
                .whilst(left -> left)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> takeBackOnce(List<Failed> some) {
        long begun = nanos.getAsLong();
        return takeBack(Connections.RESERVED, some)
                .invoke(taken -> some.forEach(one -> {
                    if (taken.contains(one.intent()) || begun - one.atNanos() >= GIVEN_UP.toNanos()) {
                        held.release(one.session());
                    } else {
                        // The statement of this intent may still run.
                        keep(one);
                    }
                }))
                .replaceWithVoid();
    }

    /** What a lock holds up, or the want of a database, passes. */
    private void notTakenBack(Failed one, Throwable failure) {
        DatabaseFailure kind = DatabaseFailure.of(failure);
        boolean forLong = nanos.getAsLong() - one.atNanos() > FAULTS_MATTER.toNanos();
        if (kind == DatabaseFailure.REFUSED_VALUE || kind == DatabaseFailure.FAULT && forLong) {
            giveUp(one, failure);
        } else {
            keep(one);
        }
    }

    /** @return those that were stored and are taken back */
    private Uni<Set<UUID>> takeBack(Connections connections, List<Failed> some) {
        return database.execute(
                connections,
                NEVER_SENT,
                Tuple.of(
                        some.stream().map(Failed::session).toArray(UUID[]::new),
                        some.stream().map(Failed::attempt).toArray(Integer[]::new),
                        some.stream().map(Failed::intent).toArray(UUID[]::new)),
                rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getUUID("intent"))
                        .collect(Collectors.toSet()));
    }
}

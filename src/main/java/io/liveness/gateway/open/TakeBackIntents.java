package io.liveness.gateway.open;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.connection.PostgresConnections;
import io.liveness.gateway.schedule.HeldOpenings;
import io.liveness.gateway.session.Columns;
import io.liveness.gateway.session.SettledSignals;
import io.liveness.gateway.session.SqlValues;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Takes back intents whose statement failed, since each may have been stored. No init was sent for them, so no fee is in doubt and their
 * keys may be used again. Many share one statement, because opens keep failing while the database is away. If the process ends first, or the
 * intent is stored after the tries, as by a commit that hung, it is written off as one whose init may have been sent.
 */
@Singleton
public class TakeBackIntents {

    private static final Logger LOG = Logger.getLogger(TakeBackIntents.class);

    // After this time a statement whose answer was given up has ended, or waits only for its commit.
    private static final Duration GIVEN_UP = PostgresConnections.STATEMENT.plusSeconds(2);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
    private static final int IN_ONE_STATEMENT = 200;
    // Some tens of megabytes.
    private static final int KEPT = 200_000;

    private static final JsonObject REASON =
            SqlValues.detail("reason", "The database could not be reached, and init was not sent", "passing", true);

    /**
     * Many at once: $1 sessions, $2 attempts, $3 events of the intents that are taken back, $4 ids of the new events, $5 now, $6 their
     * detail. The event distinguishes an intent from another of the same attempt that another replica may have stored and sent. Returns
     * those of $4 whose intent was taken back. With a plain comparison of the status PostgreSQL might join all sessions that are
     * open by their partial index, and without the array all there are, where they are few.
     */
    private static final String NEVER_SENT = """
            with failed as materialized (
                select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[]) as f (session_id, attempt, intent, event_id)
            ), refused as (
                update liveness_session s
                set status = 'REJECTED', refusal_passing = true, updated_at = $5
                from failed f
                where s.id = any (array(select session_id from failed)) and s.id = f.session_id
                  and s.attempt = f.attempt and s.status || '' = 'OPENING'
                  and (select true from session_event e where e.id = f.intent and e.session_id = f.session_id limit 1)
                returning s.id, s.caller, f.event_id
            ), unscheduled as (
                delete from session_schedule where session_id in (select id from refused)
            ), ended as (
                insert into session_end (caller, status, session_id, unhashed_since) select caller, 'REJECTED', id, $5 from refused
            ), event as (
                insert into session_event (id, session_id, type, at, detail)
                select event_id, id, 'REJECTED', $5, $6 from refused
            )
            select event_id,
            """ + SettledSignals.notify("id") + " as told from refused";

    private final BlockingQueue<Failed> failed = new LinkedBlockingQueue<>(KEPT);
    private final AtomicBoolean running = new AtomicBoolean();
    private final Database database;
    private final HeldOpenings held;
    private final Clock clock;
    private final LongSupplier nanos;

    @Inject
    TakeBackIntents(Database database, HeldOpenings held, Clock clock) {
        this(database, held, clock, System::nanoTime);
    }

    /** @param nanos a monotonic clock, as {@link System#nanoTime()} */
    TakeBackIntents(Database database, HeldOpenings held, Clock clock, LongSupplier nanos) {
        this.database = database;
        this.held = held;
        this.clock = clock;
        this.nanos = nanos;
    }

    /**
     * @param intent id of the event that was to be stored with it
     * @param event id of the event that tells of its being taken back
     * @param atNanos when storing failed
     */
    private record Failed(UUID session, int attempt, UUID intent, UUID event, long atNanos) {}

    /** Wraps a step before init. When it fails, init is not sent and the intent is taken back, since it may have been stored. */
    <T> Uni<T> whenFailed(Opening opening, Uni<T> step) {
        return step.onFailure().invoke(() -> later(opening));
    }

    /** Remembers an intent whose storing failed. */
    void later(Opening opening) {
        held.hold(opening.id());
        keep(new Failed(
                opening.id(), opening.attempt(), opening.event(), SqlValues.newId(clock.instant()), nanos.getAsLong()));
    }

    private void keep(Failed intent) {
        if (!failed.offer(intent)) {
            LOG.errorf("session.not-taken-back sessionId=%s", intent.session());
            held.release(intent.session());
        }
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
            AtomicInteger left = new AtomicInteger(failed.size());
            return Uni.createFrom()
                    .deferred(() -> some(Math.min(left.get(), IN_ONE_STATEMENT)))
                    .repeat()
                    .whilst(tried -> left.addAndGet(-tried) > 0)
                    .collect()
                    .last()
                    .onFailure()
                    .recoverWithNull()
                    .map(done -> !failed.isEmpty())
                    .onTermination()
                    .invoke(() -> running.set(false));
        });
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

    private Uni<Integer> some(int atMost) {
        List<Failed> some = new ArrayList<>();
        failed.drainTo(some, atMost);
        if (some.isEmpty()) {
            return Uni.createFrom().item(0);
        }
        long begun = nanos.getAsLong();
        return takeBack(some)
                .onFailure()
                .invoke(() -> some.forEach(this::keep))
                .invoke(taken -> some.forEach(one -> {
                    if (taken.contains(one.event()) || begun - one.atNanos() >= GIVEN_UP.toNanos()) {
                        held.release(one.session());
                    } else {
                        // Its statement may still run.
                        keep(one);
                    }
                }))
                .replaceWith(some.size());
    }

    /** @return events of those that were stored and are taken back */
    private Uni<Set<UUID>> takeBack(List<Failed> some) {
        return database.execute(
                Connections.RESERVED,
                NEVER_SENT,
                new Columns<>(some)
                        .add(UUID[]::new, Failed::session)
                        .add(Integer[]::new, Failed::attempt)
                        .add(UUID[]::new, Failed::intent)
                        .add(UUID[]::new, Failed::event)
                        .same(SqlValues.time(clock.instant()))
                        .same(REASON)
                        .tuple(),
                rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getUUID("event_id"))
                        .collect(Collectors.toSet()));
    }
}

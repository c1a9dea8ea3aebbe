package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.Pause;
import io.liveness.gateway.platform.Uncancellable;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/** Holds on to what must be recorded while the database is away. */
public final class KeepTrying {

    private static final Logger LOG = Logger.getLogger(KeepTrying.class);

    /** The longest that a caller waits for the recording of its request. */
    private static final Duration CALLER_WAITS = Duration.ofSeconds(5);

    private static final Duration FROM = Duration.ofMillis(100);
    private static final Duration TO = Duration.ofSeconds(2);
    /**
     * A row that stays locked holds a connection for five seconds at each try, and others need that in between. Both together are less than the
     * time for which {@link DatabaseHealth#wasAwayLately} remembers a try that was held up.
     */
    private static final Duration TO_WHILE_HELD_UP = Duration.ofSeconds(4);

    private KeepTrying() {}

    /**
     * Repeats a recording that changes nothing when it was done before, with back-off, until it succeeds, the database refuses
     * its values, or the time is over.
     */
    public static <T> Uni<T> until(Duration atMost, Uni<T> recording) {
        return Uni.createFrom().deferred(() -> {
            // The time is the steady one: the machine's clock may be set meanwhile.
            long begun = System.nanoTime();
            Predicate<Throwable> worthwhile = failure -> DatabaseFailure.of(failure) != DatabaseFailure.REFUSED_VALUE
                    && System.nanoTime() - begun < atMost.toNanos();
            // The first try allocates nothing for a second one, which is rare.
            return recording.onFailure(worthwhile).recoverWithUni(failure -> {
                report(failure, atMost);
                return again(recording, worthwhile);
            });
        });
    }

    /** What does not pass by itself, perhaps, must be heard of before the time is over. */
    private static void report(Throwable failure, Duration atMost) {
        if (!DatabaseFailure.of(failure).isUnavailable()) {
            LOG.errorf(failure, "database.retries for up to %s", atMost);
        }
    }

    private static <T> Uni<T> again(Uni<T> recording, Predicate<Throwable> worthwhile) {
        Executor caller = CallerContext.capture();
        return Pause.atLeast(FROM)
                // Each try begins on a timer's thread, and belongs to the caller's trace and log.
                .chain(() -> recording
                        .runSubscriptionOn(caller)
                        .onFailure(worthwhile)
                        .retry()
                        .withBackOff(FROM, TO)
                        .indefinitely())
                .emitOn(caller);
    }

    /**
     * Records rows by one statement, which changes nothing of what was recorded before. When the database refuses a value, a lock holds the
     * statement up, or it fails by a fault, as of a damaged page, the rows are parted until the one is alone, so that the others do not wait
     * for it. One statement follows another: a slow database has no more of them at a time.
     *
     * @param atMost how long each row is tried again; with zero rows are parted for a refused value alone
     * @param failed called for each row that the database refuses, or whose time is over
     * @return completes when no row is left to be tried
     */
    public static <T> Uni<Void> rows(
            Duration atMost, List<T> rows, Function<List<T>, Uni<Void>> statement, BiConsumer<T, Throwable> failed) {
        long begun = System.nanoTime();
        // The first try allocates nothing for what is rare.
        return statement
                .apply(rows)
                .onFailure()
                .recoverWithUni(failure -> new Parts<>(atMost, begun, statement, failed).goOn(rows, failure));
    }

    /** Rows that are not recorded yet, in the parts in which they are tried. */
    private static final class Parts<T> {

        /** A lock is found by the third statement: 250 rows, then 32, then 4, then one. */
        private static final int PARTS = 8;

        private record Share<T>(List<T> rows, Duration pause) {}

        private final Duration atMost;
        private final long begun;
        private final Function<List<T>, Uni<Void>> statement;
        private final BiConsumer<T, Throwable> failed;
        private final Deque<Share<T>> left = new ArrayDeque<>();
        private boolean reported;

        Parts(Duration atMost, long begun, Function<List<T>, Uni<Void>> statement, BiConsumer<T, Throwable> failed) {
            this.atMost = atMost;
            this.begun = begun;
            this.statement = statement;
            this.failed = failed;
        }

        Uni<Void> goOn(List<T> rows, Throwable failure) {
            Executor caller = CallerContext.capture();
            failed(new Share<>(rows, Duration.ZERO), failure);
            return Uni.createFrom()
                    .deferred(() -> left.isEmpty() ? Uni.createFrom().item(false) : next(caller))
                    .repeat()
                    .whilst(more -> more)
                    .collect()
                    .last()
                    .replaceWithVoid();
        }

        private Uni<Boolean> next(Executor caller) {
            Share<T> part = left.poll();
            return Pause.atLeast(part.pause())
                    .emitOn(caller)
                    .chain(() -> statement.apply(part.rows()))
                    .onItemOrFailure()
                    .transform((recorded, failure) -> {
                        if (failure != null) {
                            failed(part, failure);
                        }
                        return !left.isEmpty();
                    });
        }

        private void failed(Share<T> part, Throwable failure) {
            DatabaseFailure kind = DatabaseFailure.of(failure);
            boolean refused = kind == DatabaseFailure.REFUSED_VALUE;
            boolean inTime = System.nanoTime() - begun < atMost.toNanos();
            boolean ofOneRow = inTime && (kind == DatabaseFailure.HELD_UP || kind == DatabaseFailure.FAULT);
            List<T> rows = part.rows();
            if (rows.size() > 1 && (refused || ofOneRow)) {
                int size = (rows.size() + PARTS - 1) / PARTS;
                for (int from = 0; from < rows.size(); from += size) {
                    left.add(new Share<>(rows.subList(from, Math.min(from + size, rows.size())), Duration.ZERO));
                }
            } else if (refused || !inTime) {
                rows.forEach(row -> failed.accept(row, failure));
            } else {
                Duration longest = kind == DatabaseFailure.HELD_UP ? TO_WHILE_HELD_UP : TO;
                repeat(new Share<>(rows, longer(part.pause(), longest)), ofOneRow, failure);
            }
        }

        private void repeat(Share<T> part, boolean afterTheOthers, Throwable failure) {
            if (!reported) {
                reported = true;
                report(failure, atMost);
            }
            if (afterTheOthers) {
                left.addLast(part);
            } else {
                left.addFirst(part);
            }
        }

        private static Duration longer(Duration pause, Duration longest) {
            Duration twice = pause.multipliedBy(2);
            return pause.isZero() ? FROM : twice.compareTo(longest) > 0 ? longest : twice;
        }
    }

    /** Records while a caller waits. After a time limit the caller receives {@link DatabaseUnavailable}, and the recording continues. */
    public static <T> Uni<T> withCallerWaiting(Uni<T> recording) {
        return Uni.createFrom().emitter(waiting -> {
            Executor caller = CallerContext.capture();
            Uncancellable.from(recording
                            .onFailure()
                            .invoke(lost -> LOG.errorf(
                                    DatabaseUnavailable.behind(lost).isPresent() ? null : lost,
                                    "database.not-recorded %s",
                                    lost.getMessage())))
                    .subscribe()
                    .with(
                            recorded -> caller.execute(() -> waiting.complete(recorded)),
                            lost -> caller.execute(() -> waiting.fail(lost)));
            // After that: what must be recorded is, even when no timer can be had.
            waiting.onTermination(timer(() -> waiting.fail(DatabaseUnavailable.notInTime())));
        });
    }

    /**
     * A timer of the event loop, where the caller is on one: a timer of Mutiny that is cancelled still holds what it would have done
     * until its time is up. @return cancels it
     */
    private static Runnable timer(Runnable timeUp) {
        Context context = Vertx.currentContext();
        if (context == null) {
            Future<?> timer = Infrastructure.getDefaultWorkerPool()
                    .schedule(timeUp, CALLER_WAITS.toMillis(), TimeUnit.MILLISECONDS);
            return () -> timer.cancel(false);
        }
        long timer = context.owner().setTimer(CALLER_WAITS.toMillis(), over -> timeUp.run());
        return () -> context.owner().cancelTimer(timer);
    }
}

package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.Pause;
import io.liveness.gateway.platform.Uncancellable;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/** Holds on to what must be recorded while the database is away. */
public final class KeepTrying {

    private static final Logger LOG = Logger.getLogger(KeepTrying.class);

    /** The longest that a caller waits for the recording of its request. */
    private static final Duration CALLER_WAITS = Duration.ofSeconds(5);

    private static final Duration FROM = Duration.ofMillis(100);
    private static final Duration TO = Duration.ofSeconds(2);

    private KeepTrying() {}

    /**
     * Repeats a recording that changes nothing when it was done before, with back-off, until it succeeds, the database refuses
     * its values, or the time is over.
     */
    public static <T> Uni<T> until(Duration atMost, Uni<T> recording) {
        return Uni.createFrom().deferred(() -> {
            // By the steady time: the machine's clock may be set meanwhile.
            long begun = System.nanoTime();
            Predicate<Throwable> worthwhile =
                    failure -> !Batcher.RefusedRows.isRefusal(failure) && System.nanoTime() - begun < atMost.toNanos();
            // The first try allocates nothing for a second one, which is rare.
            return recording.onFailure(worthwhile).recoverWithUni(failure -> {
                if (DatabaseUnavailable.behind(failure).isEmpty()) {
                    // Nothing that passes by itself, perhaps: it must be heard of before the time is over.
                    LOG.errorf(failure, "database.retries for up to %s", atMost);
                }
                return again(recording, worthwhile);
            });
        });
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

    /** The same while a caller waits. After a time limit the caller receives {@link DatabaseUnavailable}, and the recording continues. */
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

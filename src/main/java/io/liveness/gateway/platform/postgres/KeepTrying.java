package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.Detached;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/** Holds on to what must be recorded while the database is away. */
public final class KeepTrying {

    private static final Logger LOG = Logger.getLogger(KeepTrying.class);

    /** How long a caller is kept waiting for what is recorded on its account. */
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
            Executor caller = CallerContext.capture();
            // By the steady time: the machine's clock may be set meanwhile.
            long begun = System.nanoTime();
            return recording
                    .onFailure(
                            failure -> !RefusedRows.isRefusal(failure) && System.nanoTime() - begun < atMost.toNanos())
                    .retry()
                    .withBackOff(FROM, TO)
                    .indefinitely()
                    .emitOn(caller);
        });
    }

    /**
     * The same recording for a caller who waits for it. When it takes too long it goes on all the same, and the caller is told
     * that the database cannot be reached ({@link DatabaseUnavailable}).
     */
    public static <T> Uni<T> withCallerWaiting(Uni<T> recording) {
        return Uni.createFrom().deferred(() -> {
            Executor caller = CallerContext.capture();
            return Detached.from(recording.onFailure().invoke(lost -> LOG.error("database.not-recorded", lost)))
                    .ifNoItem()
                    .after(CALLER_WAITS)
                    .failWith(DatabaseUnavailable::notInTime)
                    .emitOn(caller);
        });
    }
}

package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.CallerContext;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.Executor;

/** Holds on to what must be recorded while the database is away. */
public final class KeepTrying {

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
            return recording
                    .onFailure(failure -> !RefusedRows.isRefusal(failure))
                    .retry()
                    .withBackOff(FROM, TO)
                    .expireIn(atMost.toMillis())
                    .emitOn(caller);
        });
    }
}

package io.liveness.gateway.platform;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** A pause by a timer. */
public final class Pause {

    private static final long NANOS_OF_A_MILLISECOND = 1_000_000;

    private Pause() {}

    /** Ends after the time or a little later, on a timer's thread. Without any time it ends at once, where it is. */
    public static Uni<Void> atLeast(Duration time) {
        Uni<Void> over = Uni.createFrom().voidItem();
        return time.isZero() || time.isNegative()
                ? over
                : over.onItem().delayIt().by(timer(time));
    }

    /** A timer of an event loop counts whole milliseconds, drops the rest, and refuses less than one. */
    static Duration timer(Duration time) {
        return Duration.ofMillis((time.toNanos() + NANOS_OF_A_MILLISECOND - 1) / NANOS_OF_A_MILLISECOND);
    }
}

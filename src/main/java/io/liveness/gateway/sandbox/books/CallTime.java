package io.liveness.gateway.sandbox.books;

import java.time.Instant;

/**
 * When a call arrived, before anything about it was checked.
 *
 * @param nanos of {@link System#nanoTime()}, to measure rates whatever the clock is set to
 * @param at by the sandbox's clock
 */
public record CallTime(Call call, long nanos, Instant at) {

    /** The vendor's two calls. */
    public enum Call {
        INIT,
        RESULT
    }
}

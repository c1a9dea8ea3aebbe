package io.liveness.gateway.platform.postgres;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Whether the database answers. It is away when a statement waited in vain and no other has had an answer since that statement began, and
 * when its servers only read.
 * While it is away few statements try, and the others fail at once: they would wait for nothing, and all begin together when it is
 * back.
 */
final class Reachability {

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(250);
    // What fails sooner, as a refused connection does, keeps nothing waiting.
    private static final Duration IN_VAIN = Duration.ofSeconds(1);

    private final LongSupplier nanos;
    private final AtomicLong lastAttempt = new AtomicLong();
    private volatile long lastAnswer;
    private volatile DatabaseUnavailable away;

    /** @param nanos a clock that never goes back, as {@link System#nanoTime()} is */
    Reachability(LongSupplier nanos) {
        this.nanos = nanos;
        this.lastAnswer = nanos.getAsLong();
    }

    /** The moment at which a statement begins. */
    long now() {
        return nanos.getAsLong();
    }

    /** Whether a statement may be sent: always, but four times a second while the database is away. */
    boolean mayTry() {
        if (away == null) {
            return true;
        }
        long last = lastAttempt.get();
        long now = now();
        return now - last >= BETWEEN_ATTEMPTS.toNanos() && lastAttempt.compareAndSet(last, now);
    }

    /** How a statement fails that may not be sent. */
    DatabaseUnavailable refusal() {
        DatabaseUnavailable last = away;
        return last == null ? DatabaseUnavailable.notInTime() : last.still();
    }

    void answered() {
        lastAnswer = now();
        away = null;
    }

    /** @param begun when the statement without an answer began */
    void unanswered(long begun, DatabaseUnavailable failure) {
        long now = now();
        boolean inVain = failure.onlyReads() || now - begun >= IN_VAIN.toNanos();
        if (lastAnswer - begun < 0 && inVain) {
            if (away == null) {
                lastAttempt.set(now);
            }
            away = failure;
        }
    }
}

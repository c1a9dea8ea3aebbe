package io.liveness.gateway.platform;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Tells the log that a system which the service depends on is away: one line when it fails, one a minute with the count of failures while
 * it does, and one when it works again. A system that works now and then stays away, so that it has no line for each time.
 */
public final class Outage {

    private static final Logger LOG = Logger.getLogger(Outage.class);
    private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

    private final String system;
    private final Duration backAfter;
    private final LongSupplier nanos;
    private volatile boolean away;
    private long since;
    private long lastFailure;
    private long told;
    private long failures;

    /**
     * @param system the beginning of each line, as in {@code database.away}
     * @param backAfter the time without a failure after which it is back
     */
    public Outage(String system, Duration backAfter) {
        this(system, backAfter, System::nanoTime);
    }

    Outage(String system, Duration backAfter, LongSupplier nanos) {
        this.system = system;
        this.backAfter = backAfter;
        this.nanos = nanos;
    }

    /** @param reason without secrets */
    public synchronized void failed(String reason) {
        long now = nanos.getAsLong();
        lastFailure = now;
        failures++;
        if (!away) {
            away = true;
            since = now;
            told = now;
            failures = 1;
            LOG.errorf("%s.away %s", system, reason);
        } else if (now - told >= BETWEEN_LINES.toNanos()) {
            told = now;
            LOG.errorf("%s.still-away seconds=%d failures=%d %s", system, seconds(), failures, reason);
        }
    }

    public void works() {
        // For what works as a rule, without the lock.
        if (away) {
            endWhenQuiet();
        }
    }

    private synchronized void endWhenQuiet() {
        if (away && nanos.getAsLong() - lastFailure >= backAfter.toNanos()) {
            away = false;
            LOG.infof("%s.back seconds=%d failures=%d", system, seconds(), failures);
        }
    }

    private long seconds() {
        return Duration.ofNanos(lastFailure - since).toSeconds();
    }
}

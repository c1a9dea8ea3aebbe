package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.Outage;
import io.liveness.gateway.platform.postgres.Database.Connections;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Whether the database answers, lets the service in and takes writes, as its statements have seen. It is away when a statement waited in
 * vain and no other has had an answer since that statement began, and when it makes no connection that is let in or can write. While it is
 * away few statements try, and the others fail at once: they would wait for nothing, and all begin together when it is back.
 */
@Singleton
public class DatabaseHealth {

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(250);
    // What fails sooner, as a refused connection does, keeps nothing waiting.
    private static final Duration IN_VAIN = Duration.ofSeconds(1);
    // A replica that holds an answer records it within this time.
    private static final Duration LATELY = Duration.ofSeconds(10);

    private final LongSupplier nanos;
    private final Outage outage = new Outage("database", LATELY);
    private final AtomicLong lastAttempt = new AtomicLong();
    private volatile long lastAnswer;
    private volatile long unwellUntil;
    private volatile DatabaseUnavailable away;
    private volatile boolean commitsHang;
    private Set<String> commitsWaited = Set.of();

    @Inject
    public DatabaseHealth() {
        this(System::nanoTime);
    }

    /** @param nanos a clock that never goes back, as {@link System#nanoTime()} is */
    DatabaseHealth(LongSupplier nanos) {
        this.nanos = nanos;
        this.lastAnswer = nanos.getAsLong();
        // A process that has just started may have done so while the database was away, or when it returned.
        this.unwellUntil = lastAnswer + LATELY.toNanos();
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

    /**
     * A statement has ended.
     *
     * @param connected whether it had a connection
     * @param failure null when there is none
     */
    void ended(Connections connections, boolean connected, Throwable failure, long begun) {
        if (!(failure instanceof DatabaseUnavailable unavailable)) {
            outage.works();
            if (connections != Connections.BATCH) {
                answered();
            }
            return;
        }
        outage.failed(unavailable.reason());
        // A statement that takes long in the batch lane says nothing about the others.
        if (connections != Connections.BATCH) {
            unwellUntil = now() + LATELY.toNanos();
            if (connected && DatabaseFailure.state(unavailable.getCause()) != null) {
                answered();
            } else {
                unanswered(begun, unavailable);
            }
        }
    }

    private void answered() {
        lastAnswer = now();
        away = null;
    }

    private void unanswered(long begun, DatabaseUnavailable failure) {
        long now = now();
        boolean inVain = failure.failure() != DatabaseFailure.AWAY || now - begun >= IN_VAIN.toNanos();
        if (lastAnswer - begun < 0 && inVain) {
            if (away == null) {
                lastAttempt.set(now);
            }
            away = failure;
        }
    }

    /**
     * Whether the service has just started, or a statement failed for want of the database within ten seconds. A replica that holds an
     * answer may not have recorded it yet: nothing that could come before it, and contradict it, is to begin.
     */
    public boolean wasAwayLately() {
        return now() - unwellUntil < 0;
    }

    /**
     * Whether commits hang. No limit of time ends such a wait, and a connection that is closed meanwhile leaves its process behind at the
     * server: each more statement that writes would take another one.
     */
    boolean commitsHang() {
        return commitsHang;
    }

    /** Fails a statement that is not tried, since its commit would hang. */
    DatabaseUnavailable commitWouldHang() {
        DatabaseUnavailable refused = DatabaseUnavailable.commitsHang();
        outage.failed(refused.reason());
        unwellUntil = now() + LATELY.toNanos();
        return refused;
    }

    /**
     * Commits hang when PostgreSQL waits for a synchronous standby that does not answer. One counts that is seen twice: the end of a long
     * statement waits for a moment too.
     *
     * @param waiting the commits that wait at the moment
     */
    void seeCommits(Set<String> waiting) {
        commitsHang = commitsHang ? !waiting.isEmpty() : !Collections.disjoint(waiting, commitsWaited);
        commitsWaited = waiting;
    }
}

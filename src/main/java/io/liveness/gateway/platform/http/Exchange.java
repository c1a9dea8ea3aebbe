package io.liveness.gateway.platform.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * One outgoing exchange, from connecting to its end, at one connection. Its request is sent or given up, never both. It ends once, by what
 * comes first: its answer, a failure, a limit of time or bytes, or that nobody waits any more. Any thread may say so.
 */
public final class Exchange<T> {

    /** Told once, however the exchange ends. */
    public interface Ended<T> {

        /** @param sent false proves that not one byte of the request left, and that none will */
        void ended(T result, boolean sent);
    }

    private static final long NONE = -1;

    private final Vertx vertx;
    private final long mostBytes;
    private final Ended<? super T> whenEnded;
    private final long began = System.nanoTime();
    private HttpClientRequest sent;
    // A timer of Mutiny keeps all that waits for it until the time is up, although it is cancelled.
    private long timer = NONE;
    private long bytes;
    private boolean whole;
    private boolean ended;

    /** @param mostBytes of the answer's body */
    public Exchange(Vertx vertx, long mostBytes, Ended<? super T> whenEnded) {
        this.vertx = vertx;
        this.mostBytes = mostBytes;
        this.whenEnded = whenEnded;
    }

    /** Since its beginning. */
    public Duration took() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    public synchronized boolean hasEnded() {
        return ended;
    }

    /** Sets the time limit from now on, in place of the one before. */
    public synchronized void within(Duration time, Supplier<? extends T> late) {
        vertx.cancelTimer(timer);
        timer = ended ? NONE : vertx.setTimer(Math.max(1, time.toMillis()), up -> end(late.get(), false, up));
    }

    /**
     * To be asked when the connection is there, and before the first byte is written.
     *
     * @param time the time limit from now on, as {@link #within(Duration, Supplier)}
     * @return false when it has ended: then its connection is closed, and nothing may be written
     */
    public boolean send(HttpClientRequest request, Duration time, Supplier<? extends T> late) {
        // A loss without a handler is logged, with whatever its message holds.
        request.exceptionHandler(lost -> {});
        synchronized (this) {
            if (!ended) {
                sent = request;
                within(time, late);
                // Told before the client lends the connection to another request.
                request.response().onSuccess(answer -> answer.end().onSuccess(all -> read(answer)));
                return true;
            }
        }
        // The client would keep the connection of a request that was never written.
        request.connection().close();
        return false;
    }

    private synchronized void read(HttpClientResponse answer) {
        // The library takes another status of the range 1xx for the answer, whose connection goes on with the real one.
        whole = answer.statusCode() >= 200;
    }

    /** Counts what came of the answer's body. @return whether it is too long */
    public boolean isTooLongWith(Buffer part) {
        bytes += part.length();
        return bytes > mostBytes;
    }

    /** Ends it, and closes its connection unless the answer was read whole. */
    public void end(T result) {
        end(result, false);
    }

    /** @param isWhole whether the answer was read whole, which a handler of its end is told before it can be seen here */
    public void end(T result, boolean isWhole) {
        end(result, isWhole, NONE);
    }

    private void end(T result, boolean isWhole, long byTimer) {
        synchronized (this) {
            if (ended || byTimer != NONE && byTimer != timer) {
                return;
            }
            ended = true;
            vertx.cancelTimer(timer);
            // The connection is closed under the lock, for which the end of the answer waits: after it, another request
            // may use the connection.
            if (sent != null && !whole && !isWhole) {
                sent.connection().close();
            }
        }
        // From here on nothing sets what was sent.
        whenEnded.ended(result, sent != null);
    }
}

package io.liveness.gateway.jumdata;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One attempt at a call. Its request is either sent or called off: {@link VendorFormWriter} asks here before it writes the first byte. So a
 * request that was called off has certainly not been sent.
 */
final class Attempt {

    private enum State {
        CONNECTING,
        SENT,
        CALLED_OFF
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.CONNECTING);
    private final CompletableFuture<Void> sent = new CompletableFuture<>();
    private volatile boolean cutOff;

    /** Returns true when the request may be written. It counts as sent from here on; false means that it must not be written. */
    boolean send() {
        boolean mayBeWritten = state.compareAndSet(State.CONNECTING, State.SENT);
        if (mayBeWritten) {
            sent.complete(null);
        }
        return mayBeWritten;
    }

    /** Returns true when the request was not sent and never will be; false when some of it may have been sent. */
    boolean callOff() {
        return state.compareAndSet(State.CONNECTING, State.CALLED_OFF) || state.get() == State.CALLED_OFF;
    }

    /** Completes when the request is sent, never when it is called off. */
    CompletionStage<Void> whenSent() {
        return sent;
    }

    /** The answer is longer than what is read of one. */
    void cutOff() {
        cutOff = true;
    }

    boolean wasCutOff() {
        return cutOff;
    }
}

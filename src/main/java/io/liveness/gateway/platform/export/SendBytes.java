package io.liveness.gateway.platform.export;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Sends bytes in pieces, each when the reader has taken most of those before. Of one event loop. */
final class SendBytes {

    /** That of the response's queue: so much may wait there, and a piece. */
    private static final int PIECE = 64 * 1024;

    private final HttpServerResponse to;
    private final Runnable progress;
    private Buffer bytes;
    private int at;
    private Promise<Void> sent;
    private boolean isSending;
    private boolean isWaiting;

    /** @param progress run whenever the reader has taken something */
    SendBytes(HttpServerResponse to, Runnable progress) {
        this.to = to;
        this.progress = progress;
    }

    /** Whether it is the reader's turn. */
    boolean isWaiting() {
        return isWaiting;
    }

    /**
     * Completes when there is room for more, and may be called again then. It never completes when the reader takes nothing more: the
     * caller has to give up.
     */
    Future<Void> send(Buffer more) {
        bytes = more;
        at = 0;
        sent = Promise.promise();
        Future<Void> end = sent.future();
        to.drainHandler(drained -> goOn());
        send();
        return end;
    }

    /** Called whenever there is room, also from within a write. */
    private void goOn() {
        if (isWaiting) {
            progress.run();
        }
        send();
    }

    private void send() {
        if (sent == null || isSending) {
            return;
        }
        isSending = true;
        while (at < bytes.length() && !to.writeQueueFull() && !to.closed()) {
            int from = at;
            at = Math.min(from + PIECE, bytes.length());
            to.write(bytes.slice(from, at));
        }
        isSending = false;
        isWaiting = to.writeQueueFull();
        if (!isWaiting) {
            Promise<Void> done = sent;
            sent = null;
            done.complete();
        }
    }
}

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

    /** Completes when there is room for more. It never completes when the reader takes nothing more: the caller has to give up. */
    Future<Void> send(Buffer bytes) {
        Promise<Void> sent = Promise.promise();
        send(bytes, 0, sent);
        return sent.future();
    }

    private void send(Buffer bytes, int from, Promise<Void> sent) {
        int at = from;
        while (at < bytes.length() && !to.writeQueueFull() && !to.closed()) {
            int end = Math.min(at + PIECE, bytes.length());
            to.write(bytes.slice(at, end));
            at = end;
        }
        if (!to.writeQueueFull()) {
            sent.complete();
            return;
        }
        int rest = at;
        isWaiting = true;
        to.drainHandler(drained -> {
            isWaiting = false;
            progress.run();
            send(bytes, rest, sent);
        });
    }
}

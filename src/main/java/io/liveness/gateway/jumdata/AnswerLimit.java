package io.liveness.gateway.jumdata;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;

/** Counts the bytes of an answer and drops the connection after the largest number that is read, so that memory is bounded. */
final class AnswerLimit implements Handler<Buffer> {

    /** In bytes; the vendor's answers have less than one thousand. */
    static final int LARGEST_ANSWER = 64 * 1024;

    private final HttpClientRequest request;
    private final Attempt attempt;
    private int read;

    private AnswerLimit(HttpClientRequest request, Attempt attempt) {
        this.request = request;
        this.attempt = attempt;
    }

    /** To be called before the request is sent: the client collects the body beside this handler. */
    static void watch(HttpClientRequest request, Attempt attempt) {
        request.response().onSuccess(response -> response.handler(new AnswerLimit(request, attempt)));
    }

    @Override
    public void handle(Buffer chunk) {
        // One chunk is no longer than the client's read buffer: this sum cannot overflow before the connection is gone.
        read += chunk.length();
        if (read > LARGEST_ANSWER && !attempt.wasCutOff()) {
            attempt.cutOff();
            request.connection().close();
        }
    }
}

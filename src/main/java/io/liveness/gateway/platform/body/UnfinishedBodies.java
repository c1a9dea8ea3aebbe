package io.liveness.gateway.platform.body;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.ProblemWriter;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Gives each body a deadline. A body that is complete with the first read, as almost all are, costs one task of the event loop. */
@Singleton
class UnfinishedBodies {

    private final ProblemWriter writer;

    UnfinishedBodies(ProblemWriter writer) {
        this.writer = writer;
    }

    /** @param within the whole body has to arrive */
    void watch(RoutingContext request, Duration within) {
        if (hasBody(request.request())) {
            Unfinished body = new Unfinished(request, within);
            // Here already, since a worker thread may answer at any time.
            request.addEndHandler(body::answered);
            body.context.runOnContext(firstRead -> body.begin());
        }
    }

    private static boolean hasBody(HttpServerRequest sent) {
        String length = sent.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? sent.headers().contains(HttpHeaders.TRANSFER_ENCODING) : !length.equals("0");
    }

    private final class Unfinished {

        private final RoutingContext request;
        private final HttpServerRequest sent;
        private final Duration within;
        private final Context context;
        private long timer;
        private boolean over;

        Unfinished(RoutingContext request, Duration within) {
            this.request = request;
            this.sent = request.request();
            this.within = within;
            this.context = request.vertx().getOrCreateContext();
        }

        void begin() {
            if (over || sent.isEnded()) {
                return;
            }
            timer = request.vertx().setTimer(within.toMillis(), late -> refuse());
            try {
                sent.end().onComplete(complete -> end());
            } catch (IllegalStateException ended) {
                // A worker thread has read its end since it was asked.
                end();
            }
        }

        /** What is left of a body that the answer did not need is discarded as it comes. */
        void answered(AsyncResult<Void> sentOrNot) {
            if (!sent.isEnded()) {
                sent.resume();
            }
            if (Context.isOnEventLoopThread()) {
                end();
            } else {
                context.runOnContext(elsewhere -> end());
            }
        }

        /** Who reads the last byte of a known length, as a parser of JSON does, need not ask for the end. */
        private boolean isComplete() {
            return sent.isEnded() || Long.toString(sent.bytesRead()).equals(sent.getHeader("Content-Length"));
        }

        private void end() {
            over = true;
            request.vertx().cancelTimer(timer);
        }

        private void refuse() {
            if (isComplete()) {
                end();
            } else if (sent.response().headWritten()) {
                sent.connection().close();
            } else {
                ProblemWriter.closeAfterAnswer(request);
                writer.write(tooSlow(), request);
            }
        }

        private ProblemException tooSlow() {
            return new ProblemException(
                    ProblemCode.TOO_SLOW,
                    "The body has to arrive within " + within.toSeconds() + " s; send the whole request again.");
        }
    }
}

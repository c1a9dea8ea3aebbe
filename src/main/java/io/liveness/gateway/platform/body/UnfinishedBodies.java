package io.liveness.gateway.platform.body;

import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Bulkhead.Full;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.ProblemWriter;
import io.liveness.gateway.platform.security.Caller;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * Gives each body a deadline, and limits how many are unfinished, for each caller and in total. A body that is complete with the first
 * read, as almost all are, costs one task of the event loop.
 */
@Singleton
class UnfinishedBodies {

    /** Clients may send a body after its headers; until then it is not slow and not counted. */
    private static final long SLOW_AFTER_MILLIS = 1_000;

    /** Slow bodies at a replica; one more is answered 503. */
    private static final int MOST = 256;
    /** The same of each caller; one more is answered 429. */
    private static final int MOST_OF_A_CALLER = 64;

    private static final Duration SOON = Duration.ofSeconds(5);
    /** Of requests to public addresses: all of them count as one caller. */
    private static final Caller ANYBODY = new Caller("");

    private final Bulkhead places;
    private final Refusals refusals;
    private final ProblemWriter writer;

    UnfinishedBodies(Refusals refusals, ProblemWriter writer) {
        this.places = new Bulkhead(MOST, MOST_OF_A_CALLER);
        this.refusals = refusals;
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
        private Caller counted;
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
            timer = request.vertx().setTimer(SLOW_AFTER_MILLIS, slow -> count());
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

        private void count() {
            if (isComplete()) {
                end();
                return;
            }
            Caller caller = Caller.of(request).orElse(ANYBODY);
            Optional<Full> full = places.take(caller);
            if (full.isPresent()) {
                refuse(refusal(full.get(), caller));
            } else {
                counted = caller;
                timer = request.vertx().setTimer(within.toMillis() - SLOW_AFTER_MILLIS, late -> refuse(tooSlow()));
            }
        }

        private void end() {
            over = true;
            request.vertx().cancelTimer(timer);
            if (counted != null) {
                places.leave(counted);
                counted = null;
            }
        }

        private void refuse(ProblemException problem) {
            if (isComplete()) {
                end();
            } else if (sent.response().headWritten()) {
                sent.connection().close();
            } else {
                ProblemWriter.closeAfterAnswer(request);
                writer.write(problem, request);
            }
        }

        private ProblemException refusal(Full full, Caller caller) {
            if (full == Full.CALLER) {
                refusals.count(caller, RefusedBy.BODIES_PER_CALLER);
            } else {
                refusals.count(RefusedBy.BODIES);
            }
            return full.refusal(
                    "Too many of your bodies are unfinished; send each at once, after Retry-After seconds.",
                    "Too many bodies are unfinished; send the whole request again after Retry-After seconds.",
                    SOON);
        }

        private ProblemException tooSlow() {
            return new ProblemException(
                    ProblemCode.TOO_SLOW,
                    "The body has to arrive within " + within.toSeconds() + " s; send the whole request again.");
        }
    }
}

package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Bulkhead.Full;
import io.liveness.gateway.platform.limits.HeapShares;
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
 * Gives each body a deadline, and limits how many bytes may belong to unfinished ones, for each caller and in total: each counts with what it
 * may hold until it is complete. A body that is complete with the first read, as almost all are, costs one task of the event loop.
 */
@Singleton
class UnfinishedBodies {

    /**
     * One caller's bodies may hold a fourth of all bytes. One more body is answered 429, and 503 when it is too many in
     * all.
     */
    private static final int SHARE_OF_A_CALLER = 4;

    private static final Duration SOON = Duration.ofSeconds(5);
    /** The caller of all requests to public addresses, which count as one. */
    private static final Caller ANYBODY = new Caller("");

    private final Bulkhead bytes;
    private final Refusals refusals;
    private final ProblemWriter writer;

    UnfinishedBodies(Refusals refusals, ProblemWriter writer) {
        this.bytes = new Bulkhead(HeapShares.ofBodies(), HeapShares.ofBodies() / SHARE_OF_A_CALLER);
        this.refusals = refusals;
        this.writer = writer;
    }

    /**
     * @param within the whole body has to arrive
     * @return whether the request goes on; else it is answered
     */
    boolean watch(RoutingContext request, Duration within) {
        if (!hasBody(request.request())) {
            return true;
        }
        Unfinished body = new Unfinished(request, within);
        // The handler is added first, since a worker thread may answer at any time.
        request.addEndHandler(body::answered);
        return body.isAdmitted();
    }

    private static boolean hasBody(HttpServerRequest sent) {
        String length = sent.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? sent.headers().contains(HttpHeaders.TRANSFER_ENCODING) : !length.equals("0");
    }

    /** What a body holds at most: a file is taken in pieces. */
    private static int size(HttpServerRequest sent) {
        String length = sent.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? BodyLimit.LIMIT : (int) Math.min(BodyLimit.LIMIT, Long.parseLong(length));
    }

    private final class Unfinished {

        private final RoutingContext request;
        private final HttpServerRequest sent;
        private final Duration within;
        private final Context context;
        private final int size;
        private Caller counted;
        private long timer;
        private boolean over;

        Unfinished(RoutingContext request, Duration within) {
            this.request = request;
            this.sent = request.request();
            this.within = within;
            this.context = request.vertx().getOrCreateContext();
            this.size = size(sent);
        }

        /** The body is admitted before any of it is read but what came with its head. */
        boolean isAdmitted() {
            Caller caller = Caller.of(request).orElse(ANYBODY);
            Optional<Full> full = bytes.take(caller, size);
            if (full.isPresent()) {
                ProblemWriter.closeAfterAnswer(request);
                writer.write(refusal(full.get(), caller), request);
                return false;
            }
            counted = caller;
            context.runOnContext(firstRead -> begin());
            return true;
        }

        private void begin() {
            if (isComplete()) {
                end();
            }
            if (over) {
                return;
            }
            timer = request.vertx().setTimer(within.toMillis(), late -> refuse(tooSlow()));
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
            if (counted != null) {
                bytes.leave(counted, size);
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
                refusals.report(caller, RefusedBy.BODIES_PER_CALLER);
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

package io.liveness.gateway.platform.body;

import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Bulkhead.Full;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.CommonProblem;
import io.liveness.gateway.platform.problem.LingeringClose;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.ProblemWriter;
import io.liveness.gateway.platform.security.Caller;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * Gives each body a deadline, and limits how many are unfinished, for each caller and in total. A body that is complete with the first read,
 * as almost all are, costs one task of the event loop.
 */
@Singleton
class UnfinishedBodies {

    /** Clients may send a body after its headers; until then it is not slow and not counted. */
    private static final long SLOW_AFTER_MILLIS = 1_000;

    private static final Duration SOON = Duration.ofSeconds(5);
    /** Of requests to public addresses: all of them count as one caller. */
    private static final Caller ANYBODY = new Caller("");

    private final Bulkhead places;
    private final Refusals refusals;
    private final ProblemWriter writer;

    UnfinishedBodies(BodiesConfig config, Refusals refusals, ProblemWriter writer) {
        this.places = new Bulkhead(config.maxUnfinished(), config.maxUnfinishedPerCaller());
        this.refusals = refusals;
        this.writer = writer;
    }

    /** @param within the whole body has to arrive */
    void watch(RoutingContext request, Duration within) {
        HttpServerRequest sent = request.request();
        if (hasBody(sent)) {
            request.vertx().getOrCreateContext().runOnContext(firstRead -> {
                if (!sent.isEnded()) {
                    new Unfinished(request, within).begin();
                }
            });
        }
    }

    private static boolean hasBody(HttpServerRequest sent) {
        String length = sent.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? sent.headers().contains(HttpHeaders.TRANSFER_ENCODING) : !length.equals("0");
    }

    private static Caller caller(RoutingContext request) {
        Optional<Caller> caller = request.user() instanceof QuarkusHttpUser user
                ? Caller.named(user.getSecurityIdentity())
                : Optional.empty();
        return caller.orElse(ANYBODY);
    }

    private final class Unfinished {

        private final RoutingContext request;
        private final HttpServerRequest sent;
        private final Duration within;
        private Caller counted;
        private long timer;

        Unfinished(RoutingContext request, Duration within) {
            this.request = request;
            this.sent = request.request();
            this.within = within;
        }

        void begin() {
            timer = request.vertx().setTimer(SLOW_AFTER_MILLIS, slow -> count());
            sent.end().onComplete(over -> end());
            if (sent.response().ended()) {
                sent.resume();
            } else {
                // What is left of a body that the answer did not need is discarded as it comes.
                request.addEndHandler(answered -> sent.resume());
            }
        }

        private void count() {
            Caller caller = caller(request);
            Optional<Full> full = places.take(caller);
            if (full.isPresent()) {
                refuse(refusal(full.get(), caller));
            } else {
                counted = caller;
                timer = request.vertx().setTimer(within.toMillis() - SLOW_AFTER_MILLIS, late -> refuse(tooSlow()));
            }
        }

        private void end() {
            request.vertx().cancelTimer(timer);
            if (counted != null) {
                places.leave(counted);
            }
        }

        private void refuse(ProblemException problem) {
            if (sent.response().headWritten()) {
                sent.connection().close();
            } else {
                LingeringClose.closes(request);
                writer.write(problem, request);
            }
        }

        private ProblemException refusal(Full full, Caller caller) {
            if (full == Full.CALLER) {
                refusals.count(caller, RefusedBy.BODIES_PER_CALLER);
                return new ProblemException(
                                CommonProblem.RATE_LIMITED,
                                "Too many of your bodies are unfinished; send each at once, after Retry-After seconds.")
                        .retryAfter(SOON);
            }
            refusals.count(RefusedBy.BODIES);
            return new ProblemException(
                            CommonProblem.BUSY,
                            "Too many bodies are unfinished; send the whole request again after Retry-After seconds.")
                    .retryAfter(SOON);
        }

        private ProblemException tooSlow() {
            return new ProblemException(
                    CommonProblem.TOO_SLOW,
                    "The body has to arrive within " + within.toSeconds() + " s; send the whole request again.");
        }
    }
}

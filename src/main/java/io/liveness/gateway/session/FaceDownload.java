package io.liveness.gateway.session;

import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.function.Consumer;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ServerHttpResponse;

/**
 * One fetch of a photograph, from connecting to the last byte. It takes from the vendor only what the caller has taken from
 * it, so that its memory does not grow with the photograph. All of it happens on one event loop.
 */
final class FaceDownload {

    private final Vertx vertx;
    private final FaceConfig config;
    private final Consumer<FaceOutcome> whenEnded;

    private UniEmitter<? super FaceDownload> waiting;
    private ResteasyReactiveRequestContext caller;
    private HttpClientRequest request;
    private HttpClientResponse answer;
    private FaceHead head;
    private long headTimer;
    private long wholeTimer;
    private long bytes;
    private boolean ended;

    /** @param whenEnded told once, however it ends */
    FaceDownload(Vertx vertx, FaceConfig config, Consumer<FaceOutcome> whenEnded) {
        this.vertx = vertx;
        this.config = config;
        this.whenEnded = whenEnded;
    }

    /** Gives itself once the head of the answer is known and good. */
    void start(HttpClient client, RequestOptions options, UniEmitter<? super FaceDownload> waitingForHead) {
        waiting = waitingForHead;
        waiting.onTermination(() -> {
            if (head == null) {
                end(FaceOutcome.ABANDONED);
            }
        });
        headTimer = vertx.setTimer(config.timeout().toMillis(), late -> end(FaceOutcome.UNAVAILABLE));
        wholeTimer = vertx.setTimer(config.maxDuration().toMillis(), late -> end(FaceOutcome.BROKEN));
        client.request(options).onSuccess(this::connected).onFailure(none -> end(FaceOutcome.UNAVAILABLE));
    }

    private void connected(HttpClientRequest connected) {
        request = connected;
        if (ended) {
            drop();
            return;
        }
        request.send().onSuccess(this::answered).onFailure(lost -> end(FaceOutcome.UNAVAILABLE));
    }

    private void answered(HttpClientResponse answered) {
        answer = answered;
        answer.pause();
        answer.exceptionHandler(lost -> end(FaceOutcome.BROKEN));
        vertx.cancelTimer(headTimer);
        FaceOutcome outcome = outcomeOf(answer.statusCode());
        if (outcome == FaceOutcome.STREAMED) {
            head = FaceHead.read(answer.headers(), config.maxBytes().asLongValue())
                    .orElse(null);
        }
        if (head == null) {
            end(outcome == FaceOutcome.STREAMED ? FaceOutcome.REFUSED : outcome);
        } else if (!ended) {
            waiting.complete(this);
        }
    }

    private static FaceOutcome outcomeOf(int status) {
        return switch (status) {
            case 200 -> FaceOutcome.STREAMED;
            case 404, 410 -> FaceOutcome.GONE;
            case 408, 429 -> FaceOutcome.UNAVAILABLE;
            // Redirects are not followed: they could leave the allowed hosts.
            default -> status >= 500 ? FaceOutcome.UNAVAILABLE : FaceOutcome.REFUSED;
        };
    }

    String contentType() {
        return head.contentType();
    }

    /** Passes the photograph on; whatever happens to either side ends both. */
    void passOn(ResteasyReactiveRequestContext to) {
        caller = to;
        ServerHttpResponse response = to.serverResponse();
        to.suspend();
        response.addCloseHandler(() -> end(FaceOutcome.ABANDONED));
        if (ended) {
            answerNothing();
            return;
        }
        if (response.closed()) {
            end(FaceOutcome.ABANDONED);
            return;
        }
        answer.handler(this::part);
        answer.endHandler(all -> end(FaceOutcome.STREAMED));
        answer.resume();
    }

    private void part(Buffer part) {
        bytes += part.length();
        if (bytes > config.maxBytes().asLongValue()) {
            end(FaceOutcome.BROKEN);
            return;
        }
        ServerHttpResponse response = caller.serverResponse();
        if (!response.headWritten()) {
            head.length()
                    .ifPresentOrElse(
                            length -> response.setResponseHeader("Content-Length", Long.toString(length)),
                            () -> response.setChunked(true));
        }
        response.write(part.getBytes());
        if (response.isWriteQueueFull()) {
            answer.pause();
            response.addDrainHandler(() -> answer.resume());
        }
    }

    private void end(FaceOutcome outcome) {
        if (ended) {
            return;
        }
        ended = true;
        vertx.cancelTimer(headTimer);
        vertx.cancelTimer(wholeTimer);
        if (outcome != FaceOutcome.STREAMED) {
            drop();
        }
        whenEnded.accept(outcome);
        if (caller == null) {
            waiting.fail(FaceProblems.of(outcome));
        } else if (outcome == FaceOutcome.STREAMED) {
            caller.serverResponse().end();
            caller.resume();
        } else {
            answerNothing();
        }
    }

    /** A photograph cut off must not pass for a whole one: without the end of the answer, the caller sees it broken. */
    private void answerNothing() {
        if (caller.serverResponse().headWritten() || caller.serverResponse().closed()) {
            caller.serverResponse().reset();
            caller.resume();
        } else {
            caller.resume(FaceProblems.of(FaceOutcome.BROKEN));
        }
    }

    private void drop() {
        if (request != null) {
            request.reset();
            request.connection().close();
        }
    }
}

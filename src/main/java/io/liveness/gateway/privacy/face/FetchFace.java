package io.liveness.gateway.privacy.face;

import io.liveness.gateway.platform.http.Exchange;
import io.liveness.gateway.platform.http.Outbound;
import io.liveness.gateway.platform.http.WebAddress;
import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import jakarta.inject.Singleton;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jboss.logging.Logger;

/** Fetches face images, so many at once, from addresses that were allowed. */
@Singleton
class FetchFace implements ConfigurationRule {

    private static final Logger LOG = Logger.getLogger(FetchFace.class);

    /** Allowed hosts and limits for face images. */
    @ConfigMapping(prefix = "liveness.face")
    interface FaceLimits {

        /**
         * Hosts of face images, by https: {@code host}, {@code host:port}, {@code *.domain}; or {@code http://localhost:port}. The default is a
         * guess: the vendor's document names none.
         */
        @WithDefault("*.jumdata.com")
        List<String> allowedHosts();

        /** Largest face image. */
        @WithDefault("10M")
        MemorySize maxBytes();

        /** Limit from the start of a fetch to the head of the vendor's answer. */
        @WithDefault("10s")
        @DurationMin(nanos = 0, inclusive = false, message = "liveness.face.timeout must be positive")
        Duration timeout();

        /** Limit of a whole fetch, a slow caller included. */
        @WithDefault("1m")
        @DurationMin(nanos = 0, inclusive = false, message = "liveness.face.max-duration must be positive")
        Duration maxDuration();

        /** Fetches at once at a replica; more are answered 503. */
        @WithDefault("16")
        @Min(value = 1, message = "liveness.face.max-concurrent must be at least 1")
        int maxConcurrent();

        /** Fetches at once of one caller at a replica; more are answered 429. */
        @WithDefault("8")
        @Min(value = 1, message = "liveness.face.max-concurrent-per-caller must be at least 1")
        int maxConcurrentPerCaller();
    }

    private final Vertx vertx;
    private final FaceLimits config;
    private final Duration untilHead;
    private final HttpClient client;
    private final Outbound outbound;
    private final Bulkhead places;
    private final Refusals refusals;

    FetchFace(Vertx vertx, FaceLimits config, Outbound outbound, Refusals refusals) {
        if (config.maxBytes().asLongValue() < 1) {
            throw new IllegalArgumentException("liveness.face.max-bytes must be at least 1");
        }
        this.vertx = vertx;
        this.config = config;
        this.untilHead = Collections.min(List.of(config.timeout(), config.maxDuration()));
        this.outbound = outbound;
        this.places = new Bulkhead(config.maxConcurrent(), config.maxConcurrentPerCaller());
        this.refusals = refusals;
        int millis = Math.toIntExact(config.timeout().toMillis());
        // Each fetch has a separate connection, which closes with it.
        HttpClientOptions options = new HttpClientOptions().setKeepAlive(false).setConnectTimeout(millis);
        outbound.trust("face", options);
        this.client = Outbound.client(vertx, options, config.maxConcurrent());
    }

    /**
     * Passes a face image on. Fails with a problem while the caller's answer has not begun; after that it breaks the answer off.
     *
     * @param view records the view; answers false when the face image was redacted meanwhile
     * @param whenEnded told once, however it ends
     */
    Uni<Void> fetch(
            WebAddress address,
            Caller caller,
            HttpServerRequest to,
            Uni<Boolean> view,
            Consumer<FaceOutcome> whenEnded) {
        return Uni.createFrom().emitter(waiting -> {
            Optional<Bulkhead.Full> full = places.take(caller);
            if (full.isPresent()) {
                whenEnded.accept(FaceOutcome.BUSY);
                waiting.fail(refusal(caller, full.get()));
                return;
            }
            new Download(to, view, outcome -> {
                        places.leave(caller);
                        whenEnded.accept(outcome);
                    })
                    .start(address, waiting);
        });
    }

    private ProblemException refusal(Caller caller, Bulkhead.Full full) {
        if (full == Bulkhead.Full.ALL) {
            return FaceOutcome.BUSY.problem();
        }
        refusals.report(caller, RefusedBy.FACES_PER_CALLER);
        return FaceOutcome.tooMany(config.maxConcurrentPerCaller());
    }

    private RequestOptions request(WebAddress address) {
        RequestOptions request = new RequestOptions()
                .setSsl(address.tls())
                .setHost(address.host())
                .setPort(address.port())
                .setURI(address.target())
                .putHeader("Accept", "image/jpeg, image/png, image/webp")
                .putHeader("Accept-Encoding", "identity");
        outbound.route(request);
        return request;
    }

    /**
     * One fetch, from connecting to the last byte. The view is recorded between the head of the vendor's answer and the first byte to the
     * caller; without the record nothing is sent. It reads from the vendor at the caller's speed, so that its memory does not grow with the
     * image. It runs on one event loop.
     */
    private final class Download {

        private final Exchange<FaceOutcome> exchange =
                new Exchange<>(vertx, config.maxBytes().asLongValue(), this::ended);
        private final Uni<Boolean> view;
        private final Consumer<FaceOutcome> whenEnded;
        private final HttpServerRequest callers;
        private final HttpServerResponse caller;

        private UniEmitter<? super Void> waiting;
        private HttpClientResponse answer;
        private FaceHead head;

        Download(HttpServerRequest callers, Uni<Boolean> view, Consumer<FaceOutcome> whenEnded) {
            this.callers = callers;
            this.caller = callers.response();
            this.view = view;
            this.whenEnded = whenEnded;
        }

        void start(WebAddress address, UniEmitter<? super Void> waitingForEnd) {
            waiting = waitingForEnd;
            // Cancelled when the caller leaves; once ended, this changes nothing.
            waiting.onTermination(() -> exchange.end(FaceOutcome.ABANDONED));
            exchange.within(untilHead, () -> FaceOutcome.UNAVAILABLE);
            client.request(request(address))
                    .onSuccess(this::connected)
                    .onFailure(none -> exchange.end(FaceOutcome.UNAVAILABLE));
        }

        private void connected(HttpClientRequest request) {
            if (exchange.send(request, untilHead.minus(exchange.took()), () -> FaceOutcome.UNAVAILABLE)) {
                request.send().onSuccess(this::answered).onFailure(lost -> exchange.end(FaceOutcome.UNAVAILABLE));
            }
        }

        private void answered(HttpClientResponse answered) {
            if (exchange.hasEnded()) {
                return;
            }
            answer = answered;
            answer.pause();
            answer.exceptionHandler(lost -> exchange.end(FaceOutcome.BROKEN));
            exchange.within(config.maxDuration().minus(exchange.took()), () -> FaceOutcome.BROKEN);
            FaceOutcome outcome = outcomeOf(answer.statusCode());
            if (outcome == FaceOutcome.STREAMED) {
                head = FaceHead.read(answer.headers(), config.maxBytes().asLongValue())
                        .orElse(null);
            }
            if (head == null) {
                exchange.end(outcome == FaceOutcome.STREAMED ? FaceOutcome.REFUSED : outcome);
                return;
            }
            Context here = vertx.getOrCreateContext();
            view.emitOn(recorded -> here.runOnContext(now -> recorded.run()))
                    .subscribe()
                    .with(this::viewed, failure -> {
                        LOG.errorf("face.view-not-recorded %s", failure.getMessage());
                        exchange.end(FaceOutcome.UNRECORDED);
                    });
        }

        private void viewed(boolean recorded) {
            if (!recorded) {
                exchange.end(FaceOutcome.GONE);
            }
            if (!exchange.hasEnded()) {
                answer.handler(this::part);
                answer.endHandler(all -> exchange.end(FaceOutcome.STREAMED, true));
                answer.resume();
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

        private void part(Buffer part) {
            if (exchange.isTooLongWith(part)) {
                exchange.end(FaceOutcome.BROKEN);
                return;
            }
            if (!caller.headWritten()) {
                begin();
            }
            caller.write(part);
            if (caller.writeQueueFull()) {
                answer.pause();
                caller.drainHandler(drained -> answer.resume());
            }
        }

        private void begin() {
            caller.putHeader("Content-Type", head.contentType()).putHeader("Content-Disposition", "inline");
            if (head.length().isPresent()) {
                caller.putHeader("Content-Length", Long.toString(head.length().getAsLong()));
            } else {
                caller.setChunked(true);
            }
        }

        private void ended(FaceOutcome outcome, boolean sent) {
            whenEnded.accept(outcome);
            if (!caller.headWritten()) {
                waiting.fail(outcome.problem());
                return;
            }
            if (outcome == FaceOutcome.STREAMED) {
                caller.end();
                waiting.complete(null);
            } else {
                breakOff();
            }
        }

        /** A face image cut off must not pass for a whole one: without the end of the answer, the caller sees it broken. */
        private void breakOff() {
            // The Uni of the fetch is cancelled with the connection. A reset would never be counted as the end of the
            // request, and a stop would wait for it until quarkus.shutdown.timeout.
            callers.connection().close();
        }
    }

    /**
     * The headers of the vendor's answer that are passed on.
     *
     * @param length in bytes; absent when the answer comes in chunks
     */
    private record FaceHead(String contentType, OptionalLong length) {

        // Raster images alone: an SVG or a page would run scripts in the caller's name.
        private static final Map<String, String> IMAGES = Map.of(
                "image/jpeg", "image/jpeg",
                "image/jpg", "image/jpeg", // no registered type, and much used
                "image/png", "image/png",
                "image/webp", "image/webp");

        /** @return empty when it is no image that we pass on, too large, or its end could not be told from a broken connection */
        static Optional<FaceHead> read(MultiMap headers, long maxBytes) {
            String type = header(headers, "content-type").split(";", 2)[0].strip();
            boolean encoded = !header(headers, "content-encoding").matches("|identity");
            boolean chunked = header(headers, "transfer-encoding").equals("chunked");
            String length = header(headers, "content-length");
            boolean fits = chunked
                    || length.matches("\\d{1,18}") && Long.parseLong(length) > 0 && Long.parseLong(length) <= maxBytes;
            return Optional.ofNullable(IMAGES.get(type))
                    .filter(image -> fits && !encoded)
                    .map(image -> new FaceHead(
                            image, chunked ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(length))));
        }

        private static String header(MultiMap headers, String name) {
            return Optional.ofNullable(headers.get(name)).orElse("").strip().toLowerCase(Locale.ROOT);
        }
    }
}

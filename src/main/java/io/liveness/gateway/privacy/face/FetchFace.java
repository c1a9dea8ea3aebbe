package io.liveness.gateway.privacy.face;

import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.liveness.gateway.privacy.face.FaceHosts.FaceAddress;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Consumer;

/** Fetches face images, so many at once, from addresses that were allowed. */
@Singleton
class FetchFace implements ConfigurationRule {

    /** Trusted authorities are {@code quarkus.tls.face.…}, else {@code quarkus.tls.…}, else Java's default. */
    private static final String TLS = "face";

    private final Vertx vertx;
    private final FaceConfig config;
    private final HttpClient client;
    private final Bulkhead places;
    private final Refusals refusals;

    FetchFace(Vertx vertx, FaceConfig config, TlsConfigurationRegistry registry, Refusals refusals) {
        if (config.maxBytes().asLongValue() < 1) {
            throw new IllegalArgumentException("liveness.face.max-bytes must be at least 1");
        }
        this.vertx = vertx;
        this.config = config;
        this.places = new Bulkhead(config.maxConcurrent(), config.maxConcurrentPerCaller());
        this.refusals = refusals;
        int millis = Math.toIntExact(config.timeout().toMillis());
        // Each fetch has a separate connection, which closes with it.
        HttpClientOptions options = new HttpClientOptions().setKeepAlive(false).setConnectTimeout(millis);
        registry.get(TLS).or(registry::getDefault).ifPresent(tls -> TlsConfigUtils.configure(options, tls));
        this.client = vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(config.maxConcurrent()))
                // Without a handler Vert.x logs each failure, with what the vendor sent.
                .withConnectHandler(connection -> connection.exceptionHandler(lost -> {}))
                .build();
    }

    /**
     * Passes a face image on, see {@link FaceDownload}.
     *
     * @param view records the view; answers false when the face image was redacted meanwhile
     * @param whenEnded told once, however it ends
     */
    Uni<Void> fetch(
            FaceAddress address,
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
            new FaceDownload(vertx, config, to, view, outcome -> {
                        places.leave(caller);
                        whenEnded.accept(outcome);
                    })
                    .start(client, request(address), waiting);
        });
    }

    private ProblemException refusal(Caller caller, Bulkhead.Full full) {
        if (full == Bulkhead.Full.ALL) {
            return FaceOutcome.BUSY.problem();
        }
        refusals.count(caller, RefusedBy.FACES_PER_CALLER);
        return FaceOutcome.tooMany(config.maxConcurrentPerCaller());
    }

    private static RequestOptions request(FaceAddress address) {
        return new RequestOptions()
                .setSsl(address.tls())
                .setHost(address.host())
                .setPort(address.port())
                .setURI(address.target())
                .putHeader("Accept", "image/jpeg, image/png, image/webp")
                .putHeader("Accept-Encoding", "identity");
    }
}

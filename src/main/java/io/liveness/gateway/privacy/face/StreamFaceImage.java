package io.liveness.gateway.privacy.face;

import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.check.retention.FaceAddresses;
import io.liveness.gateway.platform.AllowedHost;
import io.liveness.gateway.platform.http.WebAddress;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.liveness.gateway.vendor.Confidential;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Finds the face image of an own session that passed, and passes it on. */
@Startup // an alert sees the first increase: all outcomes are registered before one is counted
@Singleton
class StreamFaceImage {

    private static final Logger LOG = Logger.getLogger(StreamFaceImage.class);

    // The lock excludes a redaction: no view is recorded after it.
    private static final String RECORD_VIEW = "with unredacted as (" + FaceAddresses.HELD + """
            )
            insert into face_view (session_id, at, viewed_by)
            select id, liveness_now(), $2 from unredacted
            """;

    private final Database database;
    private final FaceAddresses addresses;
    private final Sealing sealing;
    private final FaceHosts hosts;
    private final FetchFace fetch;
    private final MeterRegistry registry;

    StreamFaceImage(
            Database database,
            FaceAddresses addresses,
            Sealing sealing,
            FaceHosts hosts,
            FetchFace fetch,
            MeterRegistry registry) {
        this.database = database;
        this.addresses = addresses;
        this.sealing = sealing;
        this.hosts = hosts;
        this.fetch = fetch;
        this.registry = registry;
        List.of(FaceOutcome.values()).forEach(this::counter);
    }

    /** @param actor for the record of the view, see {@link Caller#actor} */
    Uni<Void> stream(UUID id, Caller caller, String actor, HttpServerRequest to) {
        return addresses
                .read(id, caller.name())
                .chain(found -> found.map(url -> fetch(id, caller, actor, url, to))
                        .orElseGet(() -> failed(id, FaceOutcome.GONE)));
    }

    private Uni<Void> fetch(UUID id, Caller caller, String actor, byte[] stored, HttpServerRequest to) {
        Optional<Confidential> url = sealing.openIfReadable(id, Sealing.Column.FACE_URL, stored);
        if (url.isEmpty()) {
            return failed(id, FaceOutcome.UNREADABLE);
        }
        return hosts.check(url.get())
                .map(address -> fetch.fetch(address, caller, to, recordView(id, actor), outcome -> ended(id, outcome)))
                .orElseGet(() -> {
                    // The host alone: it is what operations have to allow, or not.
                    LOG.warnf("face.not-allowed sessionId=%s host=%s", id, FaceHosts.hostOf(url.get()));
                    return failed(id, FaceOutcome.REFUSED);
                });
    }

    private Uni<Void> failed(UUID id, FaceOutcome outcome) {
        ended(id, outcome);
        return Uni.createFrom().failure(outcome.problem());
    }

    private void ended(UUID id, FaceOutcome outcome) {
        counter(outcome).increment();
        LOG.infof("face.fetched sessionId=%s outcome=%s", id, outcome);
    }

    /**
     * Answers whether it was recorded: not when the face image was redacted meanwhile.
     *
     * @param actor for the record, see {@link Caller#actor}
     */
    private Uni<Boolean> recordView(UUID session, String actor) {
        return database.execute(RECORD_VIEW, Tuple.of(session, actor)).map(recorded -> recorded.rowCount() == 1);
    }

    private Counter counter(FaceOutcome outcome) {
        return Counter.builder("liveness.faces.fetched")
                .description("Requests for face images, by outcome")
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    /**
     * Allowed hosts of face images. The address comes from the vendor and is called from inside the company's network: therefore only {@code
     * https}, only these hosts, and only with the host's certificate, so that no name leads to an internal machine. {@link AllowedHost}
     * says what an entry is.
     */
    @Singleton
    static class FaceHosts implements ConfigurationRule {

        private final List<AllowedHost> allowed;

        @Inject
        FaceHosts(FetchFace.FaceLimits config) {
            this(config.allowedHosts());
        }

        FaceHosts(List<String> entries) {
            allowed = entries.stream()
                    .map(entry -> AllowedHost.parse(entry).orElseThrow(() -> refused(entry)))
                    .toList();
        }

        private static IllegalArgumentException refused(String entry) {
            return new IllegalArgumentException(
                    "liveness.face.allowed-hosts must have entries <host>, <host>:<port>, *.<domain> or"
                            + " http://localhost:<port>; face images are fetched by https alone, but on the machine itself. Not such an entry: "
                            + entry);
        }

        /** @return empty when it is no address that face images may be fetched from */
        Optional<WebAddress> check(Confidential url) {
            return WebAddress.parse(url.value())
                    .filter(address -> allowed.stream()
                            .anyMatch(entry -> entry.allows(address.tls(), address.host(), address.port())));
        }

        /** The host, for the decision whether to allow it; nothing else of the address. */
        static String hostOf(Confidential url) {
            return WebAddress.parse(url.value()).map(WebAddress::host).orElse("none");
        }
    }
}

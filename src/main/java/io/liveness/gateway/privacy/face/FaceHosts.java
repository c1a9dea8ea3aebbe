package io.liveness.gateway.privacy.face;

import io.liveness.gateway.platform.AllowedHost;
import io.liveness.gateway.platform.http.WebAddress;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.liveness.gateway.vendor.Confidential;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * Allowed hosts of face images. The address comes from the vendor and is called from inside the company's network: therefore only {@code
 * https}, only these hosts, and only with the host's certificate, so that no name leads to an internal machine. {@link AllowedHost}
 * says what an entry is.
 */
@Singleton
class FaceHosts implements ConfigurationRule {

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

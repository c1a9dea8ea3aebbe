package io.liveness.gateway.privacy.face;

import io.liveness.gateway.platform.AllowedHost;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.liveness.gateway.vendor.Confidential;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
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
    FaceHosts(FetchFace.Config config) {
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
    Optional<FaceAddress> check(Confidential url) {
        return parse(url.value())
                .filter(address -> allowed.stream()
                        .anyMatch(entry -> entry.allows(address.tls(), address.host(), address.port())));
    }

    /** The host, for the decision whether to allow it; nothing else of the address. */
    static String hostOf(Confidential url) {
        return parse(url.value()).map(FaceAddress::host).orElse("none");
    }

    private static Optional<FaceAddress> parse(String url) {
        try {
            URI uri = new URI(url);
            boolean tls = "https".equalsIgnoreCase(uri.getScheme());
            // User information in an address only serves to disguise the host.
            if (uri.getHost() == null
                    || uri.getRawUserInfo() != null
                    || !(tls || "http".equalsIgnoreCase(uri.getScheme()))) {
                return Optional.empty();
            }
            int port = uri.getPort() != -1 ? uri.getPort() : tls ? AllowedHost.HTTPS : 80;
            String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            // Non-ASCII characters pass java.net.URI; on the wire they must be escaped.
            String target = URI.create(path + query).toASCIIString();
            return Optional.of(new FaceAddress(tls, uri.getHost().toLowerCase(Locale.ROOT), port, target));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * An allowed address of a face image, in the parts that a request is made of. It gives access to the face: no text form.
     *
     * @param target path and query
     */
    record FaceAddress(boolean tls, String host, int port, String target) {

        @Override
        public String toString() {
            return "***";
        }
    }
}

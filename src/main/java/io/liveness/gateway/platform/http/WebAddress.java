package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.AllowedHost;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * An address of http or https that others gave us, in the parts that a request is made of. Its path may be a secret: the text form is the
 * host alone.
 *
 * @param host in lower case
 * @param target path and query, in ASCII
 */
public record WebAddress(boolean tls, String host, int port, String target) {

    /** @return empty when it is no absolute address of http or https, not strict (java.net.URI), or has user information */
    public static Optional<WebAddress> parse(String url) {
        try {
            URI uri = new URI(new URI(url).toASCIIString());
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
            return Optional.of(new WebAddress(tls, uri.getHost().toLowerCase(Locale.ROOT), port, path + query));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return host;
    }
}

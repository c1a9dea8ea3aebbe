package io.liveness.gateway.session.face;

import io.liveness.gateway.vendor.Confidential;
import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Allowed hosts of face images. The address comes from the vendor and is called from inside the company's network: therefore only {@code
 * https}, only these hosts, and only with the host's certificate, so that no name leads to an internal machine.
 *
 * <p>An entry is {@code host}, {@code host:port} (443 when left out), {@code *.domain} (any depth below it, not the domain itself), or
 * {@code http://localhost:port}: traffic that never leaves the machine. An IP address counts as the host it is written as.
 */
@Startup // a wrong entry must stop the start, not the first face image
@Singleton
class FaceHosts {

    private static final int HTTPS = 443;
    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
    private static final Pattern ENTRY =
            Pattern.compile("((?:\\*\\.)?" + LABEL + "(?:\\." + LABEL + ")*)(?::(\\d{1,5}))?");
    // At least two labels, the last one not a number: neither *.com nor a range of IP addresses.
    private static final Pattern WILDCARD = Pattern.compile("\\*\\.(?:" + LABEL + "\\.)+[a-z]" + "[a-z0-9-]*");
    private static final Pattern LOOPBACK = Pattern.compile("http://(localhost|127\\.0\\.0\\.1):(\\d{1,5})");

    private final List<Entry> allowed = new ArrayList<>();

    private record Entry(boolean tls, String host, int port) {

        boolean allows(FaceAddress address) {
            boolean named = host.startsWith("*.")
                    ? address.host().endsWith(host.substring(1))
                    : address.host().equals(host);
            return named && tls == address.tls() && port == address.port();
        }
    }

    @Inject
    FaceHosts(FaceConfig config) {
        this(config.allowedHosts());
    }

    FaceHosts(List<String> entries) {
        entries.forEach(this::add);
    }

    private void add(String given) {
        String entry = given.strip().toLowerCase(Locale.ROOT);
        Matcher loopback = LOOPBACK.matcher(entry);
        Matcher host = ENTRY.matcher(entry);
        if (loopback.matches()) {
            allowed.add(new Entry(false, loopback.group(1), port(loopback.group(2), given)));
        } else if (host.matches()
                && (!entry.startsWith("*") || WILDCARD.matcher(host.group(1)).matches())) {
            allowed.add(new Entry(true, host.group(1), host.group(2) == null ? HTTPS : port(host.group(2), given)));
        } else {
            throw refused(given);
        }
    }

    private static int port(String digits, String entry) {
        int port = Integer.parseInt(digits);
        if (port < 1 || port > 65_535) {
            throw refused(entry);
        }
        return port;
    }

    private static IllegalArgumentException refused(String entry) {
        return new IllegalArgumentException(
                "liveness.face.allowed-hosts must have entries <host>, <host>:<port>, *.<domain> or"
                        + " http://localhost:<port>; face images are fetched by https alone, but on the machine itself. This is none: "
                        + entry);
    }

    /** @return empty when it is no address that face images may be fetched from */
    Optional<FaceAddress> check(Confidential url) {
        return parse(url.value()).filter(address -> allowed.stream().anyMatch(entry -> entry.allows(address)));
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
            int port = uri.getPort() != -1 ? uri.getPort() : tls ? HTTPS : 80;
            String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            // Non-ASCII characters pass java.net.URI; on the wire they must be escaped.
            String target = URI.create(path + query).toASCIIString();
            return Optional.of(new FaceAddress(tls, uri.getHost().toLowerCase(Locale.ROOT), port, target));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

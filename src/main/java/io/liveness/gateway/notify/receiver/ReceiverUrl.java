package io.liveness.gateway.notify.receiver;

import io.liveness.gateway.platform.AllowedHost;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The address of a receiver, in the parts that a request is made of. Its path may hold a secret of the receiver: the text form is the
 * host alone.
 *
 * @param tls whether it is https, not http
 * @param host a name in lower case and without a dot at its end, an IPv4 address, or an IPv6 address in brackets
 * @param target path and query
 */
public record ReceiverUrl(boolean tls, String host, int port, String target) {

    /** Most characters of an address. */
    public static final int MOST_CHARACTERS = 1024;

    static final String RULE = "must be an absolute https address of at most " + MOST_CHARACTERS
            + " ASCII characters, without user information and fragment";

    private static final Pattern ASCII = Pattern.compile("[!-~]{1," + MOST_CHARACTERS + "}");

    /** @return empty when it is not absolute, not http or https, not strict (java.net.URI), or breaks another part of the rule above */
    public static Optional<ReceiverUrl> parse(String url) {
        if (!ASCII.matcher(url).matches()) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(url);
            boolean tls = "https".equalsIgnoreCase(uri.getScheme());
            // User information in an address only serves to disguise the host.
            if (uri.getHost() == null
                    || uri.getRawUserInfo() != null
                    || uri.getRawFragment() != null
                    || !(tls || "http".equalsIgnoreCase(uri.getScheme()))) {
                return Optional.empty();
            }
            int port = uri.getPort() != -1 ? uri.getPort() : tls ? AllowedHost.HTTPS : 80;
            String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            return port < 1 || port > 65_535
                    ? Optional.empty()
                    : host(uri.getHost()).map(host -> new ReceiverUrl(tls, host, port, path + query));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> host(String given) {
        if (given.startsWith("[")) {
            // A zone names a network interface of this machine.
            return given.contains("%")
                    ? Optional.empty()
                    : literal(given).map(address -> "[" + NetUtil.toAddressString(address) + "]");
        }
        String host = given.toLowerCase(Locale.ROOT);
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return AllowedHost.isUnambiguous(name) ? Optional.of(name) : Optional.empty();
    }

    /** The host as an IP address; empty when it is a name. */
    Optional<InetAddress> literal() {
        return literal(host);
    }

    /** @return empty for a name, and for an IPv4 address in the form of an IPv6 address: it is another address to some */
    static Optional<InetAddress> literal(String host) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        if (bytes == null) {
            return Optional.empty();
        }
        try {
            // Java makes an address of 4 bytes from 16 that are an IPv4 address.
            InetAddress address = InetAddress.getByAddress(bytes);
            return address.getAddress().length == bytes.length ? Optional.of(address) : Optional.empty();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("neither 4 nor 16 bytes", e);
        }
    }

    @Override
    public String toString() {
        return host;
    }
}

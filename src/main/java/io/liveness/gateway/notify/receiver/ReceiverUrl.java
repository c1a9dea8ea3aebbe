package io.liveness.gateway.notify.receiver;

import io.liveness.gateway.platform.AllowedHost;
import io.liveness.gateway.platform.http.WebAddress;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
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
        return ASCII.matcher(url).matches() && url.indexOf('#') < 0
                ? WebAddress.parse(url)
                        .filter(address -> address.port() >= 1 && address.port() <= 65_535)
                        .flatMap(address -> host(address.host())
                                .map(host -> new ReceiverUrl(address.tls(), host, address.port(), address.target())))
                : Optional.empty();
    }

    private static Optional<String> host(String host) {
        if (host.startsWith("[")) {
            // A zone names a network interface of this machine.
            return host.contains("%")
                    ? Optional.empty()
                    : literal(host).map(address -> "[" + NetUtil.toAddressString(address) + "]");
        }
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

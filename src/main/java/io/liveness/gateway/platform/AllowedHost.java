package io.liveness.gateway.platform;

import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An entry of an allow-list of hosts: {@code host}, {@code host:port} (443 when left out), {@code *.domain} (any depth below it, not the
 * domain itself), all three by https; or {@code http://localhost:port}: traffic that never leaves the machine. An IP address of version 4
 * counts as the host it is written as.
 *
 * @param host in lower case
 */
public record AllowedHost(boolean tls, String host, int port) {

    /** The port of https. */
    public static final int HTTPS = 443;

    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
    private static final Pattern ENTRY =
            Pattern.compile("((?:\\*\\.)?" + LABEL + "(?:\\." + LABEL + ")*)(?::(\\d{1,5}))?");
    // A wildcard has at least two labels, the last one not a number: neither *.com nor a range of IP addresses.
    private static final Pattern WILDCARD = Pattern.compile("\\*\\.(?:" + LABEL + "\\.)+[a-z]" + "[a-z0-9-]*");
    private static final Pattern LOOPBACK = Pattern.compile("http://(localhost|127\\.0\\.0\\.1):(\\d{1,5})");
    private static final Pattern IPV4 = Pattern.compile("(?:0|[1-9]\\d{0,2})(?:\\.(?:0|[1-9]\\d{0,2})){3}");
    private static final Pattern ENDS_IN_A_NUMBER = Pattern.compile("(?:.*\\.)?\\d[^.]*");

    /** @return empty when it is no such entry */
    public static Optional<AllowedHost> parse(String entry) {
        String text = entry.strip().toLowerCase(Locale.ROOT);
        Matcher loopback = LOOPBACK.matcher(text);
        Matcher host = ENTRY.matcher(text);
        if (loopback.matches()) {
            return entry(false, loopback.group(1), Integer.parseInt(loopback.group(2)));
        }
        if (host.matches() && isHost(host.group(1))) {
            return entry(true, host.group(1), host.group(2) == null ? HTTPS : Integer.parseInt(host.group(2)));
        }
        return Optional.empty();
    }

    private static boolean isHost(String host) {
        return host.startsWith("*") ? WILDCARD.matcher(host).matches() : isUnambiguous(host);
    }

    /**
     * Whether a host is a name, or an IPv4 address of four decimal numbers. Libraries disagree on others: {@code 127.1}, {@code
     * 0x7f000001} and {@code 0177.0.0.1} are addresses to some, and names to the rest.
     */
    public static boolean isUnambiguous(String host) {
        return !ENDS_IN_A_NUMBER.matcher(host).matches()
                || IPV4.matcher(host).matches() && NetUtil.isValidIpV4Address(host);
    }

    private static Optional<AllowedHost> entry(boolean tls, String host, int port) {
        return port < 1 || port > 65_535 ? Optional.empty() : Optional.of(new AllowedHost(tls, host, port));
    }

    /** @param calledHost in lower case */
    public boolean allows(boolean byTls, String calledHost, int calledPort) {
        boolean named = host.startsWith("*.") ? calledHost.endsWith(host.substring(1)) : calledHost.equals(host);
        return named && tls == byTls && port == calledPort;
    }
}

package io.liveness.gateway.platform.security;

import java.net.URI;
import java.util.regex.Pattern;

/** Hosts that are this machine by their name alone: names are not resolved, since what they resolve to may change. */
public final class Loopback {

    private static final Pattern NAMES =
            Pattern.compile("(?i)localhost|127(\\.\\d{1,3}){3}|\\[?(::1|(0{1,4}:){7}0{0,3}1)]?");

    private Loopback() {}

    /** Whether an address is one of https, or of http at this machine. */
    public static boolean isSafe(String address) {
        try {
            URI uri = URI.create(address);
            return uri.getHost() != null
                    && ("https".equalsIgnoreCase(uri.getScheme())
                            || "http".equalsIgnoreCase(uri.getScheme()) && is(uri.getHost()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** @param host a name or an address; of version 6 with or without brackets */
    public static boolean is(String host) {
        return NAMES.matcher(host).matches();
    }
}

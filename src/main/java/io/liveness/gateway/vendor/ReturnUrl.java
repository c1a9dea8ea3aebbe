package io.liveness.gateway.vendor;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where the vendor's page goes when a check ends, in one of the vendor's forms (vendor document, returnUrl前缀说明).
 *
 * @param value as it is sent to the vendor: at most {@value #MAX_LENGTH} characters of printable ASCII
 */
public record ReturnUrl(String value) {

    public static final int MAX_LENGTH = 256;

    private static final String REPLACE = "replace:";
    private static final Pattern FUNCTION_NAME = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]*");
    private static final Set<String> DANGEROUS_SCHEMES = Set.of("javascript", "data", "file");

    /**
     * Checks the form and leaves out the space that the vendor's sample has after {@code replace:}.
     *
     * @throws IllegalArgumentException with a sentence for the caller that says which rule is broken
     */
    public static ReturnUrl parse(String given) {
        require(given.length() <= MAX_LENGTH, "must have at most 256 characters, prefix included");
        String url = given.startsWith(REPLACE + " ") ? REPLACE + given.substring(REPLACE.length() + 1) : given;
        require(
                url.chars().allMatch(c -> c > 0x20 && c < 0x7f),
                "must be printable ASCII without spaces; use percent-encoding or punycode for the rest");
        if (url.equals("wx.history")) {
            return new ReturnUrl(url);
        }
        int colon = url.indexOf(':');
        String rest = url.substring(colon + 1);
        switch (url.substring(0, Math.max(colon, 0))) {
            case "http", "https" -> requireWebAddress(url);
            case "replace" -> requireWebAddress(rest);
            case "wx.redirect" ->
                require(rest.startsWith("/"), "must have a path that begins with / after wx.redirect:");
            case "app" ->
                require(
                        FUNCTION_NAME.matcher(rest).matches(),
                        "must have the name of a JavaScript function after app:");
            case "scheme" -> requireHarmlessScheme(rest);
            default ->
                throw new IllegalArgumentException(
                        "must be http://…, https://…, replace:<web address>, wx.redirect:/<path>, wx.history, app:<function> or"
                                + " scheme:<address>");
        }
        return new ReturnUrl(url);
    }

    /** The web address that a browser ends at; empty when a mini program or an app takes over. */
    public Optional<String> webAddress() {
        String address = replaces() ? value.substring(REPLACE.length()) : value;
        return isWeb(address) ? Optional.of(address) : Optional.empty();
    }

    /**
     * Leaves the vendor's page in the same way, to another web address.
     *
     * @throws IllegalArgumentException as {@link #parse(String)}
     */
    public ReturnUrl leadingTo(String webAddress) {
        return parse(replaces() ? REPLACE + webAddress : webAddress);
    }

    private boolean replaces() {
        return value.startsWith(REPLACE);
    }

    private static boolean isWeb(String address) {
        return address.startsWith("http://") || address.startsWith("https://");
    }

    private static void requireWebAddress(String address) {
        String message = "must be a web address http(s)://<host>…";
        require(isWeb(address), message);
        URI uri = uri(address, message);
        require(uri.getHost() != null && uri.getPort() <= 65_535, message);
    }

    private static void requireHarmlessScheme(String address) {
        String message = "must have an address with a scheme other than javascript, data or file after scheme:";
        URI uri = uri(address, message);
        require(
                uri.getScheme() != null
                        && !DANGEROUS_SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT)),
                message);
    }

    private static URI uri(String address, String message) {
        try {
            return new URI(address);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(message, e);
        }
    }

    private static void require(boolean rule, String message) {
        if (!rule) {
            throw new IllegalArgumentException(message);
        }
    }
}

package io.liveness.gateway.check.returnhop;

import io.liveness.gateway.vendor.Confidential;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The caller's own address with the result added to its query, as the vendor's page itself would do without a hop. */
final class CallersPage {

    private CallersPage() {}

    /** The caller's query stays as it is, even with a parameter {@code token}; the vendor's parameters are appended. */
    static URI with(String address, Confidential token, Optional<String> passed) {
        int fragment = address.indexOf('#');
        String page = fragment < 0 ? address : address.substring(0, fragment);
        StringBuilder url =
                new StringBuilder(page).append(joint(page)).append("token=").append(encoded(token.value()));
        passed.ifPresent(result -> url.append("&passed=").append(encoded(result)));
        return URI.create(url.append(address, page.length(), address.length()).toString());
    }

    private static String joint(String page) {
        int query = page.indexOf('?');
        if (query < 0) {
            return "?";
        }
        return query == page.length() - 1 || page.endsWith("&") ? "" : "&";
    }

    // URLEncoder is for forms, which write a space as a plus.
    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

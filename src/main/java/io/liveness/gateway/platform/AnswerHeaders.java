package io.liveness.gateway.platform;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** What every answer of the API says to the caches and browsers on its way, errors included. */
public final class AnswerHeaders {

    public static final String CACHE_CONTROL = "Cache-Control";
    public static final String CONTENT_TYPE_OPTIONS = "X-Content-Type-Options";

    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence TYPE_OPTIONS = HttpHeaders.createOptimized(CONTENT_TYPE_OPTIONS);
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");

    private AnswerHeaders() {}

    /** Sets headers against caching and content sniffing: an answer may hold a token, a face or a caller's metadata. */
    static void add(HttpServerResponse response) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE).putHeader(TYPE_OPTIONS, NOSNIFF);
    }
}

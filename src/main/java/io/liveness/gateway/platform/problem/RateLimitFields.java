package io.liveness.gateway.platform.problem;

import io.vertx.core.http.HttpServerResponse;

/**
 * The fields {@code RateLimit-Policy} and {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers): lists of structured fields with one
 * item for each limit.
 */
public final class RateLimitFields {

    private static final String POLICY = "RateLimit-Policy";
    private static final String STATE = "RateLimit";

    private RateLimitFields() {}

    /**
     * Adds a limit to the answer.
     *
     * @param policy parameters {@code q} (quota) and {@code w} (its window in seconds)
     * @param state parameters {@code r} (what is left) and {@code t} (seconds until all of it is there again)
     */
    public static void add(HttpServerResponse response, String limit, String policy, String state) {
        add(response, POLICY, "\"" + limit + "\";" + policy);
        add(response, STATE, "\"" + limit + "\";" + state);
    }

    // One line, since some clients read only the first.
    private static void add(HttpServerResponse response, String field, String item) {
        String before = response.headers().get(field);
        response.putHeader(field, before == null ? item : before + ", " + item);
    }
}

package io.liveness.gateway.platform.http;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkus.micrometer.runtime.binder.vertx.HttpRequestMetric;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Keeps arbitrary addresses out of the labels of {@code http_server_requests_seconds}: they would use up the allowed number of labels, and
 * real operations would not be counted.
 */
class RequestLabels {

    /** The label {@code uri} of a request that meets no operation. */
    static final String NO_OPERATION = "/UNKNOWN";

    private static final String REQUESTS = "http.server.requests";
    private static final String OF_OPERATIONS = "/q/";
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "UNKNOWN");

    /**
     * Labels a request that begins. An operation's template takes the label's place once it is found. A {@link MeterFilter}
     * could rename the address too, but the registry keeps every name from before its filters for good.
     */
    static void begin(Object metric, HttpServerRequest request) {
        // Left alone, addresses of operations are not counted at all: see quarkus.micrometer.binder.http-server.
        if (metric instanceof HttpRequestMetric counted && !isOfOperations(request)) {
            counted.setTemplatePath(NO_OPERATION);
        }
    }

    private static boolean isOfOperations(HttpServerRequest request) {
        return request.path() != null && request.path().startsWith(OF_OPERATIONS);
    }

    /** A made-up method is not counted. */
    @Produces
    @Singleton
    MeterFilter knownMethods() {
        return MeterFilter.deny(RequestLabels::hasMadeUpMethod);
    }

    private static boolean hasMadeUpMethod(Meter.Id id) {
        return id.getName().equals(REQUESTS) && !METHODS.contains(id.getTag("method"));
    }
}

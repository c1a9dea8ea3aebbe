package io.liveness.gateway.platform.http;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkus.micrometer.runtime.HttpServerMetricsTagsContributor;
import io.quarkus.micrometer.runtime.binder.vertx.HttpRequestMetric;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Keeps arbitrary addresses out of the labels of {@code http_server_requests_seconds}: they would use up the allowed number of labels, and
 * real operations would not be counted.
 */
class RequestLabels {

    /** The label {@code uri} of a request that meets no operation. */
    private static final String NO_OPERATION = "/UNKNOWN";

    private static final int BEFORE_EVERYTHING = 1_001;
    private static final Tags UNREADABLE = Tags.of("uri", NO_OPERATION);
    private static final String READABLE = "readable-request";
    private static final String REQUESTS = "http.server.requests";
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "UNKNOWN");

    void register(@Observes Filters filters) {
        filters.register(RequestLabels::label, BEFORE_EVERYTHING);
    }

    /**
     * An operation's template takes the label's place once it is found. A {@link MeterFilter} could rename the address too, but the
     * registry keeps every name from before its filters for good.
     */
    private static void label(RoutingContext request) {
        HttpRequestMetric counted = HttpRequestMetric.getRequestMetric(request);
        if (counted != null) {
            counted.setTemplatePath(NO_OPERATION);
            counted.request().context().putLocal(READABLE, true);
        }
        request.next();
    }

    /** What cannot be read as a request is answered before all filters, by Vert.x or Quarkus. */
    @Produces
    @Singleton
    HttpServerMetricsTagsContributor unreadableRequests() {
        return request -> request.requestContextLocalData(READABLE) == null ? UNREADABLE : Tags.empty();
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

package io.liveness.gateway.platform;

import com.github.f4b6a3.uuid.UuidCreator;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;

/** Gives every request an id that its answer, its log lines and its problem share. */
public class RequestId {

    public static final String HEADER = "X-Request-Id";

    private static final String KEY = "requestId";
    private static final CharSequence NAME = HttpHeaders.createOptimized(HEADER);
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence TYPE_OPTIONS = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int BEFORE_EVERYTHING = 1_000;

    void register(@Observes Filters filters) {
        filters.register(RequestId::assign, BEFORE_EVERYTHING);
    }

    private static void assign(RoutingContext request) {
        of(request);
        request.next();
    }

    /** The id of a request; it gets one here when it failed before all filters. */
    public static String of(RoutingContext request) {
        String known = request.get(KEY);
        if (known != null) {
            return known;
        }
        String id = answeredWith(request.request());
        request.put(KEY, id);
        MDC.put(KEY, id);
        return id;
    }

    /** Keeps the id and the headers of a request that is rerouted. */
    public static void keep(RoutingContext request) {
        request.request().headers().set(NAME, of(request));
        request.remove(KEY);
    }

    /** The id of a request without a route, and from now on of its answer. */
    public static String answeredWith(HttpServerRequest request) {
        String given = request.getHeader(NAME);
        String id = given != null && ACCEPTED.matcher(given).matches()
                ? given
                : UuidCreator.getTimeOrderedEpoch().toString();
        request.response().putHeader(NAME, id);
        // Every answer passes here, errors included. The headers are against caching and content sniffing: an answer
        // may hold a token, a face or metadata.
        request.response().putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE).putHeader(TYPE_OPTIONS, NOSNIFF);
        return id;
    }
}

package io.liveness.gateway.platform;

import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.vertx.VertxInputStream;

/** Answers bodies that say they are too large before they are read; see {@link RequestBodies} for those that do not say. */
@ApplicationScoped
class BodyLimit {

    // Just before the limit that Quarkus enforces itself, whose answer has no body.
    private static final int BEFORE_QUARKUS = -3;
    private static final int AFTER_QUARKUS = -1;

    private final long limit;
    private final ProblemWriter writer;

    BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit, ProblemWriter writer) {
        this.limit = limit.asLongValue();
        this.writer = writer;
    }

    void register(@Observes Router router) {
        router.route().order(BEFORE_QUARKUS).handler(this::check);
        router.route().order(AFTER_QUARKUS).handler(this::leaveToReader);
    }

    /** A JSON body of unknown length is limited where it is read, since the answer of Quarkus has no body there too. */
    private void leaveToReader(RoutingContext request) {
        if (RequestBodies.isJson(request.request().getHeader(HttpHeaders.CONTENT_TYPE))) {
            request.remove(VertxInputStream.MAX_REQUEST_SIZE_KEY);
        }
        request.next();
    }

    private void check(RoutingContext request) {
        String length = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null || Long.parseLong(length) <= limit) {
            request.next();
            return;
        }
        writer.write(tooLarge(), request);
    }

    static ProblemException tooLarge() {
        return new ProblemException(ProblemCode.TOO_LARGE, "Send a smaller body; the API document has the limits.");
    }
}

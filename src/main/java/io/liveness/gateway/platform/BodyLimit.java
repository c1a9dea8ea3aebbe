package io.liveness.gateway.platform;

import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Answers bodies that say they are too large before they are read; see {@link RequestBodies} for those that do not say. */
@ApplicationScoped
class BodyLimit {

    // Just before the limit that Quarkus enforces itself, whose answer has no body.
    private static final int BEFORE_QUARKUS = -3;

    private final long limit;
    private final ProblemWriter writer;

    BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit, ProblemWriter writer) {
        this.limit = limit.asLongValue();
        this.writer = writer;
    }

    void register(@Observes Router router) {
        router.route().order(BEFORE_QUARKUS).handler(this::check);
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

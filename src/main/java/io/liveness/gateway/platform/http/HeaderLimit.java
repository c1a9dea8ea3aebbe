package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.ProblemWriter;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;

/** Answers what {@link RequestHeads} leaves of a request whose head is too long. */
class HeaderLimit {

    // The filter runs after the request has its id.
    private static final int BEFORE_AUTHENTICATION = 900;

    private final ProblemWriter writer;

    HeaderLimit(ProblemWriter writer) {
        this.writer = writer;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, BEFORE_AUTHENTICATION);
    }

    private void check(RoutingContext request) {
        if (RequestHeads.isTooLong(request.request())) {
            ProblemWriter.closeAfterAnswer(request);
            writer.write(
                    new ProblemException(
                            ProblemCode.HEADERS_TOO_LARGE, "Send a shorter address and fewer or shorter headers."),
                    request);
        } else {
            request.next();
        }
    }
}

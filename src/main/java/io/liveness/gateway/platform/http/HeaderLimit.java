package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.ProblemWriter;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.util.Map;

/**
 * Refuses long addresses and headers with a problem. Vert.x reads more than that, {@code quarkus.http.limits}, and answers what is longer
 * still without a body.
 */
class HeaderLimit {

    private static final int LONGEST_ADDRESS = 4_096;
    private static final int LONGEST_HEADERS = 20_480;
    // After the request has its id.
    private static final int BEFORE_AUTHENTICATION = 900;

    private final ProblemWriter writer;

    HeaderLimit(ProblemWriter writer) {
        this.writer = writer;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, BEFORE_AUTHENTICATION);
    }

    private void check(RoutingContext request) {
        HttpServerRequest sent = request.request();
        int length = 0;
        for (Map.Entry<String, String> header : sent.headers()) {
            length += header.getKey().length() + header.getValue().length();
        }
        if (sent.uri().length() > LONGEST_ADDRESS || length > LONGEST_HEADERS) {
            writer.write(
                    new ProblemException(
                            ProblemCode.HEADERS_TOO_LARGE, "Send a shorter address and fewer or shorter headers."),
                    request);
        } else {
            request.next();
        }
    }
}

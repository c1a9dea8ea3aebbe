package io.liveness.gateway.platform;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;

/** Answers what Vert.x could not read as a request: no route, filter or mapper ever sees it. */
@ApplicationScoped
class UnreadableRequests implements Handler<HttpServerRequest> {

    // Netty's name for a request whose first line it could not read.
    private static final String NO_ADDRESS = "/bad-request";

    private final ProblemWriter writer;

    UnreadableRequests(ProblemWriter writer) {
        this.writer = writer;
    }

    @Override
    public void handle(HttpServerRequest request) {
        String path = request.path();
        writer.writeAndClose(problem(request.decoderResult().cause()), request, NO_ADDRESS.equals(path) ? null : path);
    }

    private static ProblemException problem(Throwable cause) {
        // Also for the line, where 414 is possible: the caller's remedy is the same.
        return cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException
                ? new ProblemException(
                        ProblemCode.HEADERS_TOO_LARGE, "Send a shorter address and fewer or shorter headers.")
                : UnknownRoutes.unreadable();
    }
}

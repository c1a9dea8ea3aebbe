package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.Characters;
import io.liveness.gateway.platform.problem.CommonProblem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.ProblemWriter;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Answers what Vert.x or Quarkus cannot read as a request: no route, filter or mapper ever sees it. The connection is closed,
 * since the start of the next request is not known.
 */
@ApplicationScoped
class UnreadableRequests implements Handler<HttpServerRequest> {

    private static final Characters PLAIN = new Characters(Characters.LETTERS_AND_DIGITS + "._~?&=/-");

    // Netty's name for a request whose first line it could not read.
    private static final String NO_ADDRESS = "/bad-request";

    private final ProblemWriter writer;

    UnreadableRequests(ProblemWriter writer) {
        this.writer = writer;
    }

    static boolean isUnreadable(HttpServerRequest request) {
        return request.decoderResult().isFailure() || request.version() == null || !isAddress(request.uri());
    }

    /** As Quarkus has it before all routes, only that its refusal is bare. */
    private static boolean isAddress(String given) {
        if (given == null) {
            return false;
        }
        if (given.startsWith("/") && !given.startsWith("//") && PLAIN.makeUp(given, 0)) {
            return true;
        }
        try {
            new URI(given);
            return true;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** The path as a URI; the root when there is none. */
    private static String instance(String path) {
        try {
            return path == null || path.equals(NO_ADDRESS) ? "/" : new URI(null, null, path, null).toASCIIString();
        } catch (URISyntaxException e) {
            return "/";
        }
    }

    @Override
    public void handle(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        String instance = instance(request.path());
        if (cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException) {
            // Also for the line, where 414 is possible: the caller's remedy is the same.
            writer.writeAndLinger(
                    new ProblemException(
                            CommonProblem.HEADERS_TOO_LARGE, "Send a shorter address and fewer or shorter headers."),
                    request,
                    instance);
        } else {
            writer.writeAndClose(UnknownRoutes.unreadable(), request, instance);
        }
    }
}

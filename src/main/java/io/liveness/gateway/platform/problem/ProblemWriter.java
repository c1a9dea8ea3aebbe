package io.liveness.gateway.platform.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveness.gateway.platform.RequestId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** Turns an exception into the answer, inside JAX-RS and outside of it. */
@ApplicationScoped
public class ProblemWriter {

    private final ObjectMapper json;

    ProblemWriter(ObjectMapper json) {
        this.json = json;
    }

    public Response response(ProblemException problem, RoutingContext request) {
        Response.ResponseBuilder response = Response.status(problem.code().status())
                .type(Problem.MEDIA_TYPE)
                .entity(problem(problem, request));
        problem.usedUp().ifPresent(limit -> limit.tell(request.response()));
        problem.retryAfter().ifPresent(wait -> response.header(HttpHeaders.RETRY_AFTER, wait.toSeconds()));
        if (problem.code() == CommonProblem.TOO_LARGE) {
            LingeringClose.closes(request);
        }
        return response.build();
    }

    public void write(ProblemException problem, RoutingContext request) {
        HttpServerResponse response = request.response();
        if (response.ended()) {
            return;
        }
        Problem body = problem(problem, request);
        if (problem.code() == CommonProblem.TOO_LARGE) {
            LingeringClose.closes(request);
        }
        response.setStatusCode(problem.code().status()).putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        problem.retryAfter()
                .ifPresent(wait -> response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(wait.toSeconds())));
        response.end(body(body));
    }

    /** Answers what never became a request with a route, and closes the connection. */
    public void writeAndClose(ProblemException problem, HttpServerRequest request, String instance) {
        write(problem, request, instance).end();
        request.response().close();
    }

    /** The same while the caller may still send: writes the whole answer at once and ends it a little later, see {@link LingeringClose}. */
    public void writeAndLinger(ProblemException problem, HttpServerRequest request, String instance) {
        HttpServerResponse response = write(problem, request, instance);
        LingeringClose.closes(request.connection(), response::end);
    }

    private HttpServerResponse write(ProblemException problem, HttpServerRequest request, String instance) {
        Buffer body = body(Problem.of(problem, instance, RequestId.answeredWith(request)));
        HttpServerResponse response = request.response();
        response.setStatusCode(problem.code().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                .putHeader("Connection", "close")
                .write(body);
        return response;
    }

    private static Problem problem(ProblemException problem, RoutingContext request) {
        // The path alone: a query may carry a token.
        return Problem.of(problem, request.request().path(), RequestId.of(request));
    }

    private Buffer body(Problem problem) {
        try {
            return Buffer.buffer(json.writeValueAsBytes(problem));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A problem is always writable", e);
        }
    }
}

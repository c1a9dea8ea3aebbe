package io.liveness.gateway.platform.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveness.gateway.platform.RequestId;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** Turns an exception into the answer, inside JAX-RS and outside of it. */
@ApplicationScoped
public class ProblemWriter {

    private static final long LINGER_MILLIS = 1_000;

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
        if (problem.code() == ProblemCode.TOO_LARGE) {
            closeAfterAnswer(request);
        }
        return response.build();
    }

    public void write(ProblemException problem, RoutingContext request) {
        HttpServerResponse response = request.response();
        if (response.ended()) {
            return;
        }
        Problem body = problem(problem, request);
        if (problem.code() == ProblemCode.TOO_LARGE) {
            closeAfterAnswer(request);
        }
        response.setStatusCode(problem.code().status()).putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        problem.retryAfter()
                .ifPresent(wait -> response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(wait.toSeconds())));
        response.end(body(body));
    }

    private static Problem problem(ProblemException problem, RoutingContext request) {
        // The path alone: a query may carry a token.
        return problem.problem(request.request().path(), RequestId.of(request));
    }

    private Buffer body(Problem problem) {
        try {
            return Buffer.buffer(json.writeValueAsBytes(problem));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A problem is always writable", e);
        }
    }

    /**
     * Closes the connection after an answer that is sent before the whole request has arrived. It closes a little later: a close while the
     * caller still sends would reset the connection and lose the answer.
     */
    public static void closeAfterAnswer(RoutingContext context) {
        context.response().putHeader("Connection", "close");
        context.addEndHandler(answered -> {
            HttpServerRequest request = context.request();
            HttpConnection connection = request.connection();
            if (request.isEnded()) {
                connection.close();
                return;
            }
            Vertx vertx = Vertx.currentContext().owner();
            vertx.setTimer(LINGER_MILLIS, late -> connection.close());
            request.handler(discarded -> {})
                    .endHandler(end -> connection.close())
                    .resume();
        });
    }
}

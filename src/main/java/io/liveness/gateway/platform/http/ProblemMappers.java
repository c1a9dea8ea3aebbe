package io.liveness.gateway.platform.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.liveness.gateway.platform.postgres.DatabaseUnavailable;
import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.ProblemWriter;
import io.quarkus.security.ForbiddenException;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Path;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** One shape for everything that goes wrong under JAX-RS; anything unforeseen is a bare 500 with the request id. */
class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    // Random, so that callers that were refused together do not return together.
    private static final int RETRY_FROM_SECONDS = 5;
    private static final int RETRY_TO_SECONDS = 15;

    private final ProblemWriter writer;
    private final AccessRefusals refusals;

    ProblemMappers(ProblemWriter writer, AccessRefusals refusals) {
        this.writer = writer;
        this.refusals = refusals;
    }

    @ServerExceptionMapper
    Response problem(ProblemException problem, RoutingContext request) {
        Response answer = writer.response(problem, request);
        if (answer.getStatus() == ProblemCode.FORBIDDEN.status()) {
            refusals.forbidden(request);
        }
        return answer;
    }

    @ServerExceptionMapper
    Response brokenRules(ConstraintViolationException broken, RoutingContext request) {
        List<FieldError> errors = broken.getConstraintViolations().stream()
                .map(violation -> new FieldError(field(violation), violation.getMessage()))
                .sorted(Comparator.comparing(FieldError::field).thenComparing(FieldError::message))
                .toList();
        return writer.response(ProblemException.invalid(errors), request);
    }

    // The subclass too, because Quarkus maps it otherwise.
    @ServerExceptionMapper({MismatchedInputException.class, JacksonException.class})
    Response unreadableJson(JacksonException unreadable, RoutingContext request) {
        return writer.response(StrictJson.problem(unreadable), request);
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException forbidden, RoutingContext request) {
        refusals.forbidden(request);
        return writer.response(forbidden(), request);
    }

    @ServerExceptionMapper
    Response http(WebApplicationException http, RoutingContext request) {
        if (http.getCause() instanceof JacksonException unreadable) {
            return unreadableJson(unreadable, request);
        }
        return writer.response(translate(http), request);
    }

    @ServerExceptionMapper
    Response withoutDatabase(DatabaseUnavailable fault, RoutingContext request) {
        String why =
                switch (fault.failure()) {
                    case ONLY_READS -> "only reads at the moment";
                    case HELD_UP -> "was held up";
                    default -> "cannot be reached";
                };
        return writer.response(unavailable("The gateway's database " + why), request);
    }

    /** @param why as the beginning of a sentence */
    static ProblemException unavailable(String why) {
        return new ProblemException(ProblemCode.UNAVAILABLE, why + "; send the same request, with the same key, again.")
                .retryAfter(Duration.ofSeconds(
                        ThreadLocalRandom.current().nextInt(RETRY_FROM_SECONDS, RETRY_TO_SECONDS + 1)));
    }

    @ServerExceptionMapper
    Response unforeseen(Throwable fault, RoutingContext request) {
        Optional<DatabaseUnavailable> unavailable = DatabaseUnavailable.behind(fault);
        if (unavailable.isPresent()) {
            return withoutDatabase(unavailable.get(), request);
        }
        LOG.errorf(fault, "request.failed path=%s", request.request().path());
        return writer.response(internalError(), request);
    }

    static ProblemException forbidden() {
        return new ProblemException(ProblemCode.FORBIDDEN, "Ask for a token with the role this operation needs.");
    }

    static ProblemException internalError() {
        return new ProblemException(
                ProblemCode.INTERNAL_ERROR, "Tell us the requestId; the request can be sent again with the same key.");
    }

    private static ProblemException translate(WebApplicationException http) {
        if (http instanceof NotFoundException) {
            return ProblemException.notFound();
        }
        if (http instanceof NotAllowedException) {
            return new ProblemException(
                    ProblemCode.METHOD_NOT_ALLOWED, "The API document lists the supported methods.");
        }
        if (http instanceof NotAcceptableException) {
            return new ProblemException(
                    ProblemCode.NOT_ACCEPTABLE, "The API document lists the media types of each operation.");
        }
        if (http instanceof NotSupportedException) {
            return new ProblemException(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Send Content-Type: application/json.");
        }
        int status = http.getResponse().getStatus();
        if (status == ProblemCode.TOO_LARGE.status()) {
            return BodyLimit.tooLarge();
        }
        if (status >= 400 && status < 500) {
            return new ProblemException(ProblemCode.INVALID_REQUEST, "The request cannot be read.");
        }
        LOG.errorf(http, "request.failed status=%d", status);
        return internalError();
    }

    /** The part of the path that the caller wrote: without our method's and parameter's names. */
    private static String field(ConstraintViolation<?> violation) {
        StringBuilder field = new StringBuilder();
        violation.getPropertyPath().forEach(node -> append(field, node));
        return field.isEmpty() ? "body" : field.toString();
    }

    private static void append(StringBuilder field, Path.Node node) {
        switch (node.getKind()) {
            case PROPERTY, BEAN -> {
                if (node.getName() != null) {
                    field.append(field.isEmpty() ? "" : ".").append(node.getName());
                }
                appendIndex(field, node);
            }
            case CONTAINER_ELEMENT -> appendIndex(field, node);
            default -> {
                // Names of ours: method, parameter.
            }
        }
    }

    private static void appendIndex(StringBuilder field, Path.Node node) {
        if (node.getIndex() != null) {
            field.append('[').append(node.getIndex()).append(']');
        }
    }
}

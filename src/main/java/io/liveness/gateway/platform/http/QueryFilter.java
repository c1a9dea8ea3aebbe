package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses requests that the framework would misread: an address that is not UTF-8 (it would replace characters), a parameter or key given
 * twice (it would take the first) or empty (it would take the default).
 */
@Singleton
class QueryFilter {

    private static final CharSequence KEY = HttpHeaders.createOptimized(IdempotencyKey.HEADER);

    @ServerRequestFilter
    void check(ContainerRequestContext request, HttpServerRequest sent) {
        if (!isUtf8(sent.uri())) {
            throw UnknownRoutes.unreadable();
        }
        // As it was sent: the framework would copy all headers first.
        if (sent.headers().getAll(KEY).size() > 1) {
            throw ProblemException.invalid(IdempotencyKey.HEADER, "must be given once");
        }
        if (sent.path().indexOf(';') >= 0) {
            // The framework would cut off what follows.
            throw ProblemException.notFound();
        }
        if (sent.query() == null || TokenRequired.isPublic(sent)) {
            return;
        }
        List<FieldError> broken = request.getUriInfo().getQueryParameters().entrySet().stream()
                .filter(parameter -> !isOneValue(parameter.getValue()))
                .map(parameter -> new FieldError(parameter.getKey(), "must be given once, with a value, or not at all"))
                .toList();
        if (!broken.isEmpty()) {
            throw ProblemException.invalid(broken);
        }
    }

    private static boolean isOneValue(List<String> given) {
        return given.size() == 1 && !given.get(0).isEmpty();
    }

    private static boolean isUtf8(String escaped) {
        if (escaped.indexOf('%') < 0) {
            return true;
        }
        try {
            // A character for each byte.
            byte[] bytes =
                    URLDecoder.decode(escaped, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException | IllegalArgumentException e) {
            return false;
        }
    }
}

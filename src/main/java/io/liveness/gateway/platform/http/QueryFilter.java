package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses requests that the framework would misread: an address that is not UTF-8, a parameter or key that is empty or given twice, and a
 * parameter that the operation does not know, which may be a misspelled filter.
 */
@Singleton
class QueryFilter {

    private static final CharSequence KEY = HttpHeaders.createOptimized(IdempotencyKey.HEADER);

    private final Map<Method, Set<String>> parameters = new ConcurrentHashMap<>();

    /** For the native executable, Quarkus keeps the annotations of all operations because this method itself asks for the operation's. */
    @ServerRequestFilter
    void check(ContainerRequestContext request, HttpServerRequest sent, ResourceInfo operation) {
        if (!isUtf8(sent.uri())) {
            throw UnknownRoutes.unreadable();
        }
        // Vert.x's own headers: the framework would copy all of them first.
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
        Set<String> known = parameters.computeIfAbsent(operation.getResourceMethod(), QueryFilter::parameters);
        List<FieldError> broken = new ArrayList<>();
        request.getUriInfo().getQueryParameters().forEach((name, given) -> {
            if (!known.contains(name)) {
                broken.add(new FieldError(name, "is not known here" + (known.isEmpty() ? "" : "; known are " + known)));
            } else if (given.size() > 1 || given.get(0).isEmpty()) {
                broken.add(new FieldError(name, "must be given once, with a value, or not at all"));
            }
        });
        if (!broken.isEmpty()) {
            throw ProblemException.invalid(broken);
        }
    }

    /** The names of an operation's parameters, those in classes of parameters among them. */
    private static Set<String> parameters(Method operation) {
        return Stream.of(operation.getParameters())
                .flatMap(QueryFilter::elements)
                .map(element -> element.getAnnotation(QueryParam.class))
                .filter(Objects::nonNull)
                .map(QueryParam::value)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<? extends AnnotatedElement> elements(Parameter parameter) {
        return parameter.isAnnotationPresent(BeanParam.class)
                ? Stream.<Class<?>>iterate(parameter.getType(), type -> type != Object.class, Class::getSuperclass)
                        .flatMap(type -> Stream.of(type.getDeclaredFields()))
                : Stream.of(parameter);
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

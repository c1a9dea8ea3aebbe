package io.liveness.gateway.platform.http;

import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/**
 * The refusals that secured operations share. An operation that names its own for a status keeps it; a public operation
 * names all of its refusals.
 */
final class CommonResponses {

    private static final Map<String, String> OF_EACH = Map.of(
            "401", "Unauthenticated",
            "403", "Forbidden",
            "413", "TooLarge",
            "429", "RateLimited",
            "431", "HeadersTooLarge",
            "500", "InternalError",
            "503", "Unavailable");

    private CommonResponses() {}

    /** @param path its template, as in {@code /v1/things/{id}} */
    static void addTo(String path, HttpMethod method, Operation operation) {
        if (isPublic(operation)) {
            return;
        }
        OF_EACH.forEach((status, name) -> add(operation, status, name));
        if (operation.getParameters() != null || operation.getRequestBody() != null) {
            add(operation, "400", "BadRequest");
        }
        // What a PUT addresses need not be there.
        if (path.contains("{") && method != HttpMethod.PUT) {
            add(operation, "404", "NotFound");
        }
        if (answersWithContent(operation)) {
            add(operation, "406", "NotAcceptable");
        }
        if (operation.getRequestBody() != null) {
            add(operation, "408", "TooSlow");
            add(operation, "415", "UnsupportedMediaType");
        }
    }

    /** By {@code @SecurityRequirements} without any. */
    private static boolean isPublic(Operation operation) {
        return operation.getSecurity() != null && operation.getSecurity().isEmpty();
    }

    private static boolean answersWithContent(Operation operation) {
        return operation.getResponses().getAPIResponses().values().stream().anyMatch(response -> content(response));
    }

    private static boolean content(APIResponse response) {
        return response.getRef() == null && response.getContent() != null;
    }

    /** Replaces an answer that is no reference: Quarkus adds a bare 401 and 403, by a filter that runs before or after this one. */
    private static void add(Operation operation, String status, String name) {
        APIResponses responses = operation.getResponses();
        APIResponse present = responses.getAPIResponse(status);
        if (present == null || present.getRef() == null) {
            responses.addAPIResponse(status, OASFactory.createAPIResponse().ref(name));
        }
    }
}

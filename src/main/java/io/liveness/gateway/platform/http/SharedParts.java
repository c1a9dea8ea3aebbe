package io.liveness.gateway.platform.http;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.Reference;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;

/**
 * Parameters, bodies and successful answers that resources name and {@code META-INF/openapi.yaml} describes. The contract
 * has them at each operation: a component would become a type in generated clients.
 */
final class SharedParts {

    private static final Comparator<Parameter> BY_PLACE_AND_NAME =
            Comparator.comparing(Parameter::getIn).thenComparing(Parameter::getName);

    private final Components components;
    private final Set<String> answers = new HashSet<>();

    SharedParts(Components components) {
        this.components = components;
    }

    void writeInto(Operation operation) {
        if (operation.getParameters() != null) {
            operation.setParameters(parameters(operation.getParameters()));
        }
        if (operation.getRequestBody() != null) {
            operation.setRequestBody(whole(operation.getRequestBody(), components.getRequestBodies()));
        }
        operation.getResponses().getAPIResponses().forEach((status, response) -> {
            if (!isRefusal(status) && response.getRef() != null) {
                operation.getResponses().addAPIResponse(status, whole(response, components.getResponses()));
                answers.add(name(response));
            }
        });
    }

    /** The generator has a field with a reference twice: with the reference, and bare. */
    private List<Parameter> parameters(List<Parameter> found) {
        Set<Parameter> known = new TreeSet<>(BY_PLACE_AND_NAME);
        found.stream()
                .filter(parameter -> parameter.getRef() != null)
                .forEach(parameter -> known.add(whole(parameter, components.getParameters())));
        found.stream().filter(parameter -> parameter.getRef() == null).forEach(known::add);
        return List.copyOf(known);
    }

    /** After all operations have them. */
    void remove() {
        components.setParameters(null);
        components.setRequestBodies(null);
        answers.forEach(components::removeResponse);
    }

    private static boolean isRefusal(String status) {
        return status.startsWith("4") || status.startsWith("5");
    }

    private static <T extends Reference<T>> T whole(T part, Map<String, T> named) {
        return part.getRef() == null
                ? part
                : Optional.ofNullable(named)
                        .map(all -> all.get(name(part)))
                        .orElseThrow(() ->
                                new IllegalStateException("META-INF/openapi.yaml does not describe " + part.getRef()));
    }

    private static String name(Reference<?> part) {
        return part.getRef().substring(part.getRef().lastIndexOf('/') + 1);
    }
}

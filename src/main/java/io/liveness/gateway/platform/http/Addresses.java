package io.liveness.gateway.platform.http;

import io.quarkus.resteasy.reactive.server.runtime.ResteasyReactiveRecorder;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.common.util.ServerMediaType;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jboss.resteasy.reactive.server.util.RuntimeResourceVisitor;

/**
 * The methods of an address, for the header {@code Allow} of a 405 (RFC 9110, 15.5.6), and its media types, for the detail of a 406
 * (15.5.7). The framework gives neither.
 */
@Singleton
class Addresses {

    private record Operation(String method, Pattern path, List<String> types) {}

    private volatile List<Operation> operations;

    /** The methods of an address, each with the media types that it can send; none when it sends nothing. */
    SortedMap<String, Set<String>> methods(String path) {
        SortedMap<String, Set<String>> methods = new TreeMap<>();
        for (Operation operation : operations()) {
            if (operation.path().matcher(path).matches()) {
                methods.computeIfAbsent(operation.method(), first -> new LinkedHashSet<>())
                        .addAll(operation.types());
            }
        }
        return methods;
    }

    private List<Operation> operations() {
        if (operations == null) {
            List<Operation> found = new ArrayList<>();
            RuntimeResourceVisitor visitor = new RuntimeResourceVisitor() {
                @Override
                public void visitRuntimeResource(String method, String path, RuntimeResource resource) {
                    found.add(new Operation(method, Pattern.compile(expression(path)), types(resource.getProduces())));
                }
            };
            RuntimeResourceVisitor.visitRuntimeResources(
                    null, ResteasyReactiveRecorder.getCurrentDeployment().getClassMappers(), visitor);
            operations = List.copyOf(found);
        }
        return operations;
    }

    private static List<String> types(ServerMediaType produced) {
        return produced == null
                ? List.of()
                : Stream.of(produced.getSortedOriginalMediaTypes())
                        .map(MediaType::toString)
                        .toList();
    }

    /** A regular expression of a path with parameters in braces. */
    private static String expression(String path) {
        return "\\Q" + path.replaceAll("\\{[^}]*}", "\\\\E[^/]+\\\\Q") + "\\E/?";
    }
}

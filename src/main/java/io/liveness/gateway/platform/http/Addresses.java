package io.liveness.gateway.platform.http;

import io.quarkus.resteasy.reactive.server.runtime.ResteasyReactiveRecorder;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
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

    /** As a header value: {@code GET, POST}. */
    String methods(String path) {
        TreeSet<String> methods = new TreeSet<>();
        for (Operation operation : operations()) {
            if (operation.path().matcher(path).matches()) {
                methods.add(operation.method());
            }
        }
        return String.join(", ", methods);
    }

    /** The media types that the method can send; empty when it sends nothing, or there is none. */
    List<String> types(String method, String path) {
        return operations().stream()
                .filter(operation -> operation.method().equals(method)
                        && operation.path().matcher(path).matches())
                .flatMap(operation -> operation.types().stream())
                .distinct()
                .toList();
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

    /** Of a path with parameters in braces. */
    private static String expression(String path) {
        return "\\Q" + path.replaceAll("\\{[^}]*}", "\\\\E[^/]+\\\\Q") + "\\E/?";
    }
}

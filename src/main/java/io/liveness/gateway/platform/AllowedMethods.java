package io.liveness.gateway.platform;

import io.quarkus.resteasy.reactive.server.runtime.ResteasyReactiveRecorder;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jboss.resteasy.reactive.server.util.RuntimeResourceVisitor;

/** The methods an address takes, for the header {@code Allow} of a 405 (RFC 9110, 15.5.6), which the framework leaves out. */
@Singleton
class AllowedMethods {

    private static final Pattern PARAMETER = Pattern.compile("\\{[^}]*}");

    private record Operation(String method, Pattern path) {}

    private volatile List<Operation> operations;

    /** As a header value: {@code GET, POST}. */
    String at(String path) {
        TreeSet<String> methods = new TreeSet<>();
        for (Operation operation : operations()) {
            if (operation.path().matcher(path).matches()) {
                methods.add(operation.method());
            }
        }
        return String.join(", ", methods);
    }

    private List<Operation> operations() {
        if (operations == null) {
            List<Operation> found = new ArrayList<>();
            RuntimeResourceVisitor visitor = new RuntimeResourceVisitor() {
                @Override
                public void visitRuntimeResource(String method, String path, RuntimeResource resource) {
                    found.add(new Operation(method, Pattern.compile(expression(path))));
                }
            };
            RuntimeResourceVisitor.visitRuntimeResources(
                    null, ResteasyReactiveRecorder.getCurrentDeployment().getClassMappers(), visitor);
            operations = List.copyOf(found);
        }
        return operations;
    }

    private static String expression(String path) {
        StringBuilder expression = new StringBuilder();
        int from = 0;
        var parameter = PARAMETER.matcher(path);
        while (parameter.find()) {
            expression
                    .append(Pattern.quote(path.substring(from, parameter.start())))
                    .append("[^/]+");
            from = parameter.end();
        }
        return expression
                .append(Pattern.quote(path.substring(from)))
                .append("/?")
                .toString();
    }
}

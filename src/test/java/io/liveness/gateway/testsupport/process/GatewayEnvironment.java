package io.liveness.gateway.testsupport.process;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The environment variables of a gateway in a separate process. */
public record GatewayEnvironment(Map<String, String> variables) {

    public GatewayEnvironment {
        variables = Map.copyOf(variables);
    }

    /** An environment that sets properties, which have names such as {@code jumdata.app-id}. */
    public static GatewayEnvironment of(Map<String, String> properties) {
        GatewayEnvironment environment = new GatewayEnvironment(Map.of());
        for (Map.Entry<String, String> property : properties.entrySet()) {
            environment = environment.with(property.getKey(), property.getValue());
        }
        return environment;
    }

    public GatewayEnvironment with(String property, String value) {
        Map<String, String> changed = new TreeMap<>(variables);
        changed.put(variable(property), value);
        return new GatewayEnvironment(changed);
    }

    public GatewayEnvironment without(String property) {
        Map<String, String> changed = new TreeMap<>(variables);
        changed.remove(variable(property));
        return new GatewayEnvironment(changed);
    }

    public Optional<String> value(String property) {
        return Optional.ofNullable(variables.get(variable(property)));
    }

    private static String variable(String property) {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }
}

package io.liveness.gateway.console;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;

/**
 * Closed by default: people can sign in only when everything is configured. {@link ConsoleRule} reports a partial configuration, before
 * OIDC does in terms of its properties.
 */
@Priority(Priorities.APPLICATION)
public class ClosedUnlessComplete implements ConfigSourceInterceptor {

    private static final String SWITCH = "quarkus.oidc.console.tenant-enabled";

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        if (!name.equals(SWITCH)) {
            return context.proceed(name);
        }
        boolean complete = ConsoleRule.NEEDED.stream().allMatch(needed -> isGiven(context.proceed(needed)));
        return ConfigValue.builder()
                .withName(name)
                .withValue(Boolean.toString(complete))
                .withConfigSourceName("closed unless complete")
                .build();
    }

    private static boolean isGiven(ConfigValue value) {
        return value != null && value.getValue() != null && !value.getValue().isBlank();
    }
}

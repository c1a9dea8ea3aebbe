package io.liveness.gateway.platform.security;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.stream.Stream;

/**
 * Closed by default: without a key to verify tokens, OIDC would not start. It is switched off instead, and every operation that needs a
 * token answers 401.
 */
@Priority(Priorities.APPLICATION)
public class OidcOffWithoutKey implements ConfigSourceInterceptor {

    private static final String SWITCH = "quarkus.oidc.tenant-enabled";

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        if (!name.equals(SWITCH) || hasKey(context)) {
            return context.proceed(name);
        }
        return ConfigValue.builder()
                .withName(name)
                .withValue("false")
                .withConfigSourceName("closed without a key")
                .build();
    }

    private static boolean hasKey(ConfigSourceInterceptorContext context) {
        return Stream.of("quarkus.oidc.auth-server-url", "quarkus.oidc.public-key")
                .map(context::proceed)
                .anyMatch(value -> value != null
                        && value.getValue() != null
                        && !value.getValue().isBlank());
    }
}

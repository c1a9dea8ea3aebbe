package io.liveness.gateway.console;

import io.liveness.gateway.platform.start.ConfigurationRule;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Whether the console is on. A configuration that is not complete stops the start. */
@Singleton
class ConsoleRule implements ConfigurationRule {

    static final List<String> NEEDED = List.of(
            "liveness.console.client-id",
            "liveness.console.client-secret",
            "liveness.console.cookie-secret",
            "quarkus.oidc.console.auth-server-url");

    /**
     * The needed properties as an error names them: the console's issuer is that of access tokens unless it is set
     * apart.
     */
    private static final List<String> TOLD =
            List.of(NEEDED.get(0), NEEDED.get(1), NEEDED.get(2), "quarkus.oidc.auth-server-url");

    private static final int OF_THE_CONSOLE = 3;
    private static final int SHORTEST_SECRET = 32;

    private final boolean on;

    ConsoleRule(
            ConsoleSettings config,
            @ConfigProperty(name = "quarkus.oidc.console.auth-server-url") Optional<String> issuer) {
        List<Optional<String>> given = Stream.of(
                        config.clientId(), config.clientSecret(), config.cookieSecret(), issuer)
                .map(value -> value.filter(text -> !text.isBlank()))
                .toList();
        this.on = given.stream().limit(OF_THE_CONSOLE).anyMatch(Optional::isPresent);
        int missing = given.indexOf(Optional.<String>empty());
        if (on && missing >= 0) {
            throw new IllegalArgumentException(TOLD.get(missing) + " is missing: the console needs "
                    + String.join(", ", TOLD) + ", or no liveness.console property at all");
        }
        if (on && config.cookieSecret().orElseThrow().length() < SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                    "liveness.console.cookie-secret must have at least " + SHORTEST_SECRET + " characters");
        }
    }

    boolean isOn() {
        return on;
    }

    /** Sign-in of the console. The console is off unless all three are given; a part of them stops the start. */
    @ConfigMapping(prefix = "liveness.console")
    interface ConsoleSettings {

        /**
         * Client at the issuer of access tokens. All three switch <a href="docs/console.md#for-operations">the console</a> on; a part of
         * them stops the start.
         */
        Optional<String> clientId();

        /** Secret of that client. */
        Optional<String> clientSecret();

        /** Encrypts cookies: at least 32 characters, the same for all replicas. */
        Optional<String> cookieSecret();
    }

    /**
     * Closed by default: people can sign in only when everything is configured. {@link ConsoleRule} reports a partial configuration, before
     * OIDC does in terms of its properties.
     */
    @Priority(Priorities.APPLICATION)
    public static class ClosedUnlessComplete implements ConfigSourceInterceptor {

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
            return value != null
                    && value.getValue() != null
                    && !value.getValue().isBlank();
        }
    }
}

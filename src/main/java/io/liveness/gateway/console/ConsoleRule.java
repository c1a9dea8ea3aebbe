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

    /** What the last of them is unless it is set apart. */
    private static final String ISSUER_OF_CALLERS = "quarkus.oidc.auth-server-url";

    private static final int SHORTEST_SECRET = 32;

    private final boolean on;

    ConsoleRule(Config config, @ConfigProperty(name = "quarkus.oidc.console.auth-server-url") Optional<String> issuer) {
        List<Optional<String>> given =
                List.of(present(config.clientId()), present(config.clientSecret()), present(config.cookieSecret()));
        this.on = given.stream().anyMatch(Optional::isPresent);
        if (!on) {
            return;
        }
        List<String> names = Stream.concat(NEEDED.stream().limit(given.size()), Stream.of(ISSUER_OF_CALLERS))
                .toList();
        List<Optional<String>> all =
                Stream.concat(given.stream(), Stream.of(present(issuer))).toList();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).isEmpty()) {
                throw new IllegalArgumentException(names.get(i) + " is missing: the console needs "
                        + String.join(", ", names) + ", or no liveness.console property at all");
            }
        }
        if (config.cookieSecret().orElseThrow().length() < SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                    "liveness.console.cookie-secret must have at least " + SHORTEST_SECRET + " characters");
        }
    }

    private static Optional<String> present(Optional<String> given) {
        return given.filter(text -> !text.isBlank());
    }

    boolean isOn() {
        return on;
    }

    /** Sign-in of the console. The console is off unless all three are given; a part of them stops the start. */
    @ConfigMapping(prefix = "liveness.console")
    interface Config {

        /**
         * Client of the console at the issuer of access tokens.
         *
         * @see <a href="docs/console.md#for-operations">setup</a>
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

package io.liveness.gateway.sandbox.signin;

import io.liveness.gateway.sandbox.issuer.TokenIssuer;
import java.util.Map;
import java.util.UUID;

/** Has the console of a gateway sign people in at the sandbox on the gateway's own port. */
public final class ConsoleSignIn {

    private static final String TENANT = "quarkus.oidc.console.";

    private ConsoleSignIn() {}

    /**
     * Properties of the gateway. It is not asked what it offers, and its key is fetched with the first sign-in: the sandbox does not
     * answer before the gateway has started.
     *
     * @param port of the gateway, may be an expression
     */
    public static Map<String, String> settings(String port) {
        return Map.ofEntries(
                Map.entry("liveness.console.client-id", "console"),
                Map.entry("liveness.console.client-secret", "sandbox"),
                Map.entry("liveness.console.cookie-secret", UUID.randomUUID().toString()),
                Map.entry(TENANT + "auth-server-url", "http://localhost:" + port + SignInApi.ROOT),
                Map.entry(TENANT + "discovery-enabled", "false"),
                Map.entry(TENANT + "authorization-path", "http://localhost:" + port + SignInApi.ROOT),
                Map.entry(TENANT + "token-path", "tokens"),
                Map.entry(TENANT + "jwks-path", "keys"),
                Map.entry(TENANT + "jwks.resolve-early", "false"),
                Map.entry(TENANT + "end-session-path", "out"),
                Map.entry(TENANT + "token.issuer", TokenIssuer.ISSUER),
                Map.entry(TENANT + "authentication.force-redirect-https-scheme", "false"));
    }
}

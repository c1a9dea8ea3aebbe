package io.liveness.gateway.sandbox;

import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Issues access tokens as an identity provider would: RS256, by the system's clock since that is what verifies them. Every caller that asks
 * gets one, and what they are verified by is published as an OpenID provider does. This alone is reason enough to keep the sandbox out of
 * production.
 */
public final class TokenIssuer {

    /** The value of {@code quarkus.oidc.token.issuer}. */
    public static final String ISSUER = "https://sandbox.liveness.local";

    /** The value of {@code quarkus.oidc.token.audience}. */
    public static final String AUDIENCE = "liveness-gateway";

    /** The gateway's rule by which it tells people's tokens of this issuer. */
    public static final Map<String, String> PEOPLE = Map.of(
            "liveness.people.claim",
            "idtyp",
            "liveness.people.values",
            "user",
            "liveness.people.identity-claim",
            "oid");

    static final String KEYS = "/sandbox/keys";
    private static final long LONGEST_SECONDS = Duration.ofDays(1).toSeconds();

    private final SandboxKeys keys;

    public TokenIssuer(SandboxKeys keys) {
        this.keys = keys;
    }

    /** A token of a service, which is also the caller ({@code azp}). */
    public String issue(String subject, Set<String> groups, Duration lifetime) {
        return issue(subject, subject, groups, lifetime);
    }

    /**
     * Marks tokens as Entra ID does: a person has another subject at each client, and one {@code oid} at all of them.
     *
     * @param client the caller ({@code azp}): another one than the subject is used by a person
     * @param groups the roles
     * @param lifetime a negative one gives an expired token
     */
    public String issue(String subject, String client, Set<String> groups, Duration lifetime) {
        Instant now = Instant.now();
        boolean isPerson = !client.equals(subject);
        return ofPersonOrService(subject, isPerson)
                .subject(isPerson ? subject + "/" + client : subject)
                .audience(AUDIENCE)
                .claim("azp", client)
                .groups(groups)
                .issuedAt(now)
                .expiresAt(now.plus(lifetime))
                .jws()
                .algorithm(SignatureAlgorithm.RS256)
                .sign(keys.signingKey());
    }

    static JwtClaimsBuilder ofPersonOrService(String identity, boolean isPerson) {
        return Jwt.issuer(ISSUER).claim("oid", identity).claim("idtyp", isPerson ? "user" : "app");
    }

    void mount(Router router) {
        router.post("/sandbox/tokens").handler(Json.bodies()).handler(this::issue);
        router.get("/.well-known/openid-configuration").handler(TokenIssuer::configuration);
        router.get(KEYS)
                .handler(context -> Json.ok(context, new JsonObject().put("keys", JsonArray.of(keys.publicKeyJson()))));
    }

    /** Keys are fetched where this is: by the gateway, not by browsers. */
    private static void configuration(RoutingContext context) {
        HttpServerRequest request = context.request();
        Json.ok(
                context,
                new JsonObject()
                        .put("issuer", ISSUER)
                        .put("jwks_uri", request.scheme() + "://" + request.authority() + KEYS));
    }

    private void issue(RoutingContext context) {
        Json.body(context)
                .ifPresentOrElse(request -> issue(context, request), () -> Json.error(context, 400, "no JSON object"));
    }

    private void issue(RoutingContext context, JsonObject request) {
        try {
            String subject = request.getString("subject", "demo-shop");
            String client = request.getString("client", subject);
            Set<String> groups = request.getJsonArray("groups", JsonArray.of("liveness")).stream()
                    .map(String::valueOf)
                    .collect(Collectors.toSet());
            long seconds = Math.min(request.getLong("lifetimeSeconds", 3_600L), LONGEST_SECONDS);
            Json.ok(
                    context,
                    new JsonObject()
                            .put("accessToken", issue(subject, client, groups, Duration.ofSeconds(seconds)))
                            .put("tokenType", "Bearer")
                            .put("expiresIn", seconds));
        } catch (ClassCastException e) {
            Json.error(
                    context,
                    400,
                    "subject and client are strings, groups an array of strings, lifetimeSeconds a number");
        }
    }
}

package io.liveness.gateway.sandbox.issuer;

import io.liveness.gateway.sandbox.http.Json;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives an access token to every caller that asks, and publishes what they are verified by, as an OpenID provider does. This alone is reason
 * enough to keep the sandbox out of production.
 */
public final class IssuerApi {

    private static final String KEYS = "/sandbox/keys";
    private static final long LONGEST_SECONDS = Duration.ofDays(1).toSeconds();

    private final SandboxKeys keys;
    private final TokenIssuer tokens;

    public IssuerApi(SandboxKeys keys) {
        this.keys = keys;
        this.tokens = new TokenIssuer(keys);
    }

    public void mount(Router router) {
        router.post("/sandbox/tokens").handler(Json.bodies()).handler(this::issue);
        router.get("/.well-known/openid-configuration").handler(IssuerApi::configuration);
        router.get(KEYS)
                .handler(context -> Json.ok(context, new JsonObject().put("keys", JsonArray.of(keys.publicKeyJson()))));
    }

    /** Keys are fetched where this is: by the gateway, not by browsers. */
    private static void configuration(RoutingContext context) {
        HttpServerRequest request = context.request();
        Json.ok(
                context,
                new JsonObject()
                        .put("issuer", TokenIssuer.ISSUER)
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
                            .put("accessToken", tokens.issue(subject, client, groups, Duration.ofSeconds(seconds)))
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

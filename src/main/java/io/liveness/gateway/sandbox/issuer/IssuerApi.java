package io.liveness.gateway.sandbox.issuer;

import io.liveness.gateway.sandbox.http.Json;
import io.liveness.gateway.sandbox.http.PublicAddress;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Publishes what the sandbox's access tokens are verified by, as an OpenID provider does. */
public final class IssuerApi {

    private static final String KEYS = "/sandbox/keys";

    // Where the gateway reaches it, not where browsers do.
    private final PublicAddress address = new PublicAddress(Optional.empty());
    private final SandboxKeys keys;

    public IssuerApi(SandboxKeys keys) {
        this.keys = keys;
    }

    public void mount(Router router) {
        router.get("/.well-known/openid-configuration").handler(this::configuration);
        router.get(KEYS)
                .handler(context -> Json.ok(context, new JsonObject().put("keys", JsonArray.of(keys.publicKeyJson()))));
    }

    private void configuration(RoutingContext context) {
        Json.ok(
                context,
                new JsonObject()
                        .put("issuer", TokenIssuer.ISSUER)
                        .put("jwks_uri", address.of(context.request()) + KEYS));
    }
}

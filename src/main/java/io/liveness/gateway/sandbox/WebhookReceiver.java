package io.liveness.gateway.sandbox;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.http.HttpHeaders;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Collectors;

/**
 * Receives webhooks as a caller's service does, and shows them as they come. One that is signed with none of the secrets it was told is
 * shown and refused. The last ones are kept, in memory.
 */
final class WebhookReceiver {

    static final String PATH = "/sandbox/receiver";

    private static final int KEPT = 50;

    private final InstantSource clock;
    private final Deque<String> secrets = new ConcurrentLinkedDeque<>();
    private final Deque<JsonObject> received = new ConcurrentLinkedDeque<>();

    WebhookReceiver(InstantSource clock) {
        this.clock = clock;
    }

    void mount(Router router) {
        router.post(PATH).handler(Json.bodies()).handler(this::receive);
        router.get(PATH).handler(context -> Json.ok(context, new JsonArray(List.copyOf(received))));
        router.post(PATH + "/secrets").handler(Json.bodies()).handler(this::learn);
    }

    private void learn(RoutingContext context) {
        Optional<String> secret = Json.body(context)
                .map(body -> body.getValue("secret"))
                .map(String::valueOf)
                .filter(WebhookReceiver::isSecret);
        if (secret.isEmpty()) {
            Json.error(context, 400, "secret must be that of an endpoint, whsec_…");
            return;
        }
        if (!secrets.contains(secret.get())) {
            keep(secrets, secret.get());
        }
        context.response().setStatusCode(204).end();
    }

    private static boolean isSecret(String given) {
        // One that is cut is no base64, and would break the look at each webhook.
        return given.matches("whsec_([A-Za-z0-9+/]{4}){6,}([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?");
    }

    private void receive(RoutingContext context) {
        String body = context.body().asString("UTF-8");
        Map<String, List<String>> headers = context.request().headers().entries().stream()
                .filter(header -> header.getKey().toLowerCase().startsWith("webhook-"))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey,
                        Collectors.mapping(Map.Entry::getValue, Collectors.toCollection(ArrayList::new))));
        boolean verified = secrets.stream().anyMatch(secret -> isSigned(secret, body, headers));
        JsonObject shown = new JsonObject()
                .put("receivedAt", clock.instant().truncatedTo(ChronoUnit.MILLIS))
                .put("verified", verified)
                .put("body", body);
        headers.forEach((name, values) -> shown.put(name.toLowerCase(), values.get(0)));
        keep(received, shown);
        context.response().setStatusCode(verified ? 204 : 401).end();
    }

    private static boolean isSigned(String secret, String body, Map<String, List<String>> headers) {
        try {
            new Webhook(secret).verify(body, HttpHeaders.of(headers, (name, value) -> true));
            return true;
        } catch (WebhookVerificationException forged) {
            return false;
        } catch (EmptyWebhookSecretException e) {
            throw new IllegalStateException("an empty one is not learnt", e);
        }
    }

    private static <T> void keep(Deque<T> all, T newest) {
        all.addFirst(newest);
        if (all.size() > KEPT) {
            all.pollLast();
        }
    }
}

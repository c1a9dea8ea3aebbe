package io.liveness.gateway.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import io.liveness.gateway.contract.Node;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.http.StubReceiver;
import io.liveness.gateway.testsupport.http.StubServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The receivers of docs/webhooks.md: they accept what the gateway sends, and nothing else. */
@QuarkusTest
@TestProfile(OptionsOn.class) // whose clock no test moves: a signature holds for five minutes
class ReceiverExamplesTest implements SchedulerOn {

    private static final int SECONDS = 20;
    private static final String URL = "http://localhost:" + StubReceiver.OTHER_PORT + "/events";

    private final Api api = Api.asNewCaller();
    private final WebhookApi webhooks = new WebhookApi(api);
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private String secret;

    @Test
    void a_receiver_in_java_accepts_what_is_signed_alone() throws Exception {
        WebhookApi.Endpoint endpoint = endpoint();
        try (StubServer receiver = new StubServer(StubReceiver.OTHER_PORT, this::receive)) {
            assertAcceptsWhatIsSignedAlone(endpoint);
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        String body = StubServer.body(exchange);
        try {
            new Webhook(secret).verify(body, HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true));
            JsonObject event = new JsonObject(body);
            said.add(event.getString("type"));
            StubServer.answer(exchange, 204, "");
        } catch (WebhookVerificationException | EmptyWebhookSecretException e) {
            said.add("refused");
            StubServer.answer(exchange, 400, "");
        }
    }

    @Test
    void a_receiver_in_node_accepts_what_is_signed_alone() throws Exception {
        WebhookApi.Endpoint endpoint = endpoint();
        Process node = Node.ready("typescript").start("receive.mjs", Integer.toString(StubReceiver.OTHER_PORT), secret);
        try {
            BufferedReader lines = node.inputReader(StandardCharsets.UTF_8);
            Thread reader = new Thread(() -> lines.lines().forEach(said::add));
            reader.setDaemon(true);
            reader.start();
            assertThat(said.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("listening");

            assertAcceptsWhatIsSignedAlone(endpoint);
        } finally {
            node.destroyForcibly().waitFor();
        }
    }

    private void assertAcceptsWhatIsSignedAlone(WebhookApi.Endpoint endpoint) throws InterruptedException {
        webhooks.post(endpoint, "test").then().statusCode(202);
        assertThat(said.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("liveness.endpoint.test");

        Response forged = RestAssured.given()
                .header("webhook-id", "1")
                .header("webhook-timestamp", Long.toString(System.currentTimeMillis() / 1_000))
                .header("webhook-signature", "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=")
                .body("{\"type\":\"liveness.session.settled\"}")
                .post(URL);
        forged.then().statusCode(400);
        assertThat(said.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("refused");
    }

    private WebhookApi.Endpoint endpoint() {
        Response created = webhooks.create(Map.of("url", URL))
                .then()
                .statusCode(201)
                .extract()
                .response();
        secret = created.path("secret");
        return new WebhookApi.Endpoint(created.path("id"), secret, "/events");
    }
}

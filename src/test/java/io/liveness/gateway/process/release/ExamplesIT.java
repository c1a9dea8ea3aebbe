package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.FreePort;
import io.liveness.gateway.testsupport.process.Command;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example applications, built with the client of the release: each opens a check, sends the browser there, and learns the verdict. */
@Tag("release")
class ExamplesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();
    private String shop;
    private String secret;

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"quarkus", "spring-boot"})
    void an_application_opens_checks_and_hears_their_verdicts(String example, @TempDir Path project) throws Exception {
        JavaProject.build(Path.of("examples", example), project, "package");
        int port = FreePort.find();
        shop = "http://localhost:" + port;
        try (Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            GatewayProcess gateway = around.start(around.environment().with("liveness.webhook.allowed-hosts", shop));
            String token = around.callers().accessToken();
            secret = endpoint(gateway, token);
            Process application = start(project, gateway, token, port);
            try {
                await().atMost(PATIENCE)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .until(() -> done("order-1", "nobody=1").statusCode() == 400);
                makeChecks();
                refuse();
                hearATest(gateway, token);
            } finally {
                application.destroy();
                application.waitFor();
            }
        }
    }

    private void makeChecks() throws Exception {
        HttpResponse<String> passing = order("order-1", "sandbox:pass", "");
        HttpResponse<String> failing = order("order-2", "sandbox:not-pass", "");
        String customer = cookie(passing);
        String other = cookie(failing);
        String check = checkToken(passing);

        assertThat(checkToken(order("order-1", "sandbox:pass", "")))
                .as("pressed twice it is the same check")
                .isEqualTo(check);
        assertThat(done("order-1", other).statusCode())
                .as("the order of another customer")
                .isEqualTo(400);
        assertThat(done("order-1&token=" + checkToken(failing), customer).statusCode())
                .as("the token of another check")
                .isEqualTo(400);
        assertThat(location(done("order-1&token=" + check + "&passed=false", customer)))
                .isEqualTo(shop + "/done?order=order-1");
        assertThat(done("order-1", customer).body())
                .as("asked for at once, not at the time of the first poll")
                .isEqualTo("PASSED");
        assertThat(location(order("order-1", "sandbox:pass", customer)))
                .as("a check that is over")
                .isEqualTo(shop + "/done?order=order-1");
        await().atMost(PATIENCE).until(() -> heard("order-1", customer).equals("PASSED"));

        assertThat(done("order-2", other).body()).isEqualTo("NOT_PASSED");
        String next = checkToken(order("order-2", "sandbox:not-pass", other));
        assertThat(next).as("a new check").isNotEqualTo(checkToken(failing));
        assertThat(checkToken(order("order-2", "sandbox:not-pass", other))).isEqualTo(next);
    }

    private void refuse() throws Exception {
        assertThat(order("order-3", "sandbox:drop-after-fee", "").statusCode())
                .as("the vendor's answer was lost")
                .isEqualTo(503);
        assertThat(checkToken(order("order-3", "sandbox:pass", ""))).isNotEmpty();
        assertThat(order("%E8%AE%A2%E5%8D%95", "sandbox:pass", "").statusCode())
                .as("no part of a key")
                .isEqualTo(400);
        assertThat(send(form("title=sandbox:pass", "")).statusCode())
                .as("without an order")
                .isEqualTo(400);
        assertThat(send(form("order=order-4", "")).statusCode())
                .as("without a title")
                .isEqualTo(400);
        assertThat(send(webhook("{}", "1", "v1,Zm9yZ2Vk")).statusCode())
                .as("a forged webhook")
                .isEqualTo(401);
        assertThat(send(signed("no event")).statusCode())
                .as("signed, but no event")
                .isEqualTo(400);
    }

    private void hearATest(GatewayProcess gateway, String token) throws Exception {
        HttpResponse<String> opened = order("order-5", "sandbox:abandon", "");
        JsonObject named = new JsonObject().put("token", checkToken(opened));
        String session = post(gateway, token, "liveness-sessions/lookup", named).getString("id");
        JsonObject data = new JsonObject().put("sessionId", session).put("status", "PASSED");

        HttpResponse<String> answer = send(signed(settled(data.copy().put("test", true))));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(heard("order-5", cookie(opened))).as("after a test event").isEqualTo("PENDING");
        send(signed(settled(data)));
        assertThat(heard("order-5", cookie(opened))).isEqualTo("PASSED");
    }

    private Process start(Path project, GatewayProcess gateway, String token, int port) throws IOException {
        String jar = Command.succeed(project, "sh", "-c", "ls target/shop*.jar").strip();
        ProcessBuilder application = new ProcessBuilder(JavaProject.JAVA, "-Xmx128m", "-jar", jar)
                .directory(project.toFile())
                .inheritIO();
        application.environment().put("GATEWAY_URL", gateway.url());
        application.environment().put("GATEWAY_TOKEN", token);
        application.environment().put("GATEWAY_WEBHOOK_SECRET", secret);
        application.environment().put("SERVER_PORT", Integer.toString(port));
        return application.start();
    }

    private String endpoint(GatewayProcess gateway, String token) throws Exception {
        JsonObject receiver = new JsonObject().put("url", shop + "/liveness/events");
        return post(gateway, token, "webhook-endpoints", receiver).getString("secret");
    }

    private JsonObject post(GatewayProcess gateway, String token, String path, JsonObject body) throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/" + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.encode())));
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return new JsonObject(answer.body());
    }

    private HttpResponse<String> order(String order, String title, String cookie) throws Exception {
        return send(form("order=" + order + "&title=" + title, cookie));
    }

    private HttpRequest.Builder form(String fields, String cookie) {
        HttpRequest.Builder form = HttpRequest.newBuilder(URI.create(shop + "/checks"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(fields));
        return cookie.isEmpty() ? form : form.header("Cookie", cookie);
    }

    private HttpResponse<String> done(String order, String cookie) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(shop + "/done?order=" + order))
                .header("Cookie", cookie));
    }

    private String heard(String order, String cookie) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(shop + "/checks/" + order))
                        .header("Cookie", cookie))
                .body();
    }

    private static String settled(JsonObject data) {
        return new JsonObject()
                .put("id", UUID.randomUUID().toString())
                .put("type", "liveness.session.settled")
                .put("timestamp", "2026-11-25T08:02:00.000Z")
                .put("data", data)
                .encode();
    }

    private HttpRequest.Builder signed(String body) throws Exception {
        long now = Instant.now().getEpochSecond();
        return webhook(body, Long.toString(now), new Webhook(secret).sign("1", now, body));
    }

    private HttpRequest.Builder webhook(String body, String timestamp, String signature) {
        return HttpRequest.newBuilder(URI.create(shop + "/liveness/events"))
                .header("Content-Type", "application/json")
                .header("webhook-id", "1")
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", signature)
                .POST(BodyPublishers.ofString(body));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private static String checkToken(HttpResponse<String> opened) {
        assertThat(location(opened)).contains("capture.html?token=");
        return location(opened).split("token=")[1];
    }

    private static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    }
}

package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"quarkus", "spring-boot"})
    void an_application_opens_a_check_and_hears_its_verdict(String example, @TempDir Path project) throws Exception {
        JavaProject.build(Path.of("examples", example), project, "package");
        int port = FreePort.find();
        String shop = "http://localhost:" + port;
        try (Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            GatewayProcess gateway = around.start(around.environment()
                    .with("liveness.poll.timetable", "1s,2s,5s")
                    .with("liveness.webhook.allowed-hosts", shop));
            String secret = endpoint(gateway, around.callers().accessToken(), shop + "/liveness/events");
            Process application = start(project, gateway, around.callers().accessToken(), secret, port);
            try {
                makeACheck(shop);
            } finally {
                application.destroy();
                application.waitFor();
            }
        }
    }

    private void makeACheck(String shop) throws Exception {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> get(shop + "/checks/" + UUID.randomUUID()).statusCode() == 200);

        HttpResponse<String> opened = order(shop);

        assertThat(opened.statusCode()).as(opened.body()).isEqualTo(303);
        assertThat(opened.headers().firstValue("Location").orElseThrow()).contains("capture.html");
        String cookie = opened.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        String id = cookie.substring("check=".length());
        assertThat(order(shop).headers().firstValue("Set-Cookie").orElseThrow())
                .as("pressed twice it is the same check")
                .startsWith(cookie);
        await().atMost(PATIENCE).until(() -> get(shop + "/checks/" + id).body().equals("PASSED"));
        assertThat(get(shop + "/done", "Cookie", cookie).body()).isEqualTo("PASSED");
        assertThat(order(shop).headers().firstValue("Location"))
                .as("a check that is over")
                .contains(shop + "/done");
        assertThat(client.send(
                                HttpRequest.newBuilder(URI.create(shop + "/liveness/events"))
                                        .header("Content-Type", "application/json")
                                        .header("webhook-id", "1")
                                        .header("webhook-timestamp", "1")
                                        .header("webhook-signature", "v1,Zm9yZ2Vk")
                                        .POST(BodyPublishers.ofString("{}"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .as("a forged webhook")
                .isEqualTo(401);
    }

    private static Process start(Path project, GatewayProcess gateway, String token, String secret, int port)
            throws IOException {
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

    private String endpoint(GatewayProcess gateway, String token, String receiver) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/webhook-endpoints"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        new JsonObject().put("url", receiver).encode()))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return new JsonObject(answer.body()).getString("secret");
    }

    private HttpResponse<String> order(String shop) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(shop + "/checks"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("order=order-1&title=sandbox:pass"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String address, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}

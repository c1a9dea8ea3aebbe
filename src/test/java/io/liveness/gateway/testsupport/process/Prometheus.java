package io.liveness.gateway.testsupport.process;

import io.liveness.gateway.testsupport.http.FreePort;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Debian's Prometheus, which reads a gateway's metrics and evaluates rules, in a separate process. */
public final class Prometheus implements AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final int OK = 200;

    private final int port = FreePort.find();
    private final Process process;

    private Prometheus(GatewayProcess gateway, String rules) {
        try {
            Path folder = Files.createTempDirectory("prometheus");
            Files.writeString(folder.resolve("rules.yaml"), rules);
            Path settings = Files.writeString(folder.resolve("prometheus.yaml"), """
                    global: { scrape_interval: 1s, evaluation_interval: 1s }
                    rule_files: [ rules.yaml ]
                    scrape_configs:
                      - job_name: liveness-gateway
                        metrics_path: /q/metrics
                        static_configs:
                          - targets: [ "%s" ]
                            labels: { namespace: test }
                    """.formatted(
                            URI.create(gateway.managementUrl()).getAuthority()));
            this.process = new ProcessBuilder(
                            "prometheus",
                            "--config.file=" + settings,
                            "--storage.tsdb.path=" + folder.resolve("data"),
                            "--web.listen-address=127.0.0.1:" + port,
                            "--log.level=warn")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new AssertionError(
                    "Prometheus cannot be started: apt-get install prometheus, or see CONTRIBUTING.md", e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** Reads the gateway's metrics every second, and goes by the rules as often. */
    public static Prometheus reading(GatewayProcess gateway, String rules) {
        return new Prometheus(gateway, rules);
    }

    /** The values of all series of an expression. */
    public Stream<Double> query(String expression) {
        return elements(get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                        .getJsonArray("result", new JsonArray()))
                .map(series -> Double.parseDouble(series.getJsonArray("value").getString(1)));
    }

    /** The labels of alerts that fire. */
    public Stream<JsonObject> firing() {
        return elements(get("/api/v1/alerts").getJsonArray("alerts", new JsonArray()))
                .filter(alert -> alert.getString("state").equals("firing"))
                .map(alert -> alert.getJsonObject("labels"));
    }

    /** Each rule with its {@code health} after it was last evaluated. */
    public Stream<JsonObject> rules() {
        return elements(get("/api/v1/rules").getJsonArray("groups", new JsonArray()))
                .flatMap(group -> elements(group.getJsonArray("rules")));
    }

    private static Stream<JsonObject> elements(JsonArray array) {
        return array.stream().map(JsonObject.class::cast);
    }

    /** Empty while it does not answer, or starts. */
    private JsonObject get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        try {
            HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == OK
                    ? new JsonObject(answer.body()).getJsonObject("data", new JsonObject())
                    : new JsonObject();
        } catch (IOException e) {
            return new JsonObject();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

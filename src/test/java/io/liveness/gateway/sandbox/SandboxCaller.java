package io.liveness.gateway.sandbox;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** A sandbox on loopback with a clock that tests set, and a caller that signs by the vendor's document. */
public final class SandboxCaller implements AutoCloseable {

    public static final String INIT = "/lifecheck/h5/v2-1/init";
    public static final String RESULT = "/lifecheck/h5/v2-1/result";
    public static final String RETURN_URL = "https://shop.example/done";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T04:00:00Z"));
    private final HttpClient client = HttpClient.newHttpClient();
    private final SandboxConfig config;
    private final SandboxServer server;

    public SandboxCaller() {
        this(SandboxSettings.defaults().withSlowAnswer(Duration.ofMillis(20)));
    }

    public SandboxCaller(SandboxSettings settings) {
        this.config = settings.config();
        this.server = SandboxServer.start(config, 0, (InstantSource) now::get);
    }

    public Instant now() {
        return now.get();
    }

    public void advance(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    public Sandbox sandbox() {
        return server.sandbox();
    }

    public Books books() {
        return server.sandbox().books();
    }

    public String url() {
        return server.url();
    }

    /** A correct init with this title. */
    public HttpResponse<String> init(String title) {
        return post(INIT, initForm(title), PATIENCE);
    }

    public String openToken(String title) {
        return token(init(title));
    }

    public static String token(HttpResponse<String> init) {
        return new JsonObject(init.body()).getJsonObject("data").getString("token");
    }

    public HttpResponse<String> result(String token) {
        Map<String, String> form = common();
        form.put("token", token);
        return post(RESULT, form, PATIENCE);
    }

    public int resultCode(String token) {
        return new JsonObject(result(token).body()).getInteger("code");
    }

    public Map<String, String> initForm(String title) {
        Map<String, String> form = common();
        form.put("returnUrl", RETURN_URL);
        form.put("title", title);
        return form;
    }

    public Map<String, String> common() {
        String timestamp = Long.toString(now.get().toEpochMilli());
        Map<String, String> form = new LinkedHashMap<>();
        form.put("appId", config.appId());
        form.put("timestamp", timestamp);
        form.put("sign", sign(timestamp));
        form.put("productCode", "life_check_v2");
        return form;
    }

    public String sign(String timestamp) {
        String text = config.appId() + config.appSecret() + timestamp;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    public HttpResponse<String> post(String path, Map<String, String> form) {
        return post(path, form, PATIENCE);
    }

    public HttpResponse<String> post(String path, Map<String, String> form, Duration patience) {
        return send(request(path)
                .timeout(patience)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encode(form))));
    }

    public HttpResponse<String> postJson(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    public HttpResponse<String> get(String path) {
        return send(request(path));
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(PATIENCE);
    }

    /** @throws NoAnswer when the connection is lost or the time is up */
    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new NoAnswer(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    @Override
    public void close() {
        server.close();
    }

    public static final class NoAnswer extends RuntimeException {

        NoAnswer(IOException cause) {
            super(cause);
        }
    }
}

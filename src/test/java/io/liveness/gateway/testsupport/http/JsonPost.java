package io.liveness.gateway.testsupport.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Posts JSON to a gateway, with an idempotency key of its content: operations without keys ignore it. */
public final class JsonPost {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private JsonPost() {}

    public static CompletableFuture<HttpResponse<String>> send(String address, String accessToken, JsonObject body) {
        String content = body.encode();
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .header("Authorization", "Bearer " + accessToken)
                .header("Content-Type", "application/json")
                .header(
                        "Idempotency-Key",
                        UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8))
                                .toString())
                .POST(HttpRequest.BodyPublishers.ofString(content))
                .build();
        return CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The answer, which must have this status. */
    public static JsonObject answer(int status, String address, String accessToken, JsonObject body) {
        HttpResponse<String> answer = send(address, accessToken, body).join();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return new JsonObject(answer.body());
    }
}

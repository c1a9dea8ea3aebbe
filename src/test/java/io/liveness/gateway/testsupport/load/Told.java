package io.liveness.gateway.testsupport.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.TreeMap;

/** All data about its sessions that a caller can read: the list, each session, and each event. */
public record Told(Map<String, JsonObject> answers) {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public static Told by(GatewayProcess gateway, String accessToken) {
        Map<String, JsonObject> answers = new TreeMap<>();
        String next = "?pageSize=100";
        while (next != null) {
            JsonObject page = read(gateway, accessToken, next);
            for (Object listed : page.getJsonArray("items")) {
                JsonObject session = (JsonObject) listed;
                String path = "/" + session.getString("id");
                answers.put(path + " in the list", session);
                answers.put(path, read(gateway, accessToken, path));
                for (Object event : read(gateway, accessToken, path + "/events").getJsonArray("items")) {
                    answers.put(path + " event " + ((JsonObject) event).getString("id"), (JsonObject) event);
                }
            }
            String token = page.getString("nextPageToken");
            next = token == null ? null : "?pageSize=100&pageToken=" + token;
        }
        return new Told(answers);
    }

    /** Word for word; a release may only add to what the one before it says. */
    public void assertKeptBy(Told newer) {
        assertThat(newer.answers.keySet()).isEqualTo(answers.keySet());
        answers.forEach((path, answer) -> {
            JsonObject now = newer.answers.get(path);
            assertThat(now.copy().mergeIn(answer, true)).as(path).isEqualTo(now);
        });
    }

    private static JsonObject read(GatewayProcess gateway, String accessToken, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/liveness-sessions" + path))
                .header("Authorization", "Bearer " + accessToken)
                .build();
        try {
            var answer = HTTP.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            return new JsonObject(answer.body());
        } catch (IOException e) {
            throw new AssertionError(path, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

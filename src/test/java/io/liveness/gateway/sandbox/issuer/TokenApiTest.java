package io.liveness.gateway.sandbox.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenApiTest {

    private final Vertx vertx = Vertx.vertx();
    private int port;

    @BeforeEach
    void start() {
        Router router = Router.router(vertx);
        new TokenApi(new TokenIssuer(SandboxKeys.generate())).mount(router);
        HttpServer server = vertx.createHttpServer().requestHandler(router);
        port = server.listen(0).toCompletionStage().toCompletableFuture().join().actualPort();
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void without_a_body_it_is_a_token_for_the_demo_shop() throws Exception {
        JsonObject answer = new JsonObject(post("").body());

        assertThat(answer.getString("tokenType")).isEqualTo("Bearer");
        assertThat(answer.getInteger("expiresIn")).isEqualTo(3_600);
        JsonObject claims = claims(answer);
        assertThat(claims.getString("sub")).isEqualTo("demo-shop");
        assertThat(claims.getJsonArray("groups").getList()).isEqualTo(List.of("liveness"));
    }

    @Test
    void subject_groups_and_lifetime_can_be_chosen() throws Exception {
        JsonObject answer =
                new JsonObject(post("{\"subject\":\"books\",\"groups\":[\"finance\"],\"lifetimeSeconds\":60}")
                        .body());

        assertThat(answer.getInteger("expiresIn")).isEqualTo(60);
        JsonObject claims = claims(answer);
        assertThat(claims.getString("azp")).isEqualTo("books");
        assertThat(claims.getJsonArray("groups").getList()).isEqualTo(List.of("finance"));
        assertThat(claims.getLong("exp") - claims.getLong("iat")).isEqualTo(60);
    }

    @Test
    void another_body_is_refused() throws Exception {
        assertThat(post("[]").statusCode()).isEqualTo(400);
        assertThat(post("{\"groups\":\"finance\"}").statusCode()).isEqualTo(400);
        assertThat(post("{\"lifetimeSeconds\":\"long\"}").statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> post(String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/sandbox/tokens"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static JsonObject claims(JsonObject answer) {
        String payload = answer.getString("accessToken").split("\\.")[1];
        return new JsonObject(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
    }
}

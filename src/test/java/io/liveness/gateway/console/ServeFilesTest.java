package io.liveness.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The headers of pages. */
class ServeFilesTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void end() {
        vertx.close();
    }

    @Test
    void where_people_come_by_https_the_browser_is_told_to_keep_to_it() throws Exception {
        assertThat(page(true).headers().firstValue("Strict-Transport-Security")).contains("max-age=31536000");
        assertThat(page(false).headers().firstValue("Strict-Transport-Security"))
                .isEmpty();
    }

    private HttpResponse<Void> page(boolean https) throws Exception {
        ServeFiles files = new ServeFiles(new ConsoleFiles(), https);
        Router router = Router.router(vertx);
        router.get("/").handler(request -> files.serve("index.html", request));
        HttpServer server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + server.actualPort() + "/"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
    }
}

package io.liveness.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleFilesTest {

    private static final String ROOT = "http://host/console/";
    private static final Pattern NAMED = Pattern.compile("(?:src|href)=\"(/console/static/[^\"]+)\"|from '(\\.[^']+)'");

    /** A key with its value, so that none is found in a text. */
    private static final Pattern WORD = Pattern.compile("(\\w+|'(?:[^'\\\\]++|\\\\.)++'): '(?:[^'\\\\]++|\\\\.)*+'");

    private final ConsoleFiles files = new ConsoleFiles();

    @Test
    void every_file_that_a_page_or_a_script_names_is_there() {
        Set<String> seen = new HashSet<>();
        Deque<String> toRead =
                new ArrayDeque<>(List.of("index.html", "signed-out.html", "sign-in-failed.html", "signed-in.html"));

        while (!toRead.isEmpty()) {
            String name = toRead.pop();
            if (seen.add(name)) {
                assertThat(files.read(name)).as(name).isPresent();
                NAMED.matcher(files.read(name).orElseThrow().plain().toString())
                        .results()
                        .map(named -> named.group(1) == null ? named.group(2) : named.group(1))
                        .map(named -> URI.create(ROOT + name).resolve(named).toString())
                        .forEach(address -> toRead.push(address.substring(ROOT.length())));
            }
        }

        assertThat(seen)
                .contains(
                        "static/views/session.js",
                        "static/lib/preact.module.js",
                        "static/lib/htm.module.js",
                        "static/lib/uPlot.iife.min.js",
                        "static/lib/uPlot.min.css");
    }

    /** The second of two would be the word, without a sign of the first. */
    @Test
    void each_word_is_there_once_in_both_languages() {
        assertThat(words("en.js")).hasSizeGreaterThan(500).doesNotHaveDuplicates();
        assertThat(words("zh.js")).containsExactlyInAnyOrderElementsOf(words("en.js"));
    }

    private List<String> words(String language) {
        String file = files.read("static/" + language).orElseThrow().plain().toString();
        return WORD.matcher(file).results().map(word -> word.group(1)).toList();
    }

    @Test
    void the_tag_is_of_the_content_and_what_is_compressed_is_smaller() {
        ConsoleFiles.File page = files.read("index.html").orElseThrow();
        ConsoleFiles.File script = files.read("static/app.js").orElseThrow();

        assertThat(page.tag())
                .isEqualTo(new ConsoleFiles().read("index.html").orElseThrow().tag())
                .isNotEqualTo(script.tag());
        assertThat(script.compressed().length()).isLessThan(script.plain().length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../application.properties",
                "static/../../application.properties",
                "static/./app.js",
                "/console/index.html",
                "static/none.js",
                "static/views",
                "static/app.properties",
                ""
            })
    void nothing_else_is_read(String name) {
        assertThat(files.read(name)).isEmpty();
    }

    @Test
    void the_browser_is_told_to_keep_to_https() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            assertThat(page(vertx).headers().firstValue("Strict-Transport-Security"))
                    .contains("max-age=31536000");
        } finally {
            vertx.close();
        }
    }

    private static HttpResponse<Void> page(Vertx vertx) throws Exception {
        Router router = Router.router(vertx);
        router.get("/").handler(request -> new ConsoleFiles().serve("index.html", request));
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

package io.liveness.gateway.sandbox.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxCaller;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StaticPagesTest {

    private static SandboxCaller caller;

    @BeforeAll
    static void start() {
        caller = new SandboxCaller();
    }

    @AfterAll
    static void close() {
        caller.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/sandbox/static/test/page.html, text/html;charset=UTF-8",
        "/sandbox/static/test/script.js, text/javascript;charset=UTF-8"
    })
    void a_page_is_served_with_its_type_and_not_cached(String path, String contentType) {
        HttpResponse<String> answer = caller.get(path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(contentType);
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sandbox/static/none.js",
                "/sandbox/static/",
                "/sandbox/static/test",
                "/sandbox/static/../../application.properties",
                "/sandbox/static/%2e%2e/%2e%2e/application.properties",
                "/sandbox/static/..%2f..%2fapplication.properties",
                "/sandbox/static/..%5c..%5capplication.properties",
                "/sandbox/static//application.properties",
                "/sandbox/static/.hidden"
            })
    void other_paths_are_not_served(String path) {
        assertThat(caller.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void there_is_no_favicon() {
        assertThat(caller.get("/favicon.ico").statusCode()).isEqualTo(204);
    }
}

package io.liveness.gateway.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.http.RawAnswer;
import io.liveness.gateway.testsupport.http.RawConnection;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every error has the same shape, also when the server answers before our code. */
@QuarkusTest
class EdgeErrorsTest {
    private static final int OVER_THE_LIMIT = 200_000;

    private final ObjectMapper json = new ObjectMapper();
    private final Api api = Api.asNewCaller();

    static Stream<String> longest() {
        return Stream.of(
                "GET /v1/x HTTP/1.1\r\nHost: h\r\nX-Long: " + "x".repeat(20_000),
                "GET /v1/x HTTP/1.1\r\nHost: h\r\n" + "X-Many: x\r\n".repeat(190),
                "GET /v1/" + "x".repeat(4_000) + " HTTP/1.1\r\nHost: h");
    }

    @ParameterizedTest
    @MethodSource("longest")
    void the_longest_address_and_headers_are_read(String head) throws IOException {
        try (RawConnection caller = new RawConnection()) {
            assertProblem(caller.exchange(head + "\r\n\r\n"), "unauthenticated");
        }
    }

    static Stream<String> tooLong() {
        return Stream.of(
                "GET /v1/x HTTP/1.1\r\nHost: h\r\nX-Long: " + "x".repeat(21_000),
                "GET /v1/x HTTP/1.1\r\nHost: h\r\nX-Long: " + "x".repeat(100_000),
                "GET /v1/x HTTP/1.1\r\nHost: h\r\n" + "X-Many: x\r\n".repeat(300),
                "GET /v1/" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: h",
                "GET /v1/" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: h");
    }

    @ParameterizedTest
    @MethodSource("tooLong")
    void a_longer_address_and_longer_headers_are_a_problem_and_the_connection_is_closed(String head)
            throws IOException {
        try (RawConnection caller = new RawConnection()) {
            assertProblem(caller.exchange(head + "\r\n\r\n"), "headers-too-large");
            assertThat(caller.isClosed()).isTrue();
        }
    }

    static Stream<Arguments> unreadable() {
        return Stream.of(
                Arguments.of(400, "GET"),
                Arguments.of(400, "\u0016\u0003\u0001hello"),
                Arguments.of(400, "GET /v1/%zz HTTP/1.1\r\nHost: h"),
                Arguments.of(400, "GET /v1/a|b\\ HTTP/1.1\r\nHost: h"),
                Arguments.of(400, "GET /v1/x HTTP/1.1\r\nHost: h\r\nno colon"),
                Arguments.of(400, "GET /v1/x HTTP/1.1\r\nHost: h\r\nX-Nul: \u0000"),
                Arguments.of(400, "POST /v1/x HTTP/1.1\r\nHost: h\r\nContent-Length: many"),
                Arguments.of(400, "POST /v1/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2"));
    }

    /** Vert.x and Quarkus answer it, without a body. */
    @ParameterizedTest
    @MethodSource("unreadable")
    void what_cannot_be_read_as_a_request_is_answered(int status, String head) throws IOException {
        try (RawConnection caller = new RawConnection()) {
            assertThat(caller.exchange(head + "\r\n\r\n").status()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1/x", "*"})
    void an_address_that_is_no_path_is_a_problem_and_the_connection_stays(String address) throws IOException {
        try (RawConnection caller = new RawConnection()) {
            assertProblem(caller.exchange(head("GET", address) + "\r\n"), "invalid-request");
            assertProblem(caller.exchange(head("GET", "/nowhere") + "\r\n"), "not-found");
        }
    }

    @Test
    void a_request_without_a_host_is_a_problem() throws IOException {
        try (RawConnection caller = new RawConnection()) {
            assertProblem(caller.exchange("GET /v1/x HTTP/1.1\r\n\r\n"), "invalid-request");
        }
    }

    @Test
    void a_chunked_body_that_is_too_large_is_a_problem_and_the_connection_is_closed() throws IOException {
        try (RawConnection caller = new RawConnection()) {
            RawAnswer answer = caller.exchange(open("application/json") + "Transfer-Encoding: chunked\r\n\r\n"
                    + chunk("{\"returnUrl\":\"" + "x".repeat(OVER_THE_LIMIT)) + chunk("\"}") + "0\r\n\r\n");

            assertProblem(answer, "too-large");
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(caller.isClosed()).isTrue();
        }
    }

    @Test
    void a_body_that_says_it_is_too_large_is_answered_before_it_is_sent() throws IOException {
        try (RawConnection caller = new RawConnection()) {
            RawAnswer answer = caller.exchange(open("application/json") + "Content-Length: 200000\r\n\r\n");

            assertProblem(answer, "too-large");
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(caller.isClosed()).isTrue();
        }
    }

    @Test
    void a_caller_that_sends_a_too_large_body_first_still_gets_the_answer() throws IOException {
        try (RawConnection caller = new RawConnection()) {
            String body = "x".repeat(8 << 20);

            assertProblem(caller.exchange(open("application/json", body)), "too-large");
            assertThat(caller.isClosed()).isTrue();
        }
    }

    @Test
    void a_body_behind_another_request_is_read_in_its_turn() throws IOException {
        try (RawConnection caller = new RawConnection()) {
            assertProblem(
                    caller.exchange(head("GET", "/nowhere") + "\r\n" + open("application/json")
                            + "Content-Length: 100000\r\n\r\n" + "x".repeat(50_000)),
                    "not-found");
            assertThat(caller.exchange("x".repeat(50_000)).status()).isEqualTo(400);
        }
    }

    static Stream<Arguments> methods() {
        String one = Api.SESSIONS + "/" + UUID.randomUUID();
        return Stream.of(
                Arguments.of("PUT", Api.SESSIONS),
                Arguments.of("TRACE", Api.SESSIONS),
                Arguments.of("CONJURE", Api.SESSIONS),
                Arguments.of("DELETE", one),
                Arguments.of("GET", one + "/check"),
                Arguments.of("PUT", Api.SESSIONS + "/lookup"));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void an_unsupported_method_is_a_problem(String method, String path) throws IOException {
        try (RawConnection caller = new RawConnection()) {
            assertProblem(
                    caller.exchange(head(method, path) + authorization() + "Content-Length: 0\r\n\r\n"),
                    "method-not-allowed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "json", "/", "a b/c", "text/plain", "text/plain, application/json"})
    void a_body_of_another_or_no_media_type_is_a_problem(String type) throws IOException {
        try (RawConnection caller = new RawConnection()) {
            assertProblem(caller.exchange(open(type, "{}")), "unsupported-media-type");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Authorization: Basic eDp4\r\n", "Authorization: Bearer x\r\n", "Authorization: \r\n"})
    void an_unauthenticated_caller_gets_a_problem_from_every_address(String authorization) throws IOException {
        try (RawConnection caller = new RawConnection()) {
            for (String path : new String[] {Api.SESSIONS, "/v1/nowhere", "/v1/liveness-sessions/%00"}) {
                RawAnswer answer = caller.exchange(head("PUT", path) + authorization + "\r\n");

                assertProblem(answer, "unauthenticated");
                assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
            }
        }
    }

    private void assertProblem(RawAnswer answer, String code) throws IOException {
        assertThat(answer.header("Content-Type")).as(answer.toString()).isEqualTo("application/problem+json");
        JsonNode problem = json.readTree(answer.body());
        assertThat(problem.path("code").asText()).as(answer.toString()).isEqualTo(code);
        assertThat(problem.path("status").asInt()).isEqualTo(answer.status());
        assertThat(problem.path("type").asText()).isEqualTo("/problems#" + code);
        assertThat(problem.path("requestId").asText()).isNotEmpty().isEqualTo(answer.header("X-Request-Id"));
        assertThat(answer.headers().get("X-Request-Id")).hasSize(1);
        assertThat(answer.headers().get("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(answer.headers().get("Cache-Control")).containsExactly("no-store");
    }

    private String open(String contentType, String body) {
        return open(contentType) + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n"
                + body;
    }

    private String open(String contentType) {
        return head("POST", Api.SESSIONS) + authorization() + "Idempotency-Key: " + UUID.randomUUID() + "\r\n"
                + (contentType == null ? "" : "Content-Type: " + contentType + "\r\n");
    }

    private String authorization() {
        return "Authorization: Bearer " + api.token() + "\r\n";
    }

    private static String head(String method, String address) {
        return method + " " + address + " HTTP/1.1\r\nHost: localhost\r\n";
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }
}

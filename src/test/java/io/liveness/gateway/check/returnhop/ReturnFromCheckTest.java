package io.liveness.gateway.check.returnhop;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.contract.KeepsTheContract;
import io.liveness.gateway.testsupport.http.RawConnection;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The public address that a person's browser returns to. The hop is off here: a browser that was sent there while it was on still
 * reaches the caller's page.
 */
@QuarkusTest
class ReturnFromCheckTest {

    private static final String CALLERS_PAGE = "https://shop.example/done?order=7#paid";
    private static final Duration LONGER_THAN_ASKING_OFTEN = Duration.ofSeconds(11);

    private final Api api = Api.asNewCaller();

    @Inject
    Sandbox sandbox;

    @Inject
    Stored stored;

    @Inject
    DataSource database;

    @Inject
    SettableClock clock;

    private long calls;

    @BeforeEach
    void count() {
        calls = sandbox.books().resultCalls();
    }

    /** A session that a person may come back from. */
    private record Opened(String id, String token) {}

    @ParameterizedTest
    @ValueSource(strings = {CALLERS_PAGE, "replace:" + CALLERS_PAGE})
    void with_the_right_token_the_session_is_checked_and_the_browser_sent_on_with_the_result(String returnUrl) {
        Opened session = opened("pass", returnUrl);

        browserReturns(session.id(), session.token(), "passed")
                .then()
                .statusCode(303)
                .header(
                        "Location",
                        "https://shop.example/done?order=7&token=" + session.token() + "&passed=passed#paid")
                .header("Cache-Control", "no-store")
                .header("Referrer-Policy", "no-referrer")
                .header("X-Request-Id", not(emptyOrNullString()))
                .body(equalTo(""));

        assertThat(status(session)).isEqualTo("PASSED");
        assertThat(stored.ledger(session.id())).containsExactly("PRE_DEDUCT/VENDOR", "CHARGE/RULE");
        assertThat(callsSince()).isEqualTo(1);
    }

    @Test
    void after_the_verdict_the_token_still_redirects_without_a_call_to_the_vendor() {
        Opened session = opened("not-pass", CALLERS_PAGE);
        api.check(session.id());
        count();

        String sentTo = browserReturns(session.id(), session.token(), "true").header("Location");

        assertThat(sentTo).contains("token=" + session.token() + "&passed=true");
        assertThat(callsSince()).isZero();
    }

    @Test
    void without_the_sessions_token_the_browser_gets_a_page_that_names_no_caller_and_causes_no_call()
            throws IOException {
        Opened session = opened("pass", CALLERS_PAGE);
        Opened other = opened("pass", CALLERS_PAGE);

        String right = session.token();
        for (String query : List.of(
                "",
                "?",
                "?passed=true",
                "?token",
                "?token=&passed=true",
                "?token=" + other.token(),
                "?token=" + right + "x",
                "?token=" + right + "%20",
                "?token=%00" + right,
                "?token=x" + right,
                "?token=" + right.substring(1),
                "?token=" + right + "&token=" + right,
                "?token=x&token=" + right)) {
            assertThat(raw("GET " + path(session) + query))
                    .as(query)
                    .startsWith("HTTP/1.1 200 ")
                    .containsIgnoringCase("\r\ncontent-type: text/html;charset=utf-8\r\n")
                    .contains("where you started the check")
                    .doesNotContainIgnoringCase("location", "shop");
        }
        assertThat(status(session)).isEqualTo("PENDING");
        assertThat(callsSince()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "passed=not%20passed                       | &passed=not%20passed",
                "passed=not+passed                         | &passed=not%20passed",
                "passed=%26token%3Dx%23                    | &passed=%26token%3Dx%23",
                "passed=12345678901234567890123456789012   | &passed=12345678901234567890123456789012",
                "passed=123456789012345678901234567890123  | ''",
                "passed=                                   | ''",
                "passed=a%0D%0ASet-Cookie:b                | ''",
                "passed=%E9%80%9A%E8%BF%87                 | ''",
                "passed=true&passed=false                  | ''",
            })
    void the_hint_goes_on_when_it_is_short_and_plain(String query, String added) {
        Opened session = opened("pass", "https://shop.example/");

        Response answer =
                browser().urlEncodingEnabled(false).get(path(session) + "?token=" + session.token() + "&" + query);

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo("https://shop.example/?token=" + session.token() + added);
        assertThat(answer.headers().hasHeaderWithName("Set-Cookie")).isFalse();
    }

    @Test
    void an_unknown_session_or_one_that_no_browser_returns_from_is_404() {
        List<Opened> noBrowser = Stream.of(
                        "wx.redirect:/pages/result", "wx.history", "app:notifyResult", "scheme:https://shop.example/")
                .map(returnUrl -> opened("pass", returnUrl))
                .toList();

        Stream.concat(
                        noBrowser.stream().map(session -> browserReturns(session.id(), session.token(), "true")),
                        Stream.of(UUID.randomUUID().toString(), "x", "0-0-0-0-0", "1".repeat(36))
                                .map(id -> browserReturns(id, "token", "true")))
                .forEach(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(404);
                    assertThat(answer.contentType()).isEqualTo("application/problem+json");
                    assertThat(answer.<String>path("code")).isEqualTo("not-found");
                    assertThat(answer.<String>path("instance")).doesNotContain("token");
                });
        assertThat(callsSince()).isZero();
    }

    @Test
    void fifty_at_once_are_one_call_and_all_of_them_go_on_after_the_verdict() {
        Opened session = opened("pass", "https://shop.example/");

        List<String> known = Api.atOnce(50, () -> {
            Response answer = browserReturns(session.id(), session.token(), "true");
            return answer.statusCode() + answer.header("Location") + " " + status(session);
        });

        assertThat(known).containsOnly("303https://shop.example/?token=" + session.token() + "&passed=true PASSED");
        assertThat(callsSince()).isEqualTo(1);
    }

    /** More connections than there are places. */
    @Test
    void a_person_with_many_connections_leaves_places_to_others() throws Exception {
        Opened session = opened("abandon", "https://shop.example/");
        Opened other = opened("pass", "https://shop.example/");
        // A poll that is under way: all of them wait for it.
        stored.execute(
                "update session_schedule set leased_until = liveness_now() + interval '1 minute' where session_id = ?",
                UUID.fromString(session.id()));
        ExecutorService connections = Executors.newFixedThreadPool(90);
        try {
            List<Future<Integer>> many = IntStream.range(0, 90)
                    .mapToObj(i -> connections.submit(() -> browserReturns(session.id(), session.token(), "true")
                            .statusCode()))
                    .toList();
            List<Integer> others = IntStream.range(0, 8)
                    .mapToObj(i ->
                            browserReturns(other.id(), other.token(), "true").statusCode())
                    .toList();

            assertThat(others).containsOnly(303);
            for (Future<Integer> one : many) {
                assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo(303);
            }
        } finally {
            connections.shutdownNow();
        }
    }

    @Test
    void coming_back_again_and_again_without_a_verdict_asks_three_times_in_ten_seconds() {
        Opened session = opened("abandon", "https://shop.example/");

        for (int i = 0; i < 20; i++) {
            assertThat(browserReturns(session.id(), session.token(), "true").header("Location"))
                    .endsWith("?token=" + session.token() + "&passed=true");
        }
        assertThat(callsSince()).isEqualTo(3);

        clock.advance(LONGER_THAN_ASKING_OFTEN);
        browserReturns(session.id(), session.token(), "true");
        assertThat(callsSince()).isEqualTo(4);
        assertThat(status(session)).isEqualTo("PENDING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"result-500", "result-garbage", "result-drop", "storm-609"})
    void a_failing_vendor_does_not_stop_the_redirect(String scenario) {
        Opened session = opened(scenario, "https://shop.example/");

        assertThat(browserReturns(session.id(), session.token(), "true").header("Location"))
                .isEqualTo("https://shop.example/?token=" + session.token() + "&passed=true");
        assertThat(status(session)).isEqualTo("PENDING");
    }

    @Test
    void the_wait_has_an_end_and_the_check_goes_on_after_it() throws SQLException {
        Opened session = opened("pass", "https://shop.example/");

        try (Connection holder = database.getConnection()) {
            holder.setAutoCommit(false);
            lock(holder, session);
            // Answered while the check cannot get on.
            assertThat(browserReturns(session.id(), session.token(), "true").header("Location"))
                    .endsWith("?token=" + session.token() + "&passed=true");
            assertThat(status(session)).isEqualTo("PENDING");
            holder.rollback();
        }

        api.request()
                .queryParam("waitSeconds", 30)
                .get(Api.SESSIONS + "/" + session.id())
                .then()
                .body("status", equalTo("PASSED"));
        assertThat(callsSince()).isEqualTo(1);
    }

    @Test
    void with_a_token_the_address_is_what_it_is_without_one_unless_that_token_is_bad() {
        Opened session = opened("pass", CALLERS_PAGE);

        assertThat(Api.as("books", "finance")
                        .request()
                        .redirects()
                        .follow(false)
                        .get(path(session))
                        .statusCode())
                .isEqualTo(200);
        given().auth()
                .oauth2("garbage")
                .get(path(session))
                .then()
                .statusCode(401)
                .body("code", equalTo("unauthenticated"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/return",
                "GET /v1/return/",
                "GET /v1/return/{id}/",
                "GET /v1/return/{id}/events",
                "GET //v1/return/{id}",
                "GET /v1//return/{id}",
                "GET /v1/./return/{id}",
                "GET /v1/x/../return/{id}",
                "GET /v1/return/{id}%2Fevents",
                "GET /v1/return/{id};a=b",
                "GET /v1;a=b/return/{id}",
                "GET /v1/%72eturn/{id}",
                "GET /v1/return%2F{id}",
                "GET /v1/return/../liveness-sessions",
                "GET /v1/return/%2e%2e/liveness-sessions",
                "GET /v1/return/..%2Fliveness-sessions",
                "GET /v1/return/{id}/../../liveness-sessions",
                "POST /v1/return/{id}",
                "DELETE /v1/return/{id}",
                "OPTIONS /v1/return/{id}",
            })
    void nothing_beside_it_opens_without_a_token(String request) throws IOException {
        Opened session = opened("pass", CALLERS_PAGE);

        String answer = raw(request.replace("{id}", session.id()) + "?token=" + session.token());

        assertThat(answer)
                .startsWith("HTTP/1.1 401 ")
                .contains("application/problem+json", "\"unauthenticated\"")
                .doesNotContain("shop.example");
        assertThat(callsSince()).isZero();
    }

    @Test
    void when_the_tokens_life_and_the_grace_are_over_the_address_is_gone() throws SQLException {
        Opened session = opened("pass", CALLERS_PAGE);
        api.check(session.id());

        letPass("179 minutes", session);
        browserReturns(session.id(), session.token(), "true").then().statusCode(303);

        letPass("2 minutes", session);
        browserReturns(session.id(), session.token(), "true")
                .then()
                .statusCode(404)
                .body("code", equalTo("not-found"));
        api.get(session.id()).then().statusCode(200);
    }

    /** Moves the opening into the past: a token lives for two hours, and the grace is one. */
    private void letPass(String interval, Opened session) throws SQLException {
        stored.execute(
                "update liveness_session set init_at = init_at - ?::interval where id = ?",
                interval,
                UUID.fromString(session.id()));
    }

    private Opened opened(String scenario, String returnUrl) {
        Response answer = api.open(UUID.randomUUID().toString(), body(scenario, returnUrl));
        assertThat(answer.statusCode()).isEqualTo(201);
        return new Opened(answer.path("id"), answer.path("token"));
    }

    private static String body(String scenario, String returnUrl) {
        return "{\"returnUrl\":\"%s\",\"title\":\"sandbox:%s\"}".formatted(returnUrl, scenario);
    }

    private static RequestSpecification browser() {
        return given().redirects().follow(false);
    }

    private static Response browserReturns(String id, String token, String passed) {
        return browser()
                .filter(new KeepsTheContract())
                .queryParam("token", token)
                .queryParam("passed", passed)
                .get("/v1/return/" + id);
    }

    private static String path(Opened session) {
        return "/v1/return/" + session.id();
    }

    private static String raw(String request) throws IOException {
        return RawConnection.whole(request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    private static void lock(Connection holder, Opened session) throws SQLException {
        try (PreparedStatement lock =
                holder.prepareStatement("select 1 from liveness_session where id = ? for update")) {
            lock.setObject(1, UUID.fromString(session.id()));
            lock.execute();
        }
    }

    private String status(Opened session) {
        return stored.strings("select status from liveness_session where id = ?", UUID.fromString(session.id()))
                .get(0);
    }

    private long callsSince() {
        return sandbox.books().resultCalls() - calls;
    }
}

package io.liveness.gateway.sandbox;

import static io.liveness.gateway.sandbox.Books.FeeState.CHARGED;
import static io.liveness.gateway.sandbox.Books.FeeState.REFUNDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.liveness.gateway.sandbox.Books.BookRow;
import io.liveness.gateway.sandbox.Books.FeeState;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A scenario as a caller meets it, and what the books say in the end. */
class ScenarioTest {

    private static final Duration IMPATIENCE = Duration.ofMillis(300);
    private static final String TOKEN = "200 charge=true token";

    private static SandboxCaller caller;

    @BeforeAll
    static void start() {
        caller = new SandboxCaller();
    }

    @AfterAll
    static void close() {
        caller.close();
    }

    @BeforeEach
    void forget() {
        caller.sandbox().clear();
    }

    static Stream<Arguments> scenarios() {
        return Stream.of(
                // scenario, init's answer, result's answers, the fee after the token's life
                arguments(Scenario.PASS, TOKEN, "200 200", CHARGED),
                arguments(Scenario.NOT_PASS, TOKEN, "202 202", CHARGED),
                arguments(Scenario.FAIL, TOKEN, "203 203", REFUNDED),
                arguments(Scenario.ABANDON, TOKEN, "201 201", REFUNDED),
                arguments(Scenario.UNSCRIPTED, TOKEN, "201 201", REFUNDED),
                arguments(Scenario.LATE, TOKEN, "201 201", REFUNDED),
                arguments(Scenario.CODE_400, "400 charge=false", "", null),
                arguments(Scenario.CODE_404, "404 charge=false", "", null),
                arguments(Scenario.CODE_500, "500 charge=false", "", null),
                arguments(Scenario.CODE_601, "601 charge=false", "", null),
                arguments(Scenario.CODE_602, "602 charge=false", "", null),
                arguments(Scenario.CODE_604, "604 charge=false", "", null),
                arguments(Scenario.CODE_606, "606 charge=false", "", null),
                arguments(Scenario.CODE_607, "607 charge=false", "", null),
                arguments(Scenario.CODE_609, "609 charge=false", "", null),
                arguments(Scenario.CODE_610, "610 charge=false", "", null),
                arguments(Scenario.CODE_999, "999 charge=false", "", null),
                arguments(Scenario.CODE_777, "777 charge=false", "", null),
                arguments(Scenario.CODE_609_ONCE, "609 charge=false", "", null),
                arguments(Scenario.CODE_610_CHARGED, "610", "", REFUNDED),
                arguments(Scenario.REFUSED_CHARGED, "601 charge=true", "", REFUNDED),
                arguments(Scenario.REFUSED_UNFLAGGED, "500", "", null),
                arguments(Scenario.TIMEOUT_BEFORE_FEE, "held", "", null),
                arguments(Scenario.TIMEOUT_AFTER_FEE, "held", "", REFUNDED),
                arguments(Scenario.DROP_BEFORE_FEE, "dropped", "", null),
                arguments(Scenario.DROP_AFTER_FEE, "dropped", "", REFUNDED),
                arguments(Scenario.SLOW, TOKEN, "200", CHARGED),
                arguments(Scenario.GARBAGE, "unreadable 200", "", REFUNDED),
                arguments(Scenario.HTML, "unreadable 502", "", REFUNDED),
                arguments(Scenario.EMPTY, "unreadable 200", "", REFUNDED),
                arguments(Scenario.CHARGE_FALSE, "200 charge=false token", "200 200", null),
                arguments(Scenario.CHARGE_ABSENT, "200 token", "200", CHARGED),
                arguments(Scenario.TOKEN_MISSING, "200 charge=true", "", REFUNDED),
                arguments(Scenario.TOKEN_MISSING_UNCHARGED, "200 charge=false", "", null),
                arguments(Scenario.EXPIRED_EARLY, TOKEN, "301 301 301 200 200", CHARGED),
                arguments(Scenario.STORM_609, TOKEN, "609 609 609 609 609 200 200", CHARGED),
                arguments(Scenario.RESULT_500, TOKEN, "500 500 500 200", CHARGED),
                arguments(Scenario.RESULT_GARBAGE, TOKEN, "unreadable unreadable 200", CHARGED),
                arguments(Scenario.RESULT_DROP, TOKEN, "dropped 200", CHARGED),
                arguments(Scenario.CONTRADICT, TOKEN, "202 200 200", CHARGED));
    }

    @ParameterizedTest(name = "{0}: {1}, then {2}, fee {3}")
    @MethodSource("scenarios")
    void plays_out_as_announced(Scenario scenario, String init, String results, FeeState fee) {
        String title = scenario == Scenario.UNSCRIPTED ? "sandbox:xyz" : scenario.title();

        Optional<String> token = new InitMeeting(title).matching(init);
        assertThat(resultCodes(token, results)).isEqualTo(results);
        caller.advance(Duration.ofHours(2));

        assertThat(caller.books().rows()).extracting(BookRow::status).isEqualTo(fee == null ? List.of() : List.of(fee));
    }

    @Test
    void every_scenario_is_listed_for_the_start_page() {
        String list = caller.get("/sandbox/scenarios").body();

        assertThat(list).startsWith("[{\"name\":\"pass\",\"title\":\"sandbox:pass\",\"zh\":");
        assertThat(Scenario.scripted())
                .allSatisfy(scenario -> assertThat(list).contains("\"" + scenario.wireName() + "\""))
                .allSatisfy(scenario -> assertThat(scenario.title()).hasSizeLessThanOrEqualTo(32))
                .doesNotContain(Scenario.UNSCRIPTED);
    }

    @Test
    void a_lost_answer_is_marked_in_the_books_and_its_fee_is_open_until_expiry() {
        new InitMeeting(Scenario.DROP_AFTER_FEE.title()).matching("dropped");
        caller.init(Scenario.PASS.title());

        assertThat(caller.books().rows()).extracting(BookRow::answerLost).containsExactly(true, false);
        assertThat(caller.books().rows()).extracting(BookRow::status).containsOnly(FeeState.PRE_DEDUCTED);
    }

    @Test
    void an_init_refused_once_passes_the_next_time_with_the_same_returnUrl() {
        caller.init(Scenario.CODE_609_ONCE.title());

        assertThat(caller.resultCode(caller.openToken(Scenario.CODE_609_ONCE.title())))
                .isEqualTo(200);
    }

    @Test
    void a_late_verdict_comes_after_its_time() {
        String token = caller.openToken(Scenario.LATE.title());

        caller.advance(Duration.ofSeconds(15).minusMillis(1));
        assertThat(caller.resultCode(token)).isEqualTo(201);
        caller.advance(Duration.ofMillis(1));
        assertThat(caller.resultCode(token)).isEqualTo(200);
    }

    private String resultCodes(Optional<String> token, String expected) {
        List<String> answers = new ArrayList<>();
        for (int call = 0; token.isPresent() && call < expected.split(" ").length; call++) {
            answers.add(resultAnswer(token.get()));
        }
        return String.join(" ", answers);
    }

    private String resultAnswer(String token) {
        try {
            return code(caller.result(token).body()).orElse("unreadable");
        } catch (SandboxCaller.NoAnswer e) {
            return "dropped";
        }
    }

    private static Optional<String> code(String body) {
        try {
            return Optional.of(new JsonObject(body).getInteger("code").toString());
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    /** An init as its caller sees it, in the words of the table. */
    private record InitMeeting(String title) {

        Optional<String> matching(String expected) {
            try {
                boolean held = expected.equals("held");
                HttpResponse<String> answer =
                        held ? caller.post(SandboxCaller.INIT, caller.initForm(title), IMPATIENCE) : caller.init(title);
                assertThat(describe(answer)).isEqualTo(expected);
                return expected.endsWith("token") ? Optional.of(SandboxCaller.token(answer)) : Optional.empty();
            } catch (SandboxCaller.NoAnswer e) {
                assertThat(e.getCause() instanceof HttpTimeoutException ? "held" : "dropped")
                        .isEqualTo(expected);
                return Optional.empty();
            }
        }

        private static String describe(HttpResponse<String> answer) {
            return code(answer.body())
                    .map(code -> code + flag(new JsonObject(answer.body())))
                    .orElse("unreadable " + answer.statusCode());
        }

        private static String flag(JsonObject answer) {
            return (answer.containsKey("charge") ? " charge=" + answer.getBoolean("charge") : "")
                    + (answer.containsKey("data") ? " token" : "");
        }
    }
}

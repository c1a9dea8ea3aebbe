package io.liveness.gateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.check.ActionDraw;
import io.liveness.gateway.sandbox.check.FeeStatus;
import io.liveness.gateway.sandbox.check.InitOrder;
import io.liveness.gateway.sandbox.scenario.Scenario;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureApiTest {

    private final SandboxCaller caller = new SandboxCaller();

    @AfterEach
    void close() {
        caller.close();
    }

    @Test
    void the_page_learns_what_was_ordered() {
        Map<String, String> form = caller.initForm("实名认证");
        form.putAll(
                Map.of("actionStyle", "3", "actions", "NodHead,BlinkEye", "actionMutex", "0", "antiCameraHack", "0"));
        String token = SandboxCaller.token(caller.post(SandboxCaller.INIT, form));

        assertThat(caller.get("/sandbox/checks/" + token).body())
                .isEqualTo("{\"title\":\"实名认证\",\"actionStyle\":3,\"actions\":[\"NodHead\",\"BlinkEye\"],"
                        + "\"actionMutex\":false,\"antiCameraHack\":false,\"returnUrl\":\"https://shop.example/done\","
                        + "\"state\":\"OPEN\"}");
    }

    @Test
    void the_document_s_defaults_apply_and_the_draw_stays() {
        String token = caller.openToken("");
        JsonObject check = check(token);

        assertThat(check.getInteger("actionStyle")).isEqualTo(1);
        assertThat(check.getJsonArray("actions")).hasSize(2);
        assertThat(check.getBoolean("actionMutex")).isTrue();
        assertThat(check.getBoolean("antiCameraHack")).isTrue();
        assertThat(check(token)).isEqualTo(check);
    }

    @Test
    void style_1_draws_one_head_and_one_facial_action_in_either_order() {
        Set<List<String>> drawn = draws(ActionDraw.HEAD_AND_FACE);

        assertThat(drawn)
                .hasSize(16)
                .allSatisfy(pair -> assertThat(pair)
                        .hasSize(2)
                        .containsAnyElementsOf(ActionDraw.HEAD_ACTIONS)
                        .containsAnyElementsOf(ActionDraw.FACE_ACTIONS));
    }

    @Test
    void style_2_draws_one_facial_action_and_silence_none() {
        assertThat(draws(ActionDraw.FACE)).containsExactlyInAnyOrder(List.of("BlinkEye"), List.of("OpenMouth"));
        assertThat(draws(ActionDraw.SILENT)).containsExactly(List.of());
    }

    @ParameterizedTest
    @CsvSource({"passed, true, 200, CHARGED", "not-passed, false, 202, CHARGED", "failed, false, 203, REFUNDED"})
    void the_person_decides_an_ordinary_check(String verdict, boolean passed, int code, FeeStatus fee) {
        String token = caller.openToken("实名认证");

        assertThat(finish(token, verdict))
                .isEqualTo("200 {\"returnUrl\":\"https://shop.example/done\",\"passed\":" + passed + "}");
        assertThat(check(token).getString("state")).isEqualTo("FINISHED");
        assertThat(caller.books().rows().get(0).status()).isEqualTo(FeeStatus.PRE_DEDUCTED);
        assertThat(caller.resultCode(token)).isEqualTo(code);
        assertThat(caller.books().rows().get(0).status()).isEqualTo(fee);
    }

    @Test
    void an_abandoned_check_can_still_be_finished() {
        String token = caller.openToken(Scenario.ABANDON.title());
        assertThat(caller.resultCode(token)).isEqualTo(201);

        finish(token, "passed");

        assertThat(caller.resultCode(token)).isEqualTo(200);
    }

    @Test
    void a_scenario_with_a_verdict_keeps_it() {
        String token = caller.openToken(Scenario.NOT_PASS.title());

        assertThat(finish(token, "passed")).endsWith("\"passed\":false}");
        assertThat(caller.resultCode(token)).isEqualTo(202);
    }

    @Test
    void a_check_is_finished_once() {
        String token = caller.openToken("");
        finish(token, "not-passed");

        assertThat(finish(token, "passed")).startsWith("409 ");
        assertThat(caller.resultCode(token)).isEqualTo(202);
    }

    @Test
    void an_expired_check_cannot_be_finished() {
        String token = caller.openToken("");
        caller.advance(Duration.ofHours(2));

        assertThat(check(token).getString("state")).isEqualTo("EXPIRED");
        assertThat(finish(token, "passed")).startsWith("409 ");
        assertThat(caller.resultCode(token)).isEqualTo(301);
    }

    @Test
    void a_finished_check_without_a_fetched_verdict_is_refunded() {
        String token = caller.openToken("");
        finish(token, "passed");
        caller.advance(Duration.ofHours(2));

        assertThat(caller.resultCode(token)).isEqualTo(301);
        assertThat(caller.books().rows().get(0).status()).isEqualTo(FeeStatus.REFUNDED);
    }

    @Test
    void an_unknown_token_is_not_found() {
        assertThat(caller.get("/sandbox/checks/0000").statusCode()).isEqualTo(404);
        assertThat(finish("0000", "passed")).startsWith("404 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "{\"verdict\":\"maybe\"}", "{\"verdict\":1}", "{"})
    void another_verdict_is_refused_and_changes_nothing(String body) {
        String token = caller.openToken("");

        assertThat(caller.postJson("/sandbox/checks/" + token + "/finish", body).statusCode())
                .isEqualTo(400);
        assertThat(check(token).getString("state")).isEqualTo("OPEN");
    }

    private JsonObject check(String token) {
        return new JsonObject(caller.get("/sandbox/checks/" + token).body());
    }

    private String finish(String token, String verdict) {
        var answer = caller.postJson("/sandbox/checks/" + token + "/finish", "{\"verdict\":\"" + verdict + "\"}");
        return answer.statusCode() + " " + answer.body();
    }

    private static Set<List<String>> draws(int style) {
        InitOrder order = new InitOrder("wx.history", style, List.of(), true, true, Optional.empty());
        Random random = new Random(1);
        return IntStream.range(0, 500)
                .mapToObj(i -> ActionDraw.draw(order, random))
                .collect(Collectors.toSet());
    }
}

package io.liveness.gateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.Books.BookRow;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The answers beside the samples of the vendor's document: names, order, presence, wording. */
class VendorDocumentTest {

    private final SandboxCaller caller = new SandboxCaller();

    @AfterEach
    void close() {
        caller.close();
    }

    @Test
    void init_answers_like_the_sample() {
        HttpResponse<String> answer = caller.init("实名认证");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json;charset=UTF-8");
        Matcher sample = Pattern.compile("\\{\"code\":200,\"msg\":\"成功\",\"taskNo\":\"\\d{24}\",\"charge\":true,"
                        + "\"data\":\\{\"token\":\"([0-9a-f]{32})\",\"checkUrl\":\"(.*)\"}}")
                .matcher(answer.body());
        assertThat(sample.matches()).as(answer.body()).isTrue();
        assertThat(sample.group(2))
                .isEqualTo(caller.url() + "/lifecheck/v2-1/check/capture.html?token=" + sample.group(1));
    }

    @Test
    void a_passed_result_has_a_face_image_and_no_charge() {
        String token = caller.openToken(Scenario.PASS.title());

        String answer = caller.result(token).body();

        assertThat(answer)
                .matches("\\{\"code\":200,\"msg\":\"活体检测通过\",\"taskNo\":\"\\d{24}\","
                        + "\"data\":\\{\"faceImageUrl\":\"http://localhost:\\d+/lifecheck/v2-1/face/[^\"]+\"}}");
    }

    @Test
    void the_other_results_have_neither_data_nor_charge() {
        String notPassed = caller.openToken(Scenario.NOT_PASS.title());
        String none = caller.openToken(Scenario.ABANDON.title());
        String failed = caller.openToken(Scenario.FAIL.title());

        assertThat(caller.result(notPassed).body()).matches(sample(202, "活体检测未通过"));
        assertThat(caller.result(none).body()).matches(sample(201, "未查询到检测结果"));
        assertThat(caller.result(failed).body()).matches(sample(203, "检测失败"));
        caller.advance(Duration.ofHours(2));
        assertThat(caller.result(none).body()).matches(sample(301, "token已过期"));
    }

    @Test
    void every_call_has_a_separate_number() {
        JsonObject init = new JsonObject(caller.init(Scenario.PASS.title()).body());
        JsonObject result = new JsonObject(
                caller.result(init.getJsonObject("data").getString("token")).body());

        assertThat(result.getString("taskNo")).isNotEqualTo(init.getString("taskNo"));
        assertThat(caller.books().rows())
                .singleElement()
                .extracting(BookRow::taskNo)
                .isEqualTo(init.getString("taskNo"));
    }

    @Test
    void the_face_image_stays_under_one_address_until_it_is_forgotten() {
        String token = caller.openToken(Scenario.PASS.title());
        String url = faceImageUrl(token);
        String path = url.substring(caller.url().length());

        assertThat(faceImageUrl(token)).isEqualTo(url);
        assertThat(caller.get(path).headers().firstValue("Content-Type")).hasValue("image/jpeg");
        caller.sandbox().forgetFaces();
        assertThat(caller.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void another_address_of_the_product_is_answered_as_wrong() {
        assertThat(caller.post("/lifecheck/h5/v2/init", Map.of()).body())
                .matches("\\{\"code\":404,\"msg\":\"接口地址不正确\",\"taskNo\":\"\\d{24}\",\"charge\":false}");
    }

    @Test
    void the_check_page_is_at_the_configured_address() {
        try (SandboxCaller elsewhere =
                new SandboxCaller(SandboxSettings.defaults().withBaseUrl("https://sandbox.example/"))) {
            assertThat(elsewhere.init("").body())
                    .contains("\"checkUrl\":\"https://sandbox.example/lifecheck/v2-1/check/capture.html?token=");
        }
    }

    private String faceImageUrl(String token) {
        return new JsonObject(caller.result(token).body()).getJsonObject("data").getString("faceImageUrl");
    }

    private static String sample(int code, String msg) {
        return "\\{\"code\":" + code + ",\"msg\":\"" + msg + "\",\"taskNo\":\"\\d{24}\"}";
    }
}

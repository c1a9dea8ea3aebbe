package io.liveness.gateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that init and result refuse with 400, without a fee. */
class RequestRefusalTest {

    private static final String REFUSED = "\\{\"code\":400,\"msg\":\"参数错误\",\"taskNo\":\"\\d{24}\",\"charge\":false}";
    private static final String REFUSED_RESULT = "\\{\"code\":400,\"msg\":\"参数错误\",\"taskNo\":\"\\d{24}\"}";

    private static SandboxCaller caller;

    @BeforeAll
    static void start() {
        caller = new SandboxCaller();
    }

    @AfterAll
    static void close() {
        caller.close();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments("appId", ""),
                arguments("appId", "another-app"),
                arguments("sign", ""),
                arguments("sign", "0".repeat(64)),
                arguments("productCode", ""),
                arguments("productCode", "life_check"),
                arguments("timestamp", ""),
                arguments("timestamp", "2026-03-01T04:00:00Z"),
                arguments("timestamp", "1555378976238"),
                arguments("returnUrl", ""),
                arguments("returnUrl", "https://shop.example/" + "x".repeat(236)),
                arguments("returnUrl", "shop.example/done"),
                arguments("returnUrl", "ftp://shop.example"),
                arguments("returnUrl", "https://"),
                arguments("returnUrl", "replace:/done"),
                arguments("returnUrl", "wx.redirect:"),
                arguments("returnUrl", "wx.history:/pages"),
                arguments("returnUrl", "app:"),
                arguments("returnUrl", "scheme:"),
                arguments("actionStyle", "0"),
                arguments("actionStyle", "4"),
                arguments("actionStyle", "SILENT"),
                arguments("actionStyle", "3"),
                arguments("actionMutex", "2"),
                arguments("actionMutex", "true"),
                arguments("antiCameraHack", "-1"),
                arguments("title", "核".repeat(33)));
    }

    @ParameterizedTest(name = "{0} = {1}")
    @MethodSource("wrong")
    void a_wrong_parameter_is_refused_without_a_fee(String name, String value) {
        int fees = caller.books().rows().size();
        Map<String, String> form = caller.initForm("");
        form.put(name, value);

        assertThat(caller.post(SandboxCaller.INIT, form).body()).matches(REFUSED);
        assertThat(caller.books().rows()).hasSize(fees);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Smile", "BlinkEye,", "BlinkEye NodHead", "BlinkEye, NodHead"})
    void custom_actions_are_known_names_separated_by_commas(String actions) {
        Map<String, String> form = caller.initForm("");
        form.put("actionStyle", "3");
        form.put("actions", actions);

        assertThat(caller.post(SandboxCaller.INIT, form).body()).matches(REFUSED);
    }

    @Test
    void a_clock_may_be_off_by_the_tolerance_and_no_more() {
        assertThat(initStampedOff(Duration.ofMinutes(5))).startsWith("{\"code\":200,");
        assertThat(initStampedOff(Duration.ofMinutes(-5))).startsWith("{\"code\":200,");
        assertThat(initStampedOff(Duration.ofMinutes(5).plusMillis(1))).matches(REFUSED);
        assertThat(initStampedOff(Duration.ofMinutes(-5).minusMillis(1))).matches(REFUSED);
    }

    @Test
    void only_a_posted_form_is_read() {
        String form = SandboxCaller.encode(caller.initForm(""));

        assertThat(caller.get(SandboxCaller.INIT + "?" + form).body()).matches(REFUSED);
        assertThat(caller.postJson(SandboxCaller.INIT, "{}").body()).matches(REFUSED);
        assertThat(caller.post(SandboxCaller.INIT + "?" + form, Map.of()).body())
                .matches(REFUSED);
    }

    @Test
    void a_parameter_given_twice_and_a_body_too_long_are_refused() {
        String form = SandboxCaller.encode(caller.initForm(""));

        assertThat(postRaw(form + "&title=a")).matches(REFUSED);
        assertThat(postRaw(form + "&note=" + "x".repeat(70_000))).matches(REFUSED);
    }

    @Test
    void result_refuses_the_same_way_and_tokens_never_given_out() {
        Map<String, String> wrongSign = caller.common();
        wrongSign.put("token", caller.openToken(""));
        wrongSign.put("sign", "0".repeat(64));

        assertThat(caller.post(SandboxCaller.RESULT, wrongSign).body()).matches(REFUSED_RESULT);
        assertThat(caller.post(SandboxCaller.RESULT, caller.common()).body()).matches(REFUSED_RESULT);
        assertThat(caller.result("0123456789abcdef0123456789abcdef").body()).matches(REFUSED_RESULT);
    }

    private String initStampedOff(Duration off) {
        String timestamp = Long.toString(caller.now().plus(off).toEpochMilli());
        Map<String, String> form = caller.initForm("");
        form.put("timestamp", timestamp);
        form.put("sign", caller.sign(timestamp));
        return caller.post(SandboxCaller.INIT, form).body();
    }

    private String postRaw(String body) {
        return caller.send(caller.request(SandboxCaller.INIT)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body)))
                .body();
    }
}

package io.liveness.gateway.vendor.jumdata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.http.StubVendor;
import io.liveness.gateway.vendor.Action;
import io.liveness.gateway.vendor.ActionStyle;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.LivenessVendor.InitParameters;
import io.liveness.gateway.vendor.ReturnUrl;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to the vendor, as the other end receives them. */
@QuarkusTest
@TestProfile(OptionsOn.class)
class JumdataRequestTest {

    private static final TestConfig CONFIG = TestConfig.of("the-app", "the-secret");
    private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_000L);
    /** The hash of {@code the-appthe-secret1700000000000}, computed with sha256sum. */
    private static final String SIGN = "ea1db7687b666bdfc8cc136db0bf053a93da4a4fa32b16665dfaf14aadf7e824";

    private static final String COMMON =
            "appId=the-app&timestamp=1700000000000&sign=" + SIGN + "&productCode=life_check_v2";

    @RestClient
    Jumdata.Fresh fresh;

    @RestClient
    Jumdata.Kept kept;

    private StubVendor vendor;

    @BeforeEach
    void open() throws IOException {
        Detour.take();
        vendor = new StubVendor(Detour.PORT, StubVendor.json("{\"code\":201}"));
    }

    @AfterEach
    void close() {
        Detour.leave();
        vendor.close();
    }

    private Jumdata jumdata(TestConfig config) {
        return config.jumdata(fresh, kept, () -> TIME);
    }

    private static InitParameters order(String returnUrl, ActionStyle style, List<Action> actions, String title) {
        return new InitParameters(ReturnUrl.parse(returnUrl), style, actions, true, true, Optional.ofNullable(title));
    }

    private StubVendor.Request sent(TestConfig config, InitParameters order) {
        jumdata(config).open(order).await().atMost(Duration.ofSeconds(5));
        assertThat(vendor.requests()).hasSize(1);
        return vendor.requests().get(0);
    }

    private Map<String, String> fields(InitParameters order) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : sent(CONFIG, order).body().split("&")) {
            int equals = pair.indexOf('=');
            fields.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
        }
        return fields;
    }

    /** The pairs as they are encoded, in any order, and no other: a form has no order. */
    private static void assertExactly(StubVendor.Request request, String... own) {
        assertThat(request.body().split("&"))
                .containsExactlyInAnyOrder((COMMON + "&" + String.join("&", own)).split("&"));
    }

    @ParameterizedTest
    @CsvSource({"HEAD_AND_FACE, 1", "FACE, 2", "SILENT, -1"})
    void a_style_without_own_actions_sends_none(ActionStyle style, String value) {
        StubVendor.Request request = sent(CONFIG, order("https://a.example/b", style, List.of(), null));

        assertThat(request.line()).isEqualTo("POST /lifecheck/h5/v2-1/init HTTP/1.1");
        assertThat(request.head()).contains("content-type: application/x-www-form-urlencoded");
        assertExactly(
                request,
                "returnUrl=https%3A%2F%2Fa.example%2Fb",
                "actionStyle=" + value,
                "actionMutex=1",
                "antiCameraHack=1");
    }

    @Test
    void the_custom_style_sends_its_actions_in_sequence() {
        InitParameters order = order("wx.history", ActionStyle.CUSTOM, List.of(Action.NodHead, Action.BlinkEye), null);

        assertExactly(
                sent(CONFIG, order),
                "returnUrl=wx.history",
                "actionStyle=3",
                "actions=NodHead%2CBlinkEye",
                "actionMutex=1",
                "antiCameraHack=1");
    }

    @ParameterizedTest
    @EnumSource(Action.class)
    void each_action_is_sent_in_the_vendors_spelling(Action action) {
        assertThat(fields(order("wx.history", ActionStyle.CUSTOM, List.of(action), null)))
                .containsEntry("actions", action.name());
    }

    @Test
    void the_separator_of_the_actions_is_configured() {
        InitParameters order =
                order("wx.history", ActionStyle.CUSTOM, List.of(Action.LookLeft, Action.LookRight), null);

        assertThat(sent(CONFIG.withActionsSeparator("|"), order).body()).contains("actions=LookLeft%7CLookRight");
    }

    @ParameterizedTest
    @CsvSource({"true, false, 1, 0", "false, true, 0, 1", "false, false, 0, 0"})
    void the_switches_are_sent_as_ones_and_zeros(boolean mutex, boolean antiHack, String sentMutex, String sentHack) {
        InitParameters order = new InitParameters(
                ReturnUrl.parse("wx.history"), ActionStyle.FACE, List.of(), mutex, antiHack, Optional.empty());

        assertThat(fields(order))
                .containsEntry("actionMutex", sentMutex)
                .containsEntry("antiCameraHack", sentHack)
                .doesNotContainKey("title");
    }

    @ParameterizedTest
    @ValueSource(strings = {"实名认证", "👩‍🚀😀", "a b+c&d=e%f/g", "~*-._é"})
    void a_title_arrives_as_it_was_written(String title) {
        assertThat(fields(order("wx.history", ActionStyle.FACE, List.of(), title)))
                .containsEntry("title", title);
    }

    @Test
    void result_sends_the_token_alone() {
        jumdata(CONFIG).poll(new Confidential("a+b/c=")).await().atMost(Duration.ofSeconds(5));

        StubVendor.Request request = vendor.requests().get(0);
        assertThat(request.line()).isEqualTo("POST /lifecheck/h5/v2-1/result HTTP/1.1");
        assertExactly(request, "token=a%2Bb%2Fc%3D");
    }

    @Test
    void each_init_has_a_separate_connection_and_results_share_one() {
        Jumdata jumdata = jumdata(CONFIG);
        InitParameters order = order("wx.history", ActionStyle.FACE, List.of(), null);
        for (int i = 0; i < 3; i++) {
            jumdata.open(order).await().atMost(Duration.ofSeconds(5));
        }
        assertThat(vendor.connections()).isEqualTo(3);

        for (int i = 0; i < 3; i++) {
            jumdata.poll(new Confidential("t")).await().atMost(Duration.ofSeconds(5));
        }
        assertThat(vendor.connections()).isEqualTo(4);
        assertThat(vendor.requests()).hasSize(6);
    }
}

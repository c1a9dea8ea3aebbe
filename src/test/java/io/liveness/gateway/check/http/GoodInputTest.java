package io.liveness.gateway.check.http;

import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.testsupport.Api;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests at the limits of the rules. */
@QuarkusTest
class GoodInputTest {

    private static final String EMOJI = "\uD83D\uDE00";

    private final Api api = Api.asNewCaller();

    @Test
    void a_title_of_32_emoji_passes() {
        String title = EMOJI.repeat(32);

        api.open(key(), "{\"returnUrl\":\"https://shop.example/done\",\"title\":\"" + title + "\"}")
                .then()
                .statusCode(201)
                .body("title", equalTo(title));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD_AND_FACE", "FACE", "SILENT"})
    void each_style_without_actions_is_accepted(String style) {
        api.open(key(), "{\"returnUrl\":\"wx.history\",\"actionStyle\":\"" + style + "\"}")
                .then()
                .statusCode(201)
                .body("actionStyle", equalTo(style))
                .body("actions.size()", equalTo(0));
    }

    @Test
    void custom_actions_keep_their_sequence() {
        String actions = "[\"NodHead\",\"BlinkEye\",\"LookLeft\",\"LookRight\",\"OpenMouth\",\"ShakeHead\"]";

        api.open(key(), "{\"returnUrl\":\"wx.history\",\"actionStyle\":\"CUSTOM\",\"actions\":" + actions + "}")
                .then()
                .statusCode(201)
                .body("actions.join(' ')", equalTo("NodHead BlinkEye LookLeft LookRight OpenMouth ShakeHead"));
    }

    @Test
    void reference_and_metadata_come_back_as_they_were() {
        api.open(
                        key(),
                        "{\"returnUrl\":\"wx.history\",\"reference\":\"订单-4711\",\"metadata\":{\"channel\":\"app\",\""
                                + EMOJI + "\":\"\"},\"actionMutex\":false,\"antiCameraHack\":false}")
                .then()
                .statusCode(201)
                .body("reference", equalTo("订单-4711"))
                .body("metadata.channel", equalTo("app"))
                .body("metadata.size()", equalTo(2))
                .body("actionMutex", equalTo(false))
                .body("antiCameraHack", equalTo(false));
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }
}

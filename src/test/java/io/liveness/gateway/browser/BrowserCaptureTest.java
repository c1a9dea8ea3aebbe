package io.liveness.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.browser.Browser;
import io.liveness.gateway.testsupport.browser.CapturePage;
import io.liveness.gateway.testsupport.browser.Chromium;
import io.liveness.gateway.testsupport.browser.ReturnPage;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The prompts of the vendor's page, and its behaviour without a camera. The person refuses the camera at first. */
@QuarkusTest
@QuarkusTestResource(GatewayTestResource.class)
class BrowserCaptureTest {

    @RegisterExtension
    static final Browser browser = new Browser(Chromium::refusingCamera);

    private final String caller = Api.asNewCaller().caller();

    @TestHTTPResource("/")
    URL gateway;

    @Test
    void a_refused_camera_is_said_and_the_check_can_fail() {
        CapturePage capture = browser.start(gateway, caller).openAndGo();
        browser.refuseCamera();
        capture.start().awaitVerdicts();

        browser.picture("camera-refused");
        assertThat(browser.text("message"))
                .isEqualTo("The camera was refused. Allow it for this page, or go on without it.");
        assertThat(browser.shows("camera-preview")).isFalse();
        assertThat(capture.prompts()).isEmpty();
        capture.choose("failed");
        ReturnPage returned = new ReturnPage(browser).awaitStatus("FAILED");
        assertThat(returned.chargeStatus()).isEqualTo("REFUNDED");
    }

    @Test
    void a_camera_allowed_at_the_second_try_is_used() {
        CapturePage capture = browser.start(gateway, caller)
                .actionStyle("SILENT")
                .withoutFlash()
                .openAndGo();
        browser.refuseCamera();
        capture.start().awaitVerdicts();

        browser.grantCamera();
        browser.click("start-check");

        assertThat(capture.cameraPlays()).isTrue();
        assertThat(browser.shows("message")).isFalse();
    }

    @Test
    void chosen_actions_are_asked_for_in_the_order_chosen() {
        CapturePage capture = browser.start(gateway, caller)
                .actionStyle("CUSTOM")
                .actions(List.of("NodHead", "OpenMouth", "LookLeft"))
                .withoutFlash()
                .openAndGo();
        browser.grantCamera();
        capture.start().awaitVerdicts();

        assertThat(capture.plan()).containsExactly("NodHead", "OpenMouth", "LookLeft");
        assertThat(capture.prompts()).containsExactly("NodHead", "OpenMouth", "LookLeft");
        assertThat(capture.flashColours()).isEmpty();
    }

    @Test
    void a_silent_check_asks_to_look_at_the_camera() {
        CapturePage capture =
                browser.start(gateway, caller).actionStyle("SILENT").openAndGo();
        browser.grantCamera();
        capture.start().awaitVerdicts();

        assertThat(capture.plan()).containsExactly("Still");
        assertThat(capture.prompts()).containsExactly("Still", "Flash");
    }

    @Test
    void one_facial_action_is_asked_for_in_style_FACE() {
        CapturePage capture = browser.start(gateway, caller)
                .actionStyle("FACE")
                .withoutFlash()
                .openAndGo();
        browser.grantCamera();
        capture.start().awaitVerdicts();

        assertThat(capture.plan()).hasSize(1).containsAnyOf("BlinkEye", "OpenMouth");
        assertThat(capture.prompts()).isEqualTo(capture.plan());
    }

    @Test
    void an_unknown_token_leads_nowhere() {
        browser.start(gateway, caller);
        browser.run("location.assign(arguments[0])", CapturePage.PATH + "?token=unknown");

        browser.awaitPage(CapturePage.PATH);
        assertThat(browser.text("message")).isEqualTo("No check exists for this token.");
        assertThat(browser.shows("start-check")).isFalse();
    }
}

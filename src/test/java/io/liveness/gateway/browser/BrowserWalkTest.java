package io.liveness.gateway.browser;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.browser.Browser;
import io.liveness.gateway.testsupport.browser.CapturePage;
import io.liveness.gateway.testsupport.browser.Chromium;
import io.liveness.gateway.testsupport.browser.ReturnPage;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A complete check in the browser: start page, vendor's page, verdict and fee. */
@QuarkusTest
class BrowserWalkTest {

    @RegisterExtension
    static final Browser browser = new Browser(Chromium::withCamera);

    private final String caller = Api.asNewCaller().caller();

    @TestHTTPResource("/")
    URL gateway;

    @Test
    void a_check_with_camera_prompts_and_flash_passes_and_is_charged() {
        CapturePage capture = browser.start(gateway, caller).title("实名认证").openAndGo();
        assertThat(capture.title()).isEqualTo("实名认证");
        assertThat(browser.title()).isEqualTo("实名认证");
        assertThat(browser.shows("flash-warning")).isTrue();
        List<String> plan = capture.plan();
        assertThat(plan)
                .hasSize(2)
                .containsAnyOf("BlinkEye", "OpenMouth")
                .containsAnyOf("ShakeHead", "NodHead", "LookLeft", "LookRight");

        capture.start();
        assertThat(capture.cameraPlays()).isTrue();
        capture.awaitVerdicts();
        assertThat(capture.prompts()).containsExactly(plan.get(0), plan.get(1), "Flash");
        assertThat(capture.flashColours()).containsExactly("red", "green", "blue", "white");
        String token = capture.token();
        capture.choose("passed");

        ReturnPage returned = new ReturnPage(browser).awaitStatus("PASSED");
        assertThat(returned.hint()).contains("passed=true");
        assertThat(returned.chargeStatus()).isEqualTo("CHARGED");
        assertThat(returned.chargeAmount()).isEqualTo("0.80 CNY");
        assertThat(returned.events()).containsExactly("OPENING", "OPENED", "CHECKED", "SETTLED");
        assertThat(returned.ledger()).containsExactly("PRE_DEDUCT", "CHARGE");
        assertThat(returned.vendorBook()).containsExactly("CHARGED");
        assertThat(returned.agreement()).isEqualTo("agree");
        assertThat(browser.address())
                .startsWith(gateway + "return.html?session=")
                .doesNotContain(token);
        assertThat(browser.complaints()).isEmpty();
        browser.picture("return");
    }

    @Test
    void the_receiver_shows_the_callers_webhooks_verified_as_they_come() {
        browser.start(gateway, caller);
        browser.open(gateway + "receiver.html");
        browser.awaitShown("receive");

        browser.click("receive");

        browser.until("the test has come", () -> webhooks().equals(List.of("liveness.endpoint.test true")));
        browser.awaitShown("test");
        Api.as(caller).settled("pass");
        browser.until(
                "the verdict has come",
                () -> webhooks().equals(List.of("liveness.session.settled true", "liveness.endpoint.test true")));
        given().header("webhook-id", "1")
                .header("webhook-timestamp", Instant.now().getEpochSecond())
                .header("webhook-signature", "v1,Zm9yZ2Vk")
                .body("{\"type\":\"forged\"}")
                .post(gateway + "sandbox/receiver")
                .then()
                .statusCode(401);
        browser.until("the forged one is shown as such", () -> webhooks().get(0).equals("forged false"));
        assertThat(browser.complaints()).isEmpty();
        browser.picture("receiver");
    }

    /** The type of each, and whether it was verified; newest first. */
    @SuppressWarnings("unchecked")
    private static List<String> webhooks() {
        return (List<String>) browser.run("""
                return [...document.querySelectorAll('#received > li')]
                    .map((shown) => `${shown.querySelector('strong').textContent} ${shown.dataset.verified}`)
                """);
    }

    @ParameterizedTest(name = "{0} ends as {1} and {2}")
    @CsvSource({
        // verdict on the page, status, charge, closing row of the ledger
        "not-passed, NOT_PASSED, CHARGED,  CHARGE",
        "failed,     FAILED,     REFUNDED, REFUND",
    })
    void a_check_that_does_not_pass(String verdict, String status, String charge, String closing) {
        ReturnPage returned = browser.start(gateway, caller)
                .actionStyle("SILENT")
                .withoutFlash()
                .openAndGo()
                .finish(verdict)
                .awaitStatus(status);

        assertThat(returned.hint()).contains("passed=false");
        assertThat(returned.chargeStatus()).isEqualTo(charge);
        assertThat(returned.events()).containsExactly("OPENING", "OPENED", "CHECKED", "SETTLED");
        assertThat(returned.ledger()).containsExactly("PRE_DEDUCT", closing);
        assertThat(returned.vendorBook()).containsExactly(charge);
        assertThat(returned.agreement()).isEqualTo("agree");
        assertThat(browser.complaints()).isEmpty();
    }
}

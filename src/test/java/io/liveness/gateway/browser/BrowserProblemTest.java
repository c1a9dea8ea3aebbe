package io.liveness.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.browser.Browser;
import io.liveness.gateway.testsupport.browser.CapturePage;
import io.liveness.gateway.testsupport.browser.Chromium;
import io.liveness.gateway.testsupport.browser.ReturnPage;
import io.liveness.gateway.testsupport.browser.StartPage;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The start page when no check is opened, and its handling of the key. */
@QuarkusTest
@QuarkusTestResource(GatewayTestResource.class)
class BrowserProblemTest {

    @RegisterExtension
    static final Browser browser = new Browser(Chromium::withCamera);

    private final String caller = Api.asNewCaller().caller();

    @TestHTTPResource("/")
    URL gateway;

    @Test
    void a_refusal_of_the_vendor_says_that_no_fee_was_taken() {
        StartPage start = browser.start(gateway, caller).scenario("code-601");

        assertThat(start.openToAProblem())
                .contains("502", "vendor-rejected")
                .contains("What next: The vendor refused, no fee was taken.");
        assertThat(start.sessions(1)).containsExactly("REJECTED");
    }

    @Test
    void a_lost_answer_says_that_a_fee_may_have_been_taken() {
        StartPage start = browser.start(gateway, caller).scenario("timeout-after-fee");

        assertThat(start.openToAProblem())
                .contains("504", "vendor-outcome-unknown")
                .contains("What next: A fee may have been taken, and this key is spent.");
        assertThat(start.sessions(1)).containsExactly("UNKNOWN");

        ReturnPage session = start.sessionOfTheProblem().awaitStatus("UNKNOWN");
        assertThat(session.chargeStatus()).isEqualTo("UNCONFIRMED");
        assertThat(session.ledger()).containsExactly("PRE_DEDUCT");
    }

    @Test
    void a_vendor_that_is_busy_for_a_moment_is_asked_again_with_the_same_key() {
        StartPage start = browser.start(gateway, caller).scenario("code-609-once");

        assertThat(start.openToAProblem())
                .contains("503", "vendor-unavailable")
                .contains("What next: No fee was taken. Press again in a moment");
        String key = start.key();

        assertThat(start.open().key()).isEqualTo(key);
        assertThat(start.sessions(1)).containsExactly("PENDING");
    }

    @Test
    void a_returnUrl_against_the_rules_is_named() {
        StartPage start = browser.start(gateway, caller).returnUrl("ftp://shop.example/done");

        assertThat(start.openToAProblem())
                .contains("400", "invalid-request")
                .contains("returnUrl")
                .contains("What next: Correct the fields named here and press again.");
        browser.picture("problem");
        assertThat(browser.findAll("problem", ".field-error code"))
                .singleElement()
                .satisfies(field -> assertThat(field.getText()).isEqualTo("returnUrl"));
    }

    @Test
    void a_session_of_another_caller_cannot_be_seen() {
        CapturePage capture = browser.start(gateway, caller)
                .actionStyle("SILENT")
                .withoutFlash()
                .openAndGo();
        String token = capture.token();
        browser.start(gateway, Api.asNewCaller().caller());

        browser.run("location.assign(arguments[0])", ReturnPage.PATH + "?token=" + token + "&passed=true");

        browser.awaitPage(ReturnPage.PATH);
        assertThat(browser.text("problem")).contains("404", "This caller has no such session.");
        assertThat(browser.address()).doesNotContain(token);
    }
}

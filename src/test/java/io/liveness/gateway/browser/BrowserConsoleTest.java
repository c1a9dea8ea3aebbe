package io.liveness.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.browser.Browser;
import io.liveness.gateway.testsupport.browser.Chromium;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The console as it is in dev mode: people sign in at the sandbox. */
@QuarkusTest
@TestProfile(OptionsOn.class)
class BrowserConsoleTest {

    @RegisterExtension
    static final Browser browser = new Browser(Chromium::refusingCamera);

    @TestHTTPResource("/")
    URI gateway;

    @ParameterizedTest
    @CsvSource({"fiona, Fiona Finance", "ada, Ada Admin", "ben, Ben Boss", "otto, Otto Operator"})
    void a_person_is_chosen_and_signed_in(String userName, String fullName) {
        signIn(userName);

        assertThat(browser.text("person")).isEqualTo(fullName);
        assertThat(browser.address()).startsWith(gateway + "console/");
    }

    /** The page of the API leads back to both; tests do not have it. */
    @Test
    void the_demo_and_the_console_lead_to_each_other_and_to_the_page_of_the_api() {
        signIn("fiona");
        assertThat(browser.has("footer a[href='/q/swagger-ui/']")).isTrue();
        browser.press("footer a[href='/']");
        browser.awaitPage("/");
        assertThat(browser.has("nav:not([hidden]) a[href='/q/swagger-ui/']")).isTrue();
        browser.press("nav a[href='/console/']");
        browser.until(
                "the console", () -> browser.has("main h1") && browser.address().endsWith("/console/"));
    }

    @Test
    void a_person_without_a_role_sees_the_missing_role() {
        signIn("nora");

        browser.awaitShown("no-role");
    }

    @Test
    void signing_out_leads_back_to_the_choice() {
        signIn("fiona");

        browser.click("person-menu");
        browser.click("sign-out");
        browser.until("signed out", () -> browser.address().contains("/console/signed-out"));
        browser.open(gateway + "console/");
        browser.until("the choice", () -> browser.has("[data-person=ada]"));
    }

    private void signIn(String userName) {
        browser.open(gateway + "console/signed-out");
        browser.forgetCookies();
        browser.open(gateway + "console/?lang=en");
        browser.until("the choice", () -> browser.has("[data-person=" + userName + "]"));
        browser.press("[data-person=" + userName + "]");
        browser.until(
                "the console is open",
                () -> browser.has("main h1")
                        && !browser.has("[aria-busy=true]")
                        && browser.address().contains("/console/"));
    }
}

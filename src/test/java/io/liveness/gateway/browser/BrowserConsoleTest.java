package io.liveness.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.browser.Browser;
import io.liveness.gateway.testsupport.browser.Chromium;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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

    @Test
    void a_person_without_a_role_sees_the_missing_role() {
        signIn("nora");

        browser.awaitShown("no-role");
    }

    @Test
    void signing_out_leads_back_to_the_choice() {
        signIn("fiona");

        browser.click("sign-out");
        browser.until("signed out", () -> browser.address().contains("/console/signed-out"));
        browser.open(gateway + "console/");
        browser.until("the choice", () -> browser.has("[data-person=ada]"));
    }

    @ParameterizedTest
    @CsvSource({
        "grant_type=authorization_code&code=none&code_verifier=none, invalid_grant",
        "grant_type=refresh_token&refresh_token=none, invalid_grant",
        "grant_type=authorization_code, invalid_grant",
    })
    void tokens_are_given_for_a_choice_alone(String form, String error) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(gateway.resolve("/sandbox/sign-in/tokens"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString(form))
                                .build(),
                        BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(error);
    }

    @ParameterizedTest
    @CsvSource({
        "as/fiona?redirect_uri=https://elsewhere.example/console/callback",
        "as/fiona?redirect_uri=/console/callback",
        "as/fiona",
        "as/somebody?redirect_uri=http://localhost/",
        "out?post_logout_redirect_uri=https://elsewhere.example/",
        "out",
    })
    void codes_and_people_are_sent_to_the_gateway_alone(String path) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(gateway.resolve("/sandbox/sign-in/" + path))
                                .build(),
                        BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(400);
    }

    private void signIn(String userName) {
        browser.open(gateway + "console/signed-out");
        browser.forgetCookies();
        browser.open(gateway + "console/?lang=en");
        browser.until("the choice", () -> browser.has("[data-person=" + userName + "]"));
        browser.press("[data-person=" + userName + "]");
        browser.until(
                "the console is open",
                () -> browser.has("main h1") && browser.address().contains("/console/"));
    }
}

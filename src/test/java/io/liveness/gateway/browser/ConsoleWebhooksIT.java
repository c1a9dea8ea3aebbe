package io.liveness.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.browser.Browser;
import io.liveness.gateway.testsupport.browser.ConsolePage;
import io.liveness.gateway.testsupport.browser.ConsoleStack;
import io.liveness.gateway.testsupport.http.StubReceiver;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** Operators in the console: sessions, and endpoints of webhooks that fail or are stopped, with their deliveries. */
@Tag("long")
class ConsoleWebhooksIT {

    /** Figures are read every 15 seconds, and reported as often. */
    private static final Duration A_REPORT = Duration.ofSeconds(60);

    private static ConsoleStack stack;
    private static Browser browser;
    private static ConsolePage console;
    private static String failing;
    private static String session;

    @BeforeAll
    static void start() {
        stack = new ConsoleStack();
        browser = stack.browser();
        console = stack.console();
        StubReceiver.answers("/failing", webhook -> 500);
        StubReceiver.answers("/gone", webhook -> 410);
        stack.endpoint("/well");
        failing = stack.endpoint("/failing?key=of-the-shop");
        stack.pauseEndpoint(stack.endpoint("/paused"));
        stack.endpoint("/gone");
        session = stack.opened("pass", "order-1");
        console.signIn("otto", "webhooks?show=disabled&lang=en").awaitLoaded();
        browser.until("the attempts were made", () -> {
            console.open("webhooks?lang=en");
            return console.cells("webhooks", 7).equals(List.of("1", "0", "1"));
        });
    }

    @AfterAll
    static void end() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void an_operator_sees_the_endpoints_first_that_fail_or_are_stopped() {
        console.signIn("otto", "webhooks?lang=en").awaitLoaded();

        assertThat(console.cells("webhooks", 1)).containsOnly("shop");
        assertThat(console.cells("webhooks", 2))
                .as("newest first, without the query")
                .containsExactly(StubReceiver.at("/gone"), StubReceiver.at("/paused"), StubReceiver.at("/failing"));
        assertThat(console.cells("webhooks", 3))
                .containsExactly("Disabled\nanswered 410", "Paused\nby its owner", "Active\nfailing");
        assertThat(console.cells("webhooks", 4))
                .satisfiesExactly(
                        gone -> assertThat(gone).isNotEmpty(),
                        paused -> assertThat(paused).isEmpty(),
                        fails -> assertThat(fails).isNotEmpty());
        assertThat(console.cells("webhooks", 5)).containsExactly("HTTP 410", "", "HTTP 500");
        assertThat(console.cells("webhooks", 6)).containsExactly("0", "1", "0");
        assertThat(browser.text("state")).isEqualTo("All 3 endpoints.");
        assertThat(browser.text("runbook")).contains("liveness.webhook.allowed-hosts");
        browser.press("a[href='#runbook']");
        assertThat(browser.address()).endsWith("#runbook");
        assertThat(console.complaints()).isEmpty();
    }

    @Test
    void sessions_come_in_by_themselves_and_the_focus_stays() {
        console.signIn("otto", "sessions?lang=en").awaitLoaded();
        int before = console.cells("sessions", 1).size();
        browser.run("document.querySelector('[data-testid=sessions] tbody a').focus()");
        String focused = focused();

        stack.order("abandon", "order-" + before);

        browser.until("it is there", () -> console.cells("sessions", 1).size() == before + 1);
        assertThat(console.cells("sessions", 4)).startsWith("order-" + before);
        assertThat(focused()).isEqualTo(focused);
        browser.run("window.realFetch = window.fetch; window.fetch = () => Promise.reject(new Error('cut off'))");
        browser.awaitShown("as-of");
        assertThat(console.cells("sessions", 1)).as("what was there stays").hasSize(before + 1);
        browser.run("window.fetch = window.realFetch");
        browser.until("it goes on", () -> !browser.has("[data-testid=fault]"));
    }

    private static String focused() {
        return (String) browser.run("return document.activeElement.href");
    }

    @Test
    void a_session_that_is_stuck_is_found_from_the_home_page_in_two_clicks() {
        stack.order("abandon", "order-stuck");
        console.signIn("otto", "?lang=en").awaitLoaded();
        Patience.await("a report of it", A_REPORT).until(() -> browser.has("[data-testid=unsettled] tbody a"));

        browser.press("[data-testid=unsettled] tbody a");
        browser.until("sessions", () -> browser.has("[data-testid=sessions] tbody a"));
        browser.press("[data-testid=sessions] tbody a");

        browser.awaitShown("timeline");
        assertThat(console.timeline()).contains("Opened").doesNotContain("Verdict recorded");
        assertThat(console.complaints()).isEmpty();
    }

    @Test
    void a_check_of_health_opens_to_its_section_of_the_runbook() {
        console.signIn("otto", "health?lang=zh").awaitLoaded();

        browser.press("[data-testid=checks] summary");

        browser.until("the section", () -> browser.text("runbook").contains("含义"));
    }

    @Test
    void sessions_are_narrowed_by_what_the_address_says() {
        console.signIn("otto", "sessions?lang=en").awaitLoaded();

        browser.press("select[name=status] option[value=PASSED]");
        browser.type("[data-testid=filters] input[name=reference]", "order-1");
        browser.press("[data-testid=filters] button");

        browser.until("it alone", () -> console.cells("sessions", 4).equals(List.of("order-1")));
        assertThat(browser.address()).contains("/console/sessions?status=PASSED&reference=order-1");
        console.open("sessions?to=2020-01-01T00:00&lang=en");
        assertThat(browser.text("empty")).startsWith("No session matches these filters.");
    }

    @Test
    void one_field_finds_sessions_and_endpoints() {
        console.signIn("otto", "webhooks?lang=en").awaitLoaded();

        find("order-1");
        browser.until("the session", () -> browser.address().contains("/console/sessions/" + session));
        find(failing);
        browser.until("the endpoint", () -> browser.address().contains("/console/webhooks/" + failing));
        find("nobody's");
        browser.until("nothing", () -> browser.has("[data-testid=empty]"));
        assertThat(console.complaints()).isEmpty();
    }

    private static void find(String text) {
        browser.type("[data-testid=find]", text);
        browser.keys(Keys.ENTER);
    }

    @Test
    void filters_are_in_the_address_and_come_back_with_it() {
        console.signIn("otto", "webhooks?lang=en").awaitLoaded();

        browser.press("select[name=show] option[value=all]");
        browser.press("[data-testid=filters] button");
        browser.until("all are shown", () -> console.cells("webhooks", 2).size() == 4);
        assertThat(browser.address()).endsWith("/console/webhooks?show=all&lang=en");

        browser.back();
        browser.until(
                "those that fail are back", () -> console.cells("webhooks", 2).size() == 3);
        console.open("webhooks?show=healthy&lang=en");
        assertThat(console.cells("webhooks", 2)).containsExactly(StubReceiver.at("/well"));
        console.open("webhooks?show=paused&lang=en");
        assertThat(console.cells("webhooks", 2)).containsExactly(StubReceiver.at("/paused"));
        console.open("webhooks?caller=kiosk&lang=en");
        assertThat(browser.text("state")).isEqualTo("No endpoint matches these filters.");
        assertThat(browser.has("[data-testid=webhooks]")).isFalse();
    }

    @Test
    void an_endpoint_says_why_it_receives_nothing_and_leads_to_its_sessions() {
        console.signIn("otto", "webhooks?lang=en").awaitLoaded();

        browser.run("document.querySelectorAll('[data-testid=webhooks] tbody a')[2].focus()");
        browser.keys(Keys.ENTER);
        browser.awaitShown("deliveries");
        assertThat(browser.address()).contains("/console/webhooks/" + failing);
        assertThat(browser.text("why"))
                .startsWith("All attempts have failed since")
                .endsWith("Last error: HTTP 500.");
        assertThat(console.cells("deliveries", 4)).containsExactly("Failed");
        assertThat(console.cells("deliveries", 5)).containsExactly("2");
        assertThat(console.cells("deliveries", 6)).singleElement().asString().startsWith("HTTP 500\n");

        browser.press("select[name=status] option[value=PENDING]");
        browser.press("[data-testid=filters] button");
        browser.until("none is pending", () -> browser.text("state").equals("There are no deliveries."));
        assertThat(browser.address()).endsWith("/console/webhooks/" + failing + "?status=PENDING&lang=en");
        browser.back();
        browser.until("it is back", () -> browser.has("[data-testid=deliveries]"));
        browser.press("[data-testid=deliveries] tbody a");
        browser.until("its session", () -> browser.address().contains("/console/sessions/" + session));
        console.awaitLoaded();
        assertThat(console.timeline()).contains("Verdict recorded", "Webhook");
        assertThat(console.complaints()).isEmpty();
    }

    @Test
    void an_endpoint_that_is_unknown_is_named_as_such() {
        console.signIn("otto", "webhooks/" + session + "?lang=en").awaitLoaded();

        assertThat(browser.text("state")).isEqualTo("This endpoint does not exist.");
    }

    @Test
    void what_cannot_be_loaded_is_reported_and_asked_for_again() {
        console.signIn("otto", "webhooks?lang=en").awaitLoaded();
        browser.run(
                "window.realFetch = window.fetch; window.fetch = () => new Promise((ok, no) => { window.fail = no; })");

        browser.press("select[name=show] option[value=all]");
        browser.press("[data-testid=filters] button");
        browser.until("it loads", () -> browser.has("[data-testid=state] [aria-busy=true]"));
        browser.run("window.fail(new Error('cut off'))");
        browser.awaitShown("fault");
        assertThat(browser.text("fault")).contains("the gateway cannot be reached");
        assertThat(console.cells("webhooks", 2)).as("what was there stays").hasSize(3);
        browser.picture("console-webhooks-fault");

        browser.run("window.fetch = window.realFetch");
        browser.press("[data-testid=fault] button");
        browser.until("all are shown", () -> console.cells("webhooks", 2).size() == 4);
        assertThat(browser.has("[data-testid=fault]")).isFalse();
    }

    @Test
    void finance_is_not_led_to_endpoints() {
        console.signIn("fiona", "webhooks?lang=en");

        browser.awaitShown("not-found");
        assertThat(browser.has("[data-testid=nav-webhooks]")).isFalse();
    }
}

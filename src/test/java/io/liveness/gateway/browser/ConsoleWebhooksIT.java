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
    private static String well;
    private static String session;

    @BeforeAll
    static void start() {
        stack = new ConsoleStack();
        browser = stack.browser();
        console = stack.console();
        StubReceiver.answers("/failing", webhook -> 500);
        StubReceiver.says("/failing", "no such table");
        StubReceiver.answers("/gone", webhook -> 410);
        well = stack.endpoint("/well");
        failing = stack.endpoint("/failing?key=of-the-shop");
        stack.pauseEndpoint(stack.endpoint("/paused"));
        stack.endpoint("/gone");
        session = stack.opened("pass", "order-1");
        console.signIn("otto", "webhooks?show=paused&lang=en").awaitLoaded();
        browser.until("the attempts were made", () -> {
            console.open("webhooks?lang=en");
            return console.cells("webhooks", 7).equals(List.of("0", "0", "1"));
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
                .as("without their paths")
                .hasSize(3)
                .containsOnly(StubReceiver.at("/…"));
        assertThat(console.cells("webhooks", 3))
                .containsExactly("Paused\nanswered 410", "Paused\nby its owner", "Active\nfailing");
        assertThat(console.cells("webhooks", 4))
                .satisfiesExactly(
                        gone -> assertThat(gone).isNotEmpty(),
                        paused -> assertThat(paused).isEmpty(),
                        fails -> assertThat(fails).isNotEmpty());
        assertThat(console.cells("webhooks", 5)).containsExactly("HTTP 410", "", "HTTP 500");
        assertThat(console.cells("webhooks", 6)).containsExactly("1", "1", "0");
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

        stack.order("abandon", "live-" + before);

        browser.until("it is there", () -> console.cells("sessions", 1).size() == before + 1);
        assertThat(console.cells("sessions", 4)).startsWith("live-" + before);
        assertThat(focused()).isEqualTo(focused);
        browser.run("window.realFetch = window.fetch; window.fetch = () => Promise.reject(new Error('cut off'))");
        browser.awaitShown("as-of");
        assertThat(console.cells("sessions", 1)).as("what was there stays").hasSize(before + 1);
        browser.run("window.fetch = window.realFetch");
        browser.until("it goes on", () -> !browser.has("[data-testid=fault]"));

        browser.run("const { timeout } = AbortSignal; window.realTimeout = timeout;"
                + " AbortSignal.timeout = () => timeout.call(AbortSignal, 50);");
        console.answerNext(
                "new Promise((none, fail) => sent[1].signal.addEventListener('abort', ({ target }) => fail(target.reason)))");
        browser.run("document.dispatchEvent(new Event('visibilitychange'))");
        browser.awaitShown("as-of");
        browser.run("AbortSignal.timeout = window.realTimeout; document.dispatchEvent(new Event('visibilitychange'))");
        browser.until("it asks after an answer that does not come", () -> !browser.has("[data-testid=fault]"));
    }

    private static String focused() {
        return (String) browser.run("return document.activeElement.href");
    }

    @Test
    void a_session_that_is_stuck_is_found_from_the_home_page_in_two_clicks() {
        stack.order("abandon", "order-stuck");
        console.signIn("otto", "?lang=en").awaitLoaded();
        pressWhatIsUnsettled("?lang=en");

        browser.press("[data-testid=sessions] tbody a");

        browser.awaitShown("timeline");
        assertThat(console.timeline()).contains("Opened").doesNotContain("Verdict recorded");
        assertThat(console.complaints()).isEmpty();
    }

    /** A report from before the order tells of sessions that are over by now: the list of these is empty. */
    private static void pressWhatIsUnsettled(String page) {
        Patience.await("a report of it", A_REPORT).until(() -> {
            console.open(page).awaitLoaded();
            if (!browser.has("[data-testid=unsettled] tbody a")) {
                return false;
            }
            browser.press("[data-testid=unsettled] tbody a");
            browser.until("their list", () -> browser.address().contains("/sessions?"));
            console.awaitLoaded();
            return browser.has("[data-testid=sessions] tbody a");
        });
    }

    @Test
    void who_is_of_finance_too_finds_a_session_that_is_stuck_from_the_month_in_three_clicks() {
        stack.order("abandon", "order-stuck-too");
        console.signIn("bea", "?lang=en").awaitLoaded();
        assertThat(browser.has("[data-testid=steps]")).as("the month").isTrue();

        browser.click("nav-health");
        console.awaitLoaded();
        pressWhatIsUnsettled("health?lang=en");
        browser.press("[data-testid=sessions] tbody a");

        browser.awaitShown("timeline");
        assertThat(console.timeline()).contains("Opened", "Pre-deduction").doesNotContain("Verdict recorded");
        assertThat(console.complaints()).isEmpty();
    }

    @Test
    void a_session_is_asked_for_again_while_a_webhook_is_to_be_sent() {
        console.signIn("otto", "sessions/" + session + "?lang=en").awaitLoaded();

        assertThat(console.timeline()).contains("Verdict recorded");
        assertThat(browser.text("timeline")).contains("Pending");
        assertThat(console.asksAgain()).isTrue();
    }

    @Test
    void who_sees_personal_data_has_each_read_recorded_and_asks_by_hand() {
        console.signIn("dora", "sessions?lang=en").awaitLoaded();
        assertThat(browser.text("liveness")).contains("operator-data", "recorded");
        assertThat(console.asksAgain()).isFalse();

        console.open("sessions/" + session + "?lang=en");
        assertThat(console.timeline()).contains("Metadata and return address read");
        assertThat(console.asksAgain()).isFalse();
    }

    @Test
    void a_check_of_health_opens_to_its_section_of_the_runbook() {
        console.signIn("otto", "health?lang=zh").awaitLoaded();

        browser.press("[data-testid=healthRight] summary");

        browser.until("the section", () -> browser.text("runbook").contains("含义"));
    }

    @Test
    void while_the_database_is_away_health_says_so_and_what_to_do_and_of_when_the_rest_is() {
        console.signIn("otto", "health?lang=en").awaitLoaded();

        console.loseDatabase();

        browser.awaitShown("as-of");
        assertThat(browser.text("why")).contains("cannot read its database", "do not restart replicas", "patronictl");
        assertThat(browser.findAll("replicas", "tbody tr"))
                .as("what was there stays")
                .isNotEmpty();
        assertThat(browser.text("state")).isEmpty();
        browser.picture("console-health-away");
    }

    @Test
    void when_the_vendor_refuses_all_that_stands_first_with_what_to_do() {
        for (int i = 0; i < 20; i++) {
            stack.order("code-601", "order-refused-" + i);
        }
        console.signIn("otto", "health?lang=en").awaitLoaded();
        Patience.await("a report of it", A_REPORT)
                .until(() -> browser.has("[data-testid=healthWrong]")
                        && browser.text("healthWrong").contains("Calls to the vendor that fail"));

        assertThat(browser.text("why")).endsWith("to act on now.");
        assertThat(browser.text("healthWrong")).contains("Account or address refused by the vendor");
        assertThat(browser.text("vendor")).contains("601", "The product is not enabled");
        browser.press("[data-testid=healthWrong] summary");
        browser.awaitShown("runbook");
        browser.picture("console-health-vendor");
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
        assertThat(console.cells("webhooks", 3)).containsExactly("Active");
        console.open("webhooks?show=paused&lang=en");
        assertThat(console.cells("webhooks", 3)).containsExactly("Paused\nanswered 410", "Paused\nby its owner");
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
        browser.press("[data-testid=details] summary");
        browser.awaitShown("attempts");
        assertThat(browser.text("attempts"))
                .as("who is not its owner sees no answer")
                .matches("(?s)HTTP 500\n.*HTTP 500\n.*")
                .doesNotContain("no such table");
        assertThat(browser.has("[data-testid=body]")).isFalse();

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
    void an_operator_pauses_an_endpoint_and_resumes_it() {
        console.signIn("otto", "webhooks/" + well + "?lang=en").awaitLoaded();

        browser.click("pause");
        browser.click("confirm");
        browser.until("it is paused", () -> browser.text("why").startsWith("An operator paused it."));
        browser.click("resume");
        browser.click("confirm");

        browser.until("it is active", () -> browser.text("why").startsWith("The endpoint is active"));
        assertThat(console.complaints()).isEmpty();
    }

    @Test
    void an_endpoint_that_is_unknown_is_named_as_such() {
        console.signIn("otto", "webhooks/" + session + "?lang=en").awaitLoaded();

        assertThat(browser.text("empty")).startsWith("This endpoint does not exist.");
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

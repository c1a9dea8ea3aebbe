package io.liveness.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.browser.Browser;
import io.liveness.gateway.testsupport.browser.ConsolePage;
import io.liveness.gateway.testsupport.browser.ConsoleStack;
import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** People sign in to the console at a real Keycloak, and find why a fee was charged. */
@Tag("long")
class ConsoleIT {

    private static final Duration SESSION_ENDS = Duration.ofSeconds(60);

    private static ConsoleStack stack;
    private static Browser browser;
    private static ConsolePage console;
    private static String charged;

    @BeforeAll
    static void start() {
        stack = new ConsoleStack();
        browser = stack.browser();
        console = stack.console();
        charged = stack.opened("pass", "order-1");
        stack.opened("fail", "order-2");
        stack.opened("abandon", "order-3");
        stack.order("drop-after-fee", "order-4");
    }

    @AfterAll
    static void end() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void finance_signs_in_and_finds_why_a_fee_was_charged() {
        console.signIn("fiona", "charges?status=CHARGED&lang=en").awaitLoaded();

        assertThat(browser.address()).endsWith("/console/charges?status=CHARGED&lang=en");
        assertThat(browser.text("person")).isEqualTo("Fiona Finance");
        assertThat(console.cells("charges", 3)).containsExactly("Charged");
        browser.press("[data-testid=charges] tbody a");
        browser.awaitShown("why");
        assertThat(browser.address()).contains("/console/sessions/" + charged);
        assertThat(browser.text("why")).contains("verdict 200");
        assertThat(console.timeline())
                .containsExactlyInAnyOrder(
                        "Opening started",
                        "Opened",
                        "Pre-deduction",
                        "Asked for the verdict",
                        "Verdict recorded",
                        "Charge");
        assertThat(console.complaints()).isEmpty();
    }

    @Test
    void finance_finds_a_fee_by_the_reference_of_its_session() {
        console.signIn("fiona", "?lang=en").awaitLoaded();

        browser.type("[data-testid=find]", "order-1");
        browser.keys(Keys.ENTER);

        browser.until("its session", () -> browser.address().contains("/console/sessions/" + charged));
        browser.awaitShown("why");
        assertThat(browser.has("[data-testid=nav-sessions]")).isFalse();
    }

    @Test
    void filters_are_in_the_address_and_come_back_with_it() {
        console.signIn("fiona", "charges?lang=en").awaitLoaded();
        assertThat(console.cells("charges", 2)).hasSize(4).containsOnly("shop");

        browser.press("select[name=status] option[value=REFUNDED]");
        browser.press("[data-testid=filters] button");
        browser.until("one is left", () -> console.cells("charges", 3).equals(List.of("Refunded")));

        assertThat(browser.address()).endsWith("/console/charges?status=REFUNDED&lang=en");
        browser.back();
        browser.until("all are back", () -> console.cells("charges", 3).size() == 4);
        assertThat(browser.run("return document.querySelector('select[name=status]').value"))
                .isEqualTo("");

        browser.run("window.fetch = async () => Response.json({ items: [], nextPageToken: 'further' })");
        browser.press("[data-testid=filters] button");
        browser.until("none of the first", () -> console.cells("charges", 3).isEmpty());
        console.awaitLoaded();
        assertThat(browser.text("state")).isEqualTo("0 charges shown.");
        assertThat(browser.shows("empty")).isFalse();
    }

    @Test
    void sums_are_drawn_and_stand_in_a_table_and_lead_to_their_charges() {
        console.signIn("fiona", "?lang=en").awaitLoaded();

        assertThat(browser.find("chart").getDomAttribute("aria-label"))
                .contains("charged 0.80 CNY", "refunded 0.80 CNY", "open 0.80 CNY", "unconfirmed 0.80 CNY");
        assertThat(browser.has("[data-testid=chart] canvas")).isTrue();
        assertThat(browser.findAll("summary", "tfoot td").get(0).getText()).contains("3.20", "4 fees");
        assertThat(browser.find("payable").getText()).contains("0.80 CNY");
        assertThat(browser.text("tile-preDeducted")).contains("3.20 CNY", "4 fees");
        assertThat(browser.text("tile-unconfirmed")).contains("0.80 CNY", "1 fee");
        assertThat(browser.text("steps")).contains("The month is over", "It ends at ");
        assertThat(browser.text("near")).contains("shop", "120%");
        browser.press("[data-testid=summary] tbody a");
        browser.until("the day's charges", () -> console.cells("charges", 3).size() == 4);
    }

    @Test
    void what_the_checks_do_is_shown_against_the_time_before_and_leads_to_the_sessions_of_a_caller() {
        console.signIn("fiona", "?lang=en").awaitLoaded();
        browser.click("nav-checks");
        browser.awaitShown("funnel");

        assertThat(browser.text("tile-opened")).contains("4", "1 pending");
        assertThat(browser.text("tile-completion")).contains("25.0%", "few sessions", "1 of 4");
        assertThat(browser.text("tile-passRate")).contains("100.0%", "1 of 1");
        assertThat(browser.text("tile-cost")).contains("0.80 CNY");
        assertThat(browser.text("tile-refused")).contains("1", "0 refused, 1 lost");
        assertThat(console.cells("funnel", 2)).containsExactly("4", "4", "1", "1");
        assertThat(console.cells("funnel", 4).get(1).replaceAll("[\\h\\v]+", " "))
                .isEqualTo("Check not possible ? 1 Answer lost ? 1 Pending ? 1");
        assertThat(console.cells("callers", 1)).containsExactly("shop");
        assertThat(
                        browser.run(
                                "return document.querySelector('[aria-label*=\"time to a verdict\"]').parentElement.textContent"))
                .asString()
                .as("of a day without one")
                .contains("–");
        browser.resize(390, 900);
        browser.until(
                "few sessions are no wider than a phone",
                () -> (Long) browser.run("return document.documentElement.scrollWidth") <= 390);
        browser.resize(1280, 900);

        browser.press("select[name=period] option[value='7']");
        browser.type("[data-testid=filters] [name=caller]", "nobody");
        browser.press("[data-testid=filters] button");
        browser.awaitShown("empty");
        assertThat(browser.address()).contains("period=7", "caller=nobody");
        browser.back();
        browser.awaitShown("callers");
        browser.press("[data-testid=callers] tbody a");
        browser.until("the caller's charges", () -> console.cells("charges", 3).size() == 4);
        assertThat(console.complaints()).isEmpty();
    }

    @Test
    void how_long_ago_something_was_is_renewed_by_one_interval_while_it_is_shown() {
        console.signIn("fiona", "charges?lang=en").awaitLoaded();

        assertThat(browser.run("""
                return Promise.all(['kit', 'html'].map((name) => import(`/console/static/${name}.js`))).then(async ([{ When }, { html, render }]) => {
                    const intervals = [];
                    const place = document.createElement('div');
                    const at = new Date().toISOString();
                    const { setInterval, clearInterval } = window;
                    const now = Date.now;
                    window.setInterval = (act) => intervals.push(act);
                    window.clearInterval = (id) => delete intervals[id - 1];
                    render(html`<${When} at=${at} relative /> <${When} at=${at} relative />`, place);
                    Date.now = () => now() + 300_000;
                    intervals.forEach((act) => act());
                    await Promise.resolve();
                    const said = place.textContent;
                    render(null, place);
                    Object.assign(window, { setInterval, clearInterval });
                    Date.now = now;
                    return [said, intervals.length, Object.keys(intervals).length].join();
                });""")).isEqualTo("5 min ago 5 min ago,1,0");
    }

    @Test
    void an_address_of_no_month_is_not_found() {
        console.signIn("fiona", "periods/nonsense?lang=en");

        browser.awaitShown("not-found");
    }

    @Test
    void open_fees_and_budgets_are_shown() {
        console.signIn("fiona", "open?lang=en").awaitLoaded();
        assertThat(console.cells("open", 1)).isNotEmpty();

        browser.click("nav-budgets");
        browser.until("both budgets", () -> console.cells("budgets", 1).equals(List.of("kiosk", "shop")));
        assertThat(console.cells("budgets", 6)).containsExactly("Opens are refused", "Warns only");
    }

    @Test
    void a_session_that_ends_in_the_middle_of_work_leaves_the_page_as_it_is() {
        console.signIn("fiona", "charges?lang=en").awaitLoaded();
        browser.type("input[name=taskNo]", "typed-before");
        stack.keycloak().signOut("fiona");

        Patience.await("the session to end", SESSION_ENDS).until(() -> {
            browser.run("document.querySelector('[data-testid=filters]').requestSubmit()");
            return browser.shows("signed-out");
        });
        browser.type("input[name=costCentre]", "typed-after");
        browser.picture("console-session-ended");
        browser.click("sign-in-again");
        browser.inSecondWindow(() -> console.giveName("fiona"));

        browser.until(
                "the page goes on",
                () -> !browser.shows("signed-out") && browser.text("state").equals("No charge matches these filters."));
        assertThat(browser.run("return [...document.querySelectorAll('input')].map((input) => input.value)"))
                .asInstanceOf(LIST)
                .contains("typed-before", "typed-after");
    }

    @Test
    void signing_out_ends_the_session_here_and_at_the_issuer() {
        console.signIn("fiona", "?lang=en").awaitLoaded();
        String cookies = console.cookies();
        assertThat(cookies).contains("q_session_console");

        browser.click("person-menu");
        browser.click("sign-out");
        browser.until("signed out", () -> browser.address().contains("/console/signed-out"));

        browser.open(stack.url() + "/console/");
        browser.until("the issuer asks anew", () -> browser.has("#username"));
    }

    @Test
    void a_session_that_ends_at_the_issuer_ends_here_with_the_next_request() {
        stack.keycloak().tellSignOutsTo(stack.url() + "/console/back-channel-sign-out");
        console.signIn("fiona", "?lang=en").awaitLoaded();
        String cookies = console.cookies();
        assertThat(send(with(cookies, "/console/v1/charges")).statusCode()).isEqualTo(200);

        stack.keycloak().signOut("fiona");

        assertThat(send(with(cookies, "/console/v1/charges")).statusCode()).isEqualTo(401);
        // An empty address stops sign-outs from being told: other tests see the session end by its refresh.
        stack.keycloak().tellSignOutsTo("");
    }

    @Test
    void a_sign_out_that_is_not_signed_by_the_issuer_is_refused() {
        HttpRequest.Builder forged = HttpRequest.newBuilder(URI.create(stack.url() + "/console/back-channel-sign-out"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("logout_token=e30.e30.e30"));

        assertThat(send(forged).statusCode()).isEqualTo(400);
    }

    @Test
    void a_sign_out_whose_body_comes_apart_from_its_head_is_answered() throws Exception {
        URI address = URI.create(stack.url() + "/console/back-channel-sign-out");
        try (Socket issuer = new Socket(address.getHost(), address.getPort())) {
            issuer.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
            issuer.setTcpNoDelay(true);
            issuer.getOutputStream()
                    .write(("POST " + address.getPath() + " HTTP/1.1\r\nHost: " + address.getAuthority()
                                    + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 24\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            // The request's head has come once another request was answered.
            assertThat(statusOf("shop")).isEqualTo(200);
            issuer.getOutputStream().write("logout_token=e30.e30.e30".getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(issuer.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 400");
        }
    }

    @Test
    void a_client_with_the_role_lists_sessions_and_others_do_not() {
        assertThat(statusOf("shop")).isEqualTo(200);
        assertThat(statusOf("without-roles")).isEqualTo(403);
        assertThat(statusOf("of-another-service")).isEqualTo(401);
    }

    private static int statusOf(String client) {
        return send(HttpRequest.newBuilder(URI.create(stack.url() + "/v1/liveness-sessions"))
                        .header("Authorization", "Bearer " + stack.keycloak().accessToken(client)))
                .statusCode();
    }

    @Test
    void a_person_without_a_role_sees_the_missing_role() {
        console.signIn("nora", "?lang=en");

        browser.awaitShown("no-role");
        assertThat(browser.text("no-role")).contains("Nora Nothing", "finance");
        assertThat(browser.has("nav a")).isFalse();
    }

    @Test
    void an_operator_sees_a_session_without_its_ledger() {
        console.signIn("otto", "sessions/" + charged + "?lang=en").awaitLoaded();

        assertThat(console.timeline()).contains("Verdict recorded").doesNotContain("Pre-deduction", "Charge");
        assertThat(browser.has("[data-testid=nav-charges]")).isFalse();
    }

    @Test
    void a_cookie_gives_access_only_to_the_console_and_only_from_its_own_pages() {
        console.signIn("fiona", "?lang=en").awaitLoaded();
        String cookies = console.cookies();

        assertThat(browser.cookies()).allSatisfy(cookie -> {
            assertThat(cookie.isHttpOnly()).isTrue();
            assertThat(cookie.isSecure()).isTrue();
            assertThat(cookie.getSameSite()).isEqualTo("Lax");
            assertThat(cookie.getPath()).isEqualTo("/console");
        });
        assertThat(send(with(cookies, "/console/v1/charges")).statusCode()).isEqualTo(200);
        assertThat(send(with(cookies, "/console/v1/charges")).headers().firstValue("X-Request-Id"))
                .isPresent();
        assertThat(send(with(cookies, "/v1/charges")).statusCode()).isEqualTo(401);
        assertThat(send(with(cookies, "/v1/budgets/console")).statusCode()).isEqualTo(401);
        assertThat(gatewayStatus("/console/v1/charges")).isEqualTo(401);
        assertThat(send(with(cookies, "/console/v1/charges").header("Sec-Fetch-Site", "cross-site"))
                        .statusCode())
                .isEqualTo(403);
        HttpRequest.Builder change = with(cookies, "/console/v1/budgets/shop")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"amount\":{\"value\":\"1.00\",\"currency\":\"CNY\"}}"));
        HttpResponse<String> foreign = send(change.copy());
        HttpResponse<String> own = send(change.copy().header("X-Console-Request", "1"));
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(new JsonObject(foreign.body()).getString("instance")).isEqualTo("/console/v1/budgets/shop");
        assertThat(own.statusCode()).as("the role is asked for there").isEqualTo(403);
        assertThat(new JsonObject(own.body()).getString("instance")).isEqualTo("/v1/budgets/shop");
    }

    @Test
    void an_act_of_a_person_is_recorded_with_the_name() {
        console.signIn("ada", "budgets?lang=en").awaitLoaded();
        String cookies = console.cookies();

        HttpResponse<String> set = send(with(cookies, "/console/v1/budgets/stall")
                .header("Content-Type", "application/json")
                .header("X-Console-Request", "1")
                .PUT(BodyPublishers.ofString("{\"amount\":{\"value\":\"1.00\",\"currency\":\"CNY\"}}")));
        HttpResponse<String> taken = send(with(cookies, "/console/v1/budgets/stall")
                .header("X-Console-Request", "1")
                .DELETE());
        HttpResponse<String> recorded = send(with(cookies, "/console/v1/audit?who=console/ada"));

        assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
        assertThat(new JsonObject(set.body()).getString("setBy")).isEqualTo("console/ada");
        assertThat(taken.statusCode()).isEqualTo(204);
        assertThat(new JsonObject(recorded.body()).getJsonArray("items"))
                .map(entry -> ((JsonObject) entry).getString("what"))
                .containsExactly("budget-removed", "budget-set");
    }

    @Test
    void the_side_bar_stands_beside_the_page_and_none_of_its_lines_wraps() {
        console.signIn("ada", "?lang=en").awaitLoaded();

        assertThat(browser.run("return [...document.querySelectorAll('.side a, .top')].map((one) => one.offsetHeight)"))
                .asInstanceOf(LIST)
                .hasSizeGreaterThan(5)
                .allSatisfy(height -> assertThat((Long) height).isBetween(24L, 60L));
        assertThat(browser.find("drawer").isDisplayed()).isFalse();
    }

    @Test
    void on_a_phone_the_side_bar_is_a_drawer_that_the_keyboard_opens_and_closes() {
        browser.resize(390, 900);
        console.signIn("ada", "?lang=en").awaitLoaded();
        assertThat(browser.find("nav-charges").isDisplayed()).isFalse();

        browser.run("document.querySelector('[data-testid=drawer]').focus()");
        browser.keys(Keys.ENTER);
        browser.awaitShown("nav-charges");
        browser.keys(Keys.ESCAPE);
        browser.until("it is closed", () -> !browser.shows("nav-charges"));
        browser.keys(Keys.ENTER, Keys.TAB);
        assertThat(browser.focused())
                .as("its first line")
                .isEqualTo(browser.run("return document.querySelector('.side a').innerText"));
        browser.run("document.querySelector('[data-testid=nav-charges]').focus()");
        browser.keys(Keys.ENTER);

        browser.until("the page", () -> browser.focused().equals("Charges"));
        assertThat(browser.shows("nav-charges")).isFalse();
        browser.resize(1280, 900);
    }

    @Test
    void days_and_months_are_written_as_people_write_them() {
        console.signIn("fiona", "budgets?lang=en").awaitLoaded();
        assertThat(dates()).isEqualTo("30 Nov 2026, November 2026, 30 Nov, 1 – 30 Nov 2026, shop");

        console.open("budgets?lang=zh");
        console.awaitLoaded();
        assertThat(dates()).isEqualTo("2026年11月30日, 2026年11月, 11月30日, 2026/11/1 – 2026/11/30, shop");
    }

    @Test
    void a_rate_changes_by_points_and_a_number_by_a_share() {
        console.signIn("fiona", "budgets?lang=en").awaitLoaded();

        assertThat(
                        browser.run(
                                "return Promise.all([import('/console/static/views/checks.js'), import('/console/static/format.js')]).then(([{ change }, { changeOf, pointsOf }]) => "
                                        + "[pointsOf(change(0.84, 0.8, true, true).by), changeOf(change(105, 100).by)].join(', '))"))
                .isEqualTo("+4 pts, +5%");
    }

    private static String dates() {
        Object dates = browser.run(
                "return import('/console/static/format.js').then(({ dateText, shortDateText, span }) => [dateText('2026-11-30'), dateText('2026-11'), "
                        + "shortDateText('2026-11-30'), span('2026-10-31T16:00:00Z', '2026-11-30T16:00:00Z'), dateText('shop')].join(', '))");
        return dates.toString().replaceAll("\\h", " ");
    }

    private static HttpRequest.Builder with(String cookies, String path) {
        return request(path).header("Cookie", cookies);
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(stack.url() + path));
    }

    private static int gatewayStatus(String path) {
        return send(request(path)).statusCode();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        return stack.send(request);
    }
}

package io.liveness.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.browser.Browser;
import io.liveness.gateway.testsupport.browser.ConsolePage;
import io.liveness.gateway.testsupport.browser.ConsolePage.Look;
import io.liveness.gateway.testsupport.browser.ConsoleStack;
import io.liveness.gateway.testsupport.http.StubReceiver;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every page of the console: its pictures, its accessibility, its weight, how soon it is painted. */
@Tag("long")
class ConsolePagesIT {

    /** A further page is a line here. */
    private static final List<Page> PAGES = List.of(
            new Page("ada", "checks"),
            new Page("ada", "checks?caller=nobody"),
            new Page("ada", "home"),
            new Page("ada", "home?by=month"),
            new Page("ada", "charges"),
            new Page("ada", "charges?taskNo=none"),
            new Page("ada", "open"),
            new Page("ada", "budgets"),
            new Page("ada", "statements"),
            new Page("ada", "statements/{bill}"),
            new Page("ada", "import", ConsolePagesIT::chooseBill),
            new Page("ada", "differences/{bill}"),
            new Page("ada", "periods/{month}"),
            new Page("ada", "audit"),
            new Page("ada", "sessions/{session}"),
            new Page("ada", "nowhere"),
            new Page("otto", "checks?period=7"),
            new Page("otto", "health", ConsolePagesIT::openSection),
            new Page("otto", "sessions"),
            new Page("otto", "sessions/{session}"),
            new Page("ada", "find?text=none"),
            new Page("otto", "webhooks"),
            new Page("otto", "webhooks/{endpoint}"),
            new Page("nora", ""),
            new Page("nora", "signed-out"));

    /** What a page may come to: its questions, what failed, the end of the session. The query only names its picture. */
    private static final List<Page> STATES = List.of(
            new Page("ada", "differences/{bill}?kind=AMOUNT_DIFFERS&state=OPEN&a=accept", () -> byKey("a")),
            new Page("ada", "differences/{bill}?kind=AMOUNT_DIFFERS&state=OPEN&a=note", () -> byKey("n")),
            new Page("ada", "differences/{bill}?kind=MISSING_IN_LEDGER", () -> byKey("m")),
            new Page("ada", "differences/{bill}?state=PROPOSED&a=confirm", () -> byKey("c")),
            new Page("ada", "differences/{bill}?state=PROPOSED&a=unaccept", () -> byKey("u")),
            new Page("ada", "differences/{bill}?kind=AMOUNT_DIFFERS&state=OPEN&a=opened", ConsolePagesIT::openFirst),
            new Page("ada", "differences/{bill}?a=all", () -> asks("accept-fitting")),
            new Page("ada", "differences/{bill}?state=PROPOSED&a=all", () -> asks("confirm-fitting")),
            new Page("ada", "statements/{bill}?a=withdraw", () -> asks("withdraw")),
            new Page("ada", "periods/{earlier}?a=soft-close", () -> asks("soft-close")),
            new Page("ada", "statements/none?a=failed", ConsolePagesIT::failed),
            new Page("ada", "charges?caller=ended", ConsolePagesIT::endSession));

    private static final Pattern VIEW = Pattern.compile("\\{ name: '(\\w+)',(.*) }");

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final LocalDate TODAY = LocalDate.now(ZONE);
    private static final int DAYS = 26;
    private static final int MOST_ROWS = 200;
    private static final long MOST_BYTES = 250_000;
    private static final double LATEST_PAINT_MILLIS = 1000;
    private static final int TRIES = 3;

    @TempDir
    static Path folder;

    private static ConsoleStack stack;
    private static Browser browser;
    private static ConsolePage console;
    private static Map<String, String> places;

    /** @param path with places in braces, such as {bill}; prepare is done there before it is looked at */
    private record Page(String person, String path, Runnable prepare) {

        Page(String person, String path) {
            this(person, path, () -> {});
        }

        String address() {
            return places.entrySet().stream()
                    .reduce(path, (text, place) -> text.replace(place.getKey(), place.getValue()), (one, other) -> one);
        }

        static List<Page> of(String person) {
            return PAGES.stream().filter(page -> page.person.equals(person)).toList();
        }

        static Map<String, Runnable> prepared(List<Page> pages) {
            return pages.stream().collect(Collectors.toMap(Page::address, Page::prepare));
        }
    }

    @BeforeAll
    static void start() throws SQLException, IOException {
        stack = new ConsoleStack();
        browser = stack.browser();
        console = stack.console();
        StubReceiver.answers("/failing", webhook -> 500);
        StubReceiver.answers("/gone", webhook -> 410);
        String endpoint = stack.endpoint("/failing");
        stack.endpoint("/well");
        stack.endpoint("/gone");
        String session = stack.opened("pass", "order-1");
        stack.opened("fail", "order-2");
        stack.opened("abandon", "order-3");
        stack.order("drop-after-fee", "order-4");
        for (int i = 5; i <= 9; i++) {
            stack.opened("pass", "order-" + i);
        }
        for (int day = 2; day <= DAYS; day++) {
            for (int fee = 0; fee <= 6 + day * day % 5; fee++) {
                stack.charged(
                        TODAY.minusDays(day).atTime(9 + fee, 0).atZone(ZONE).toInstant());
            }
        }
        stack.charged(TODAY.minusMonths(2).atTime(12, 0).atZone(ZONE).toInstant());
        console.signIn("ada", "budgets?lang=en").awaitLoaded();
        places = Map.of(
                "{session}",
                session,
                "{endpoint}",
                endpoint,
                "{bill}",
                imported(),
                "{month}",
                TODAY.toString().substring(0, 7),
                "{earlier}",
                TODAY.minusMonths(2).toString().substring(0, 7));
        propose(places.get("{bill}"));
    }

    @AfterAll
    static void end() {
        if (stack != null) {
            stack.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada", "otto", "nora"})
    void every_page_keeps_the_rules_of_accessibility_in_both_languages_and_colours(String person) {
        console.signIn(person, "?lang=en").awaitLoaded();

        console.assertAccessible(Page.prepared(Page.of(person)), Look.PAIRS);
    }

    @Test
    void so_do_questions_and_what_failed() {
        console.signIn("ada", "?lang=en").awaitLoaded();

        console.assertAccessible(Page.prepared(STATES), Look.TWO);
    }

    @Test
    void every_view_is_among_the_pages() throws IOException {
        List<String> views = new ArrayList<>();
        VIEW.matcher(Files.readString(Path.of("src/main/resources/console/static/app.js")))
                .results()
                .forEach(view -> {
                    String person = view.group(2).contains("['operator']") ? "otto" : "ada";
                    if (view.group(2).contains(" view: ")) views.add(person + " " + view.group(1));
                    if (view.group(2).contains(" one: ")) views.add(person + " " + view.group(1) + "/");
                });
        List<String> shown = PAGES.stream()
                .map(page ->
                        page.person + " " + page.path.replaceAll("[?].*", "").replaceAll("/.*", "/"))
                .toList();

        assertThat(views).hasSizeGreaterThan(15);
        assertThat(shown).containsAll(views);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada", "otto"})
    void every_page_is_small_and_soon_painted(String person) {
        console.signIn(person, "?lang=en").awaitLoaded();
        SoftAssertions all = new SoftAssertions();
        for (Page page : Page.of(person)) {
            ConsolePage.Load load = load(page);
            all.assertThat(load.bytes()).as(page.path + ": bytes").isBetween(20_000L, MOST_BYTES);
            all.assertThat(load.paintMillis()).as(page.path + ": first paint").isLessThan(LATEST_PAINT_MILLIS);
        }
        all.assertAll();
    }

    /** A slow page is loaded again, because the machine may have been busy. */
    private static ConsolePage.Load load(Page page) {
        ConsolePage.Load load = console.load(page.address());
        for (int tries = 1; tries < TRIES && load.paintMillis() >= LATEST_PAINT_MILLIS; tries++) {
            load = console.load(page.address());
        }
        return load;
    }

    @Test
    void a_long_list_has_no_more_than_200_rows_in_the_document() {
        console.signIn("ada", "charges?lang=en").awaitLoaded();
        for (int rows = rows(); rows < MOST_ROWS; rows = rows()) {
            int before = rows;
            browser.click("more");
            browser.until("more rows", () -> rows() > before);
        }
        assertThat(rows()).isEqualTo(MOST_ROWS);

        browser.click("more");
        browser.until("those that follow", () -> rows() < MOST_ROWS);
        assertThat(browser.text("state")).doesNotStartWith("All");
        browser.click("fromTheFirst");
        browser.until("the first", () -> !browser.shows("fromTheFirst"));
        console.awaitLoaded();
        assertThat(browser.shows("more")).isTrue();
    }

    @Test
    void sessions_of_more_than_a_page_go_on_at_an_address_that_keeps_still() {
        console.signIn("otto", "sessions?lang=en").awaitLoaded();
        assertThat(browser.text("liveness")).contains("every five seconds");
        assertThat(browser.text("state")).isEqualTo("100 sessions on this page.");
        String newest = console.cells("sessions", 1).get(0);

        browser.click("older");
        browser.until("those that follow", () -> !console.cells("sessions", 1).contains(newest));
        assertThat(browser.address()).contains("page=");
        assertThat(browser.text("liveness")).contains("older sessions");
        assertThat(console.asksAgain()).isFalse();

        browser.press("main .actions a");
        browser.until("the newest", () -> console.cells("sessions", 1).get(0).equals(newest));
        assertThat(console.asksAgain()).isTrue();
    }

    private static void byKey(String key) {
        browser.run("document.querySelector('[data-testid=differences] .plain').focus()");
        browser.keys(key);
        browser.awaitShown("dialog");
    }

    private static void openFirst() {
        browser.press("[data-testid=differences] .plain");
        browser.awaitShown("opened");
    }

    private static void asks(String button) {
        browser.click(button);
        browser.awaitShown("dialog");
    }

    private static void failed() {
        browser.awaitShown("fault");
        assertThat(console.complaints()).as("of what is not there").isNotEmpty();
    }

    private static void endSession() {
        browser.run("window.fetch = async () => new Response('', { status: 401 })");
        browser.press("[data-testid=filters] button");
        browser.awaitShown("signed-out");
    }

    private static int rows() {
        return browser.findAll("charges", "tbody tr").size();
    }

    private static void openSection() {
        browser.press("[data-testid=healthRight] summary");
        browser.awaitShown("runbook");
    }

    private static void chooseBill() {
        browser.upload("input[type=file]", folder.resolve("bill.csv"));
        browser.awaitShown("checked");
        browser.click("new-mapping");
    }

    /** Imports a bill with two dearer lines, two unknown ones, and one that is missing. */
    private static String imported() throws IOException {
        List<String> lines = new ArrayList<>(stack.bill());
        lines.set(1, lines.get(1).replace("0.80", "0.82"));
        lines.set(2, lines.get(2).replaceFirst("^[0-9]{4}", "9999"));
        lines.set(5, lines.get(5).replace("0.80", "1.80"));
        lines.remove(3);
        lines.add("0434" + "9".repeat(20) + "," + TODAY.minusDays(1) + " 03:07:11,实扣,0.80");
        Files.write(folder.resolve("bill.csv"), lines);
        return sent(request("statements?fileName=bill.csv&from=" + beginOf(TODAY.minusDays(1)) + "&to="
                                + beginOf(TODAY.plusDays(2)))
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString(String.join("\n", lines))))
                .getString("id");
    }

    /** The dearest line takes two people to accept. */
    private static void propose(String bill) {
        String differences = "statements/" + bill + "/differences";
        String dearest = sent(request(differences + "?kind=AMOUNT_DIFFERS")).getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(item ->
                        item.getJsonObject("adjustment").getString("value").equals("1.00"))
                .map(item -> item.getString("id"))
                .findFirst()
                .orElseThrow();
        sent(request(differences + "/" + dearest + "/accept")
                .header("Idempotency-Key", dearest)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"reason\": \"as the vendor says\"}")));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(stack.url() + "/console/v1/" + path))
                .header("Cookie", console.cookies())
                .header("X-Console-Request", "1");
    }

    private static JsonObject sent(HttpRequest.Builder request) {
        HttpResponse<String> answer = stack.send(request);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return new JsonObject(answer.body());
    }

    private static String beginOf(LocalDate day) {
        return day.atStartOfDay(ZONE).toInstant().toString();
    }
}

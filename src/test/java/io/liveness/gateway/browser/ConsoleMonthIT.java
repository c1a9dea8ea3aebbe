package io.liveness.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.DemoServer;
import io.liveness.gateway.testsupport.browser.Browser;
import io.liveness.gateway.testsupport.browser.ConsolePage;
import io.liveness.gateway.testsupport.browser.ConsolePage.Look;
import io.liveness.gateway.testsupport.browser.ConsoleStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** A gateway on its first day: its pages before there is anything, then a month that is made, worked through and closed. */
@Tag("long")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleMonthIT {

    private static final String MONTH =
            YearMonth.now(ZoneId.of("Asia/Shanghai")).minusMonths(1).toString();

    @TempDir
    static Path folder;

    private static ConsoleStack stack;
    private static DemoServer demo;
    private static Browser browser;
    private static ConsolePage console;

    @BeforeAll
    static void start() {
        stack = new ConsoleStack();
        demo = new DemoServer(stack.database()::connect, stack.url());
        browser = stack.browser();
        console = stack.console();
        browser.saveTo(folder);
    }

    @AfterAll
    static void end() {
        if (demo != null) {
            demo.close();
        }
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    @Order(1)
    void pages_without_anything_say_what_will_be_there_and_offer_the_next_step() {
        console.signIn("ada", "?lang=en").awaitLoaded();
        console.assertAccessible(
                empty("home", "home?by=month", "checks", "charges", "open", "statements", "audit"), Look.TWO);
        console.signIn("otto", "?lang=en").awaitLoaded();
        console.assertAccessible(empty("checks", "sessions", "health", "webhooks"), Look.TWO);
    }

    private static Map<String, Runnable> empty(String... views) {
        return Stream.of(views)
                .collect(Collectors.toMap(view -> view + (view.contains("?") ? "&empty" : "?empty"), view -> () -> {
                    assertThat(browser.shows("empty") || !browser.text("state").isEmpty())
                            .as(view)
                            .isTrue();
                    assertThat(browser.shows("fault")).as(view).isFalse();
                }));
    }

    @Test
    @Order(2)
    void a_month_is_made_worked_through_by_two_people_closed_and_proved() throws IOException {
        String bill = downloadedBill();
        console.giveName("fiona");
        console.open("periods/" + MONTH + "?lang=en");
        assertThat(console.step(3)).as("the bill").isEqualTo("now");
        assertThat(console.step(4)).as("the differences").isEqualTo("later");
        browser.click("step-import");
        browser.until("the page of imports", () -> browser.has("input[type=file]"));
        drop(bill);
        browser.awaitShown("checked");
        assertThat(browser.text("checked")).contains("6 differences", "1 line cannot be read");
        browser.click("import");
        browser.awaitShown("result");
        assertThat(console.cells("kinds", 2)).containsSequence("1", "1", "1", "1", "1", "1");
        browser.click("to-differences");
        browser.awaitShown("differences");
        String differences = browser.address().replaceAll(".*/console/([^?]+).*", "$1");
        acceptEach(6);
        List<String> states = console.cells("differences", 7);
        assertThat(states)
                .hasSize(6)
                .containsOnly("Accepted", "To be confirmed")
                .contains("Accepted");
        long waiting = Collections.frequency(states, "To be confirmed");
        assertThat(waiting).isPositive();
        console.open("periods/" + MONTH + "?lang=en");
        assertThat(browser.text("steps")).contains("finance-admin");
        assertThat(browser.has("[data-testid=close]")).isFalse();

        console.signIn("ada", "?lang=en").awaitLoaded();
        assertThat(console.cells("waiting", 3)).hasSize((int) waiting).allMatch(who -> who.startsWith("console/fiona"));
        browser.press("[data-testid=waiting] tbody a");
        browser.until("what waits", () -> console.cells("differences", 7).size() == waiting);
        browser.click("confirm-fitting");
        browser.awaitShown("fitting");
        browser.click("confirm");
        browser.until("all are confirmed", () -> browser.text("worked").equals(waiting + " proposals were confirmed."));
        browser.click("nav-home");
        console.awaitLoaded();
        browser.press("[data-testid=periods] a[href*='" + MONTH + "']");
        browser.until("it can be closed", () -> browser.text("standing").startsWith("Open. It can be closed."));
        assertThat(browser.text("steps")).contains("With findings two people close the month");
        browser.click("close");
        browser.type("dialog [name=reason]", "a line cannot be read");
        browser.click("confirm");
        browser.until("another person is awaited", () -> browser.text("steps").contains("Another person"));
        assertThat(browser.has("[data-testid=close]")).isFalse();

        console.signIn("ben", "periods/" + MONTH + "?lang=en").awaitLoaded();
        assertThat(browser.text("steps")).contains("a line cannot be read");
        browser.click("close");
        browser.click("confirm");
        browser.until("it is closed", () -> browser.text("standing").startsWith("Closed permanently"));
        browser.click("verify");
        browser.until("the proof fits", () -> browser.text("proved").contains("has this SHA-256"));
        assertThat(console.complaints()).isEmpty();

        browser.open(demo.url());
        browser.until("what was found", () -> browser.text("found").equals("All six mistakes are found and accepted."));
        browser.picture("month-found");

        refused(differences);
    }

    /** The bill is downloaded from the demo's page, which leads to the console. */
    private static String downloadedBill() throws IOException {
        browser.forgetCookies();
        browser.open(demo.url());
        browser.click("make-month");
        browser.click("bill");
        Path bill = folder.resolve("bill-" + MONTH + ".csv");
        browser.until("the bill is saved", () -> Files.exists(bill));
        assertThat(browser.text("found")).isEqualTo("Of its six mistakes 0 are found and accepted.");
        browser.press("[data-testid=made] a[href='/console/import']");
        return Files.readString(bill);
    }

    private static void drop(String bill) {
        browser.run("""
                const files = new DataTransfer();
                files.items.add(new File([arguments[0]], 'bill.csv', { type: 'text/csv' }));
                document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));""", bill);
    }

    /** One after the other, by the keyboard alone. */
    private static void acceptEach(int number) {
        browser.run("document.querySelector('.scroll').focus()");
        browser.keys("j");
        for (int done = 0; done < number; done++) {
            browser.keys("a");
            browser.awaitShown("dialog");
            browser.keys("as the vendor says", Keys.TAB, Keys.TAB, Keys.ENTER);
            browser.until("it is done", () -> !browser.has("dialog"));
            browser.keys("j");
        }
    }

    /** An operator and a person without a role find nothing of it, neither on the pages nor behind them. */
    private static void refused(String differences) {
        List<String> pages = List.of("home", "periods/" + MONTH, differences, "statements", "import", "audit");
        console.signIn("otto", "?lang=en").awaitLoaded();
        for (String page : pages) {
            console.open(page + "?lang=en");
            assertThat(browser.shows("not-found")).as(page).isTrue();
        }
        assertForbidden("otto", differences);
        console.signIn("nora", "periods/" + MONTH + "?lang=en");
        browser.awaitShown("no-role");
        assertForbidden("nora", differences);
    }

    private static void assertForbidden(String person, String differences) {
        String ofStatement = differences.replaceAll("differences/(.*)", "statements/$1/differences");
        for (String path : List.of("periods/" + MONTH, ofStatement, "charges", "audit")) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(stack.url() + "/console/v1/" + path))
                    .header("Cookie", console.cookies());
            assertThat(stack.send(request).statusCode()).as(person + " " + path).isEqualTo(403);
        }
    }
}

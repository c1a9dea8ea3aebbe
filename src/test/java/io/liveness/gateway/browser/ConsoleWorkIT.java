package io.liveness.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.bill.match.MatchKind;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.browser.Browser;
import io.liveness.gateway.testsupport.browser.ConsolePage;
import io.liveness.gateway.testsupport.browser.ConsoleStack;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Finance in the console: bills, differences, the closing of a month, exports. */
@Tag("long")
class ConsoleWorkIT {

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final LocalDate TODAY = LocalDate.now(ZONE);
    private static final YearMonth EARLIER = YearMonth.from(TODAY).minusMonths(2);
    private static final DateTimeFormatter IN_WORDS = DateTimeFormatter.ofPattern("MMMM yyyy", Locale.ENGLISH);
    private static final int FEES = 5;
    private static final int MOST_TABS = 100;
    private static final Duration SESSION_ENDS = Duration.ofSeconds(60);
    // Larger than any other body may be, which is 128 KB.
    private static final String NOTE = "x".repeat(30_000);

    @TempDir
    static Path folder;

    private static ConsoleStack stack;
    private static Browser browser;
    private static ConsolePage console;
    private static final List<String> sessions = new ArrayList<>();

    @BeforeAll
    static void start() throws SQLException {
        stack = new ConsoleStack();
        browser = stack.browser();
        console = stack.console();
        browser.saveTo(folder);
        for (int i = 1; i <= FEES; i++) {
            sessions.add(stack.opened("pass", "order-" + i));
        }
        stack.charged(EARLIER.atDay(10).atTime(12, 0).atZone(ZONE).toInstant());
        stack.refunded(EARLIER.plusMonths(1).atDay(1).atStartOfDay(ZONE).toInstant());
    }

    @AfterAll
    static void end() {
        if (stack != null) {
            stack.close();
        }
    }

    @AfterEach
    void no_bill_counts() throws SQLException {
        stack.withdrawBills();
    }

    @Test
    void a_damaged_bill_is_previewed_tried_imported_worked_through_corrected_and_withdrawn() throws IOException {
        console.signIn("fiona", "import?lang=en").awaitLoaded();
        browser.upload("input[type=file]", damaged());
        browser.awaitShown("preview");
        assertThat(console.cells("preview", 1)).containsExactly("2", "3", "4", "5", "6", "7");
        assertThat(console.cells("preview", 3)).last().asString().contains("time");
        periodOfBill();
        assertThat(found("5 differences"))
                .startsWith("6 lines. An import over ")
                .contains("1 line cannot be read");
        browser.open(browser.find("tried").getDomProperty("href"));
        browser.awaitShown("result");
        assertThat(browser.text("result")).startsWith("A dry run").endsWith("6 lines, 5 differences.");

        console.open("import?lang=en");
        browser.upload("input[type=file]", damaged());
        browser.awaitShown("preview");
        periodOfBill();
        browser.run(
                "new MutationObserver(() => { window.sent ||= document.querySelector('[data-testid=sent]') !== null; })"
                        + ".observe(document.body, { childList: true, subtree: true })");
        browser.click("import");
        browser.awaitShown("result");
        assertThat(browser.run("return window.sent"))
                .as("how much has been sent was shown")
                .isEqualTo(true);
        String bill = browser.address();
        assertThat(browser.text("result")).isEqualTo("6 lines, 5 differences.");
        assertThat(console.cells("kinds", 1))
                .containsExactly(
                        "Agrees",
                        "Not on the statement",
                        "Not in our books",
                        "Amount differs",
                        "Unreadable line",
                        "Total differs");
        assertThat(console.cells("kinds", 2)).containsExactly("3", "1", "1", "1", "1", "1");
        assertThat(console.cells("kinds", 3))
                .as("our side of what agrees, and of what does not")
                .startsWith("2.40 CNY", "0.80 CNY");
        assertThat(looks()).as("each kind has a look of its own").hasSize(MatchKind.values().length);
        assertThat(browser.text("totals")).contains("stated 99.00 CNY");
        browser.picture("console-result");

        browser.click("to-differences");
        browser.awaitShown("differences");
        int place = console.cells("differences", 3).indexOf("Amount differs");
        browser.run("document.querySelector('.scroll').focus()");
        browser.keys("j");
        browser.keys(Collections.nCopies(place + 1, "j").toArray(CharSequence[]::new));
        browser.keys(Keys.ARROW_UP, Keys.ENTER);
        browser.awaitShown("opened");
        assertThat(browser.focused()).isEqualTo("Amount differs");
        assertThat(browser.text("opened")).contains("The bill has 0.82 CNY, our books have 0.80 CNY.");
        browser.press("select[name=kind] option[value=MISSING_IN_LEDGER]");
        browser.press("[data-testid=filters] button");
        browser.until("one is left", () -> console.cells("differences", 3).equals(List.of("Not in our books")));
        assertThat(browser.address()).contains("kind=MISSING_IN_LEDGER");

        String id = bill.replaceAll(".*statements/([^?]+).*", "$1");
        console.open("import?lang=en&supersedes=" + id);
        browser.upload("input[type=file]", Files.write(folder.resolve("corrected.csv"), stack.bill()));
        browser.awaitShown("preview");
        periodOfBill();
        browser.click("import");
        browser.awaitShown("result");
        assertThat(browser.text("result")).isEqualTo("All 5 lines agree with our books.");
        console.open("statements/" + id + "?lang=en");
        assertThat(browser.text("result")).startsWith("Replaced");

        console.open("statements?lang=en");
        assertThat(console.cells("statements", 4)).startsWith("Counts", "Replaced");
        browser.press("[data-testid=statements] tbody a");
        browser.click("withdraw");
        browser.type("dialog [name=reason]", "of another month");
        browser.picture("console-withdraw");
        browser.click("confirm");
        browser.until("withdrawn", () -> browser.text("result").startsWith("Withdrawn"));
        assertThat(said()).isEqualTo("Statement withdrawn");
        browser.picture("console-withdrawn");
    }

    @Test
    void differences_are_chosen_accepted_confirmed_and_taken_back_by_the_keyboard_alone() throws IOException {
        List<String> lines = new ArrayList<>(stack.bill());
        for (int line = 1; line <= 3; line++) {
            lines.set(line, lines.get(line).replace("0.80", "1.80"));
        }
        String id = imported("by-keyboard.csv", lines, "fiona");
        console.open("differences/" + id + "?lang=en").awaitLoaded();
        tabTo("?");
        browser.keys(Keys.ENTER);
        assertThat(browser.text("keys")).contains("z undoes");
        tabTo("Amount differs");
        browser.keys("x", "j", "x");
        assertThat(browser.text("accept-chosen")).isEqualTo("Accept 2, +2.00 CNY");
        browser.keys("a");
        browser.awaitShown("dialog");
        browser.keys("their price is right", Keys.TAB, Keys.TAB, Keys.ENTER);
        browser.until(
                "they are proposed", () -> states().equals(List.of("To be confirmed", "To be confirmed", "Open")));
        assertThat(focusedRow()).isEqualTo(1);
        browser.keys("z");
        browser.until("they are open again", () -> states().equals(List.of("Open", "Open", "Open")));
        assertThat(focusedRow()).isEqualTo(1);
        browser.keys("j", "a");
        browser.awaitShown("dialog");
        browser.keys(Keys.ESCAPE);
        browser.until("it is given up", () -> !browser.has("dialog"));
        assertThat(focusedRow()).isEqualTo(2);
        browser.keys("a");
        browser.awaitShown("dialog");
        browser.keys("their price is right", Keys.TAB, Keys.TAB, Keys.ENTER);
        browser.until("the last is proposed", () -> states().equals(List.of("Open", "Open", "To be confirmed")));
        assertThat(focusedRow()).isEqualTo(2);

        console.signIn("ada", "differences/" + id + "?state=PROPOSED&lang=en").awaitLoaded();
        tabTo("Amount differs");
        browser.keys("c");
        browser.awaitShown("dialog");
        browser.keys(Keys.TAB, Keys.ENTER);
        browser.until("it is confirmed", () -> states().equals(List.of("Accepted")));
        assertThat(focusedRow()).isZero();
        assertThat(browser.text("worked")).isEqualTo("Done: Confirm (1).");
        assertThat(browser.has("[data-testid=undo]")).isFalse();
        browser.picture("console-confirmed");
        console.open("differences/" + id + "?lang=zh").awaitLoaded();
        browser.run("document.querySelectorAll('[data-testid=differences] .plain')[2].focus()");
        browser.keys(Keys.ENTER, "u");
        browser.awaitShown("dialog");
        browser.keys("价格有误", Keys.TAB, Keys.TAB, Keys.ENTER);
        browser.until("two take it back", () -> browser.has("[data-testid=undo]"));
        assertThat(states()).last().isEqualTo("已接受");
        assertThat(said()).startsWith("已完成：申请撤销接受");
        assertThat(console.violations()).isEmpty();
        browser.picture("console-undo-zh");
        browser.keys("z");
        browser.until("it stands", () -> !notes().contains("申请撤销接受"));
        assertThat(states()).last().isEqualTo("已接受");
        note("已问过");
        assertThat(said()).isEqualTo("已完成：备注（1 条）。");
        assertThat(console.complaints()).isEmpty();
    }

    private static List<String> states() {
        return console.cells("differences", 7);
    }

    /** The Tab key moves the focus to what has this text. */
    private static void tabTo(String text) {
        for (int presses = 0; presses < 60 && !browser.focused().equals(text); presses++) {
            browser.keys(Keys.TAB);
        }
        assertThat(browser.focused()).isEqualTo(text);
    }

    /** The row of the list of differences that has the focus, from 0; -1 when the focus is elsewhere. */
    private static int focusedRow() {
        return ((Number)
                        browser.run(
                                "return [...document.querySelectorAll('[data-testid=differences] tbody tr')].indexOf(document.activeElement.closest('tr'))"))
                .intValue();
    }

    /** What was done meanwhile stays in the list; while it is taken back, nothing else is asked. */
    private static void actWhileMoreRowsCome(int page) {
        holdNextAnswer();
        browser.click("more");
        browser.run("document.querySelector('[data-testid=differences] .plain').focus()");
        browser.keys("a");
        browser.awaitShown("dialog");
        browser.keys("a check that we have lost", Keys.TAB, Keys.TAB, Keys.ENTER);
        browser.until("it is accepted", () -> states().get(0).equals("Accepted"));
        browser.run("window.answer()");
        browser.until("more rows", () -> states().size() == 2 * page);
        assertThat(states().get(0)).isEqualTo("Accepted");

        holdNextAnswer();
        browser.keys("z", "a");
        assertThat(browser.has("dialog")).isFalse();
        browser.run("window.answer()");
        browser.until("it is open", () -> states().get(0).equals("Open"));
        assertThat(states()).hasSize(2 * page);
    }

    private static void holdNextAnswer() {
        console.answerNext("new Promise((done) => { window.answer = () => done(asked()); })");
    }

    /** The hidden element has also what is said to those who hear the page only. */
    private static String said() {
        return (String) browser.run("return document.querySelector('[data-testid=worked]').textContent");
    }

    private static void note(String text) {
        browser.keys("n");
        browser.awaitShown("dialog");
        browser.type("dialog [name=note]", text);
        browser.click("confirm");
        browser.until("it is noted", () -> !browser.has("dialog"));
    }

    private static String notes() {
        return String.join("", console.cells("differences", 8));
    }

    @Test
    void a_note_is_taken_back_unless_another_one_was_written_since() throws IOException {
        List<String> lines = new ArrayList<>(stack.bill());
        lines.set(1, lines.get(1).replace("0.80", "0.81"));
        String id = imported("noted.csv", lines, "fiona");
        console.open("differences/" + id + "?lang=en").awaitLoaded();
        tabTo("Amount differs");
        note("ask them");
        assertThat(said()).isEqualTo("Done: Note (1).");
        browser.keys("z");
        browser.until("the note is gone", () -> !notes().contains("ask them"));
        browser.until("it is said", () -> said().equals("It was undone."));

        note("ask them again");
        browser.run("""
                const asked = (method, path, body) => {
                  const request = new XMLHttpRequest();
                  request.open(method, `/console/v1/statements/${arguments[0]}/differences${path}`, false);
                  request.setRequestHeader('X-Console-Request', '1');
                  if (body) request.setRequestHeader('Content-Type', 'application/json');
                  request.send(body);
                  return JSON.parse(request.responseText);
                };
                asked('PUT', `/${asked('GET', '').items[0].id}/note`, '{"note":"they have answered"}');""", id);
        browser.keys("z");
        browser.awaitShown("reasons");
        assertThat(browser.text("reasons")).startsWith("It was worked since");
        browser.until("the note as it is", () -> notes().contains("they have answered"));
        assertThat(focusedRow()).isZero();
        assertThat(console.violations()).isEmpty();
        browser.picture("console-undo-refused");
        browser.click("hide-undo");
        browser.until("it is read", () -> !browser.has("[data-testid=undo-bar]"));
        assertThat(focusedRow()).isZero();
        assertThat(notes()).contains("they have answered");
    }

    @Test
    void what_was_worked_since_stands_while_the_rest_is_undone() throws IOException {
        String id = twoDearer("worked-since.csv");
        console.open("differences/" + id + "?lang=en").awaitLoaded();
        tabTo("Amount differs");
        browser.keys("x", "j", "x");
        withReason("a", "their price is right");
        browser.until("both are accepted", () -> states().equals(List.of("Accepted", "Accepted")));
        browser.run("""
                const asked = (method, path, body) => {
                  const request = new XMLHttpRequest();
                  request.open(method, `/console/v1/statements/${arguments[0]}/differences${path}`, false);
                  request.setRequestHeader('X-Console-Request', '1');
                  request.setRequestHeader('Idempotency-Key', crypto.randomUUID());
                  if (body) request.setRequestHeader('Content-Type', 'application/json');
                  request.send(body);
                  return JSON.parse(request.responseText);
                };
                const { id } = asked('GET', '').items[0];
                asked('POST', `/${id}/un-accept`, '{"reason":"a mistake"}');
                asked('POST', `/${id}/accept`, '{"reason":"by another agreement"}');""", id);

        browser.keys("z");
        browser.awaitShown("reasons");
        assertThat(browser.text("undone-of")).isEqualTo("1 of 2 were undone.");
        assertThat(browser.text("reasons")).startsWith("It was worked since");
        browser.until("the rest is open", () -> states().equals(List.of("Accepted", "Open")));
        assertThat(console.violations()).isEmpty();
    }

    @Test
    void the_end_of_an_acceptance_is_undone_for_the_person_that_had_accepted() throws IOException {
        String id = twoDearer("revoked.csv");
        console.open("differences/" + id + "?lang=en").awaitLoaded();
        tabTo("Amount differs");
        withReason("a", "their price is right");
        browser.until("it is accepted", () -> states().equals(List.of("Accepted", "Open")));

        console.signIn("ada", "differences/" + id + "?lang=en").awaitLoaded();
        tabTo("Amount differs");
        withReason("u", "not agreed");
        browser.until("it is open", () -> states().equals(List.of("Open", "Open")));
        assertThat(said()).isEqualTo("Done: Revoke (1).");
        assertThat(browser.has("[data-testid=undo]")).isFalse();

        withReason("a", "agreed by now");
        browser.until("it is accepted anew", () -> states().equals(List.of("Accepted", "Open")));
        withReason("u", "a mistake");
        browser.until("it is open again", () -> states().equals(List.of("Open", "Open")));
        browser.keys("z");
        browser.until("it stands", () -> states().equals(List.of("Accepted", "Open")));
    }

    /** The key begins an act that asks for a reason. */
    private static void withReason(String key, String reason) {
        browser.keys(key);
        browser.awaitShown("dialog");
        browser.keys(reason, Keys.TAB, Keys.TAB, Keys.ENTER);
        browser.until("it is done", () -> !browser.has("dialog"));
    }

    private static String twoDearer(String file) throws IOException {
        List<String> lines = new ArrayList<>(stack.bill());
        lines.set(1, lines.get(1).replace("0.80", "0.81"));
        lines.set(2, lines.get(2).replace("0.80", "0.81"));
        return imported(file, lines, "fiona");
    }

    @Test
    void a_match_by_hand_is_taken_back_and_so_is_its_end() throws IOException {
        List<String> lines = new ArrayList<>(stack.bill());
        lines.set(1, lines.get(1).replaceFirst("^[0-9]{4}", "9999"));
        String id = imported("another-number.csv", lines, "fiona");
        console.open("differences/" + id + "?kind=MISSING_IN_STATEMENT&lang=en").awaitLoaded();
        browser.press("[data-testid=differences] .plain");
        browser.awaitShown("opened");
        Object session =
                browser.run("return document.querySelector('[data-testid=opened] a').pathname.split('/').pop()");
        console.open("differences/" + id + "?kind=MISSING_IN_LEDGER&lang=en").awaitLoaded();
        matchByHand((String) session);
        browser.click("undo");
        browser.until("it is open", () -> browser.has("tr.current") && states().equals(List.of("Open")));
        matchByHand((String) session);

        console.open("differences/" + id + "?kind=MATCHED&lang=en").awaitLoaded();
        int place = console.cells("differences", 8).indexOf("Matched by hand.");
        browser.run("document.querySelectorAll('[data-testid=differences] .plain')[arguments[0]].click()", place);
        browser.click("un-match");
        browser.type("dialog [name=reason]", "of another session");
        browser.click("confirm");
        browser.until("it is no more matched", () -> states().size() == FEES - 1);
        browser.click("undo");
        browser.until("it is matched again", () -> notes().contains("Matched by hand."));
        assertThat(states()).hasSize(FEES);
    }

    private static void matchByHand(String session) {
        tabTo("Not in our books");
        browser.keys("m");
        browser.awaitShown("dialog");
        browser.type("dialog [name=sessionId]", session);
        browser.type("dialog [name=reason]", "the vendor wrote another number");
        browser.click("confirm");
        browser.until("it is matched", () -> !browser.has("[data-testid=differences]"));
    }

    private static void chooseKind(String kind) {
        // The head of the page is above what a click has scrolled to.
        browser.run("scrollTo(0, 0)");
        browser.click("choose-" + kind);
    }

    @Test
    void of_a_long_list_200_rows_are_in_the_document_and_what_is_chosen_is_among_them() throws IOException {
        List<String> lines = new ArrayList<>(stack.bill());
        for (int line = 0; line < 230; line++) {
            lines.add(lines.get(1)
                    .replaceFirst("^[0-9]{4}", "%04d".formatted(5000 + line))
                    .replace("0.80", "0.10"));
        }
        String id = imported("long.csv", lines, "fiona");
        console.open("differences/" + id + "?lang=en").awaitLoaded();
        int page = states().size();
        actWhileMoreRowsCome(page);
        console.open("differences/" + id + "?lang=en").awaitLoaded();
        chooseKind("MISSING_IN_LEDGER");
        for (int rows = page; rows < 200; rows += page) {
            int more = Math.min(200, rows + page);
            browser.click("more");
            browser.until(more + " rows", () -> states().size() == more);
        }
        assertThat(browser.text("accept-chosen")).startsWith("Accept " + page + ", +");
        assertThat(browser.text("choose-MISSING_IN_LEDGER")).isEqualTo("Not in our books (200)");
        chooseKind("MISSING_IN_LEDGER");
        assertThat(browser.text("accept-chosen")).isEqualTo("Accept 200, +20.00 CNY");
        browser.click("more");
        browser.until("the rest takes their place", () -> states().size() == 30);
        assertThat(browser.has("[data-testid=accept-chosen]"))
                .as("what is chosen is seen")
                .isFalse();
        chooseKind("MISSING_IN_LEDGER");
        assertThat(browser.text("accept-chosen")).isEqualTo("Accept 30, +3.00 CNY");

        askForAll("accept");
        assertThat(browser.text("fitting")).isEqualTo("Differences: 230. Adjustment: 23.00 CNY.");
        browser.type("dialog [name=reason]", "checks that we have lost");
        browser.click("confirm");
        browser.until("all are done", () -> browser.text("worked").startsWith("230 differences were accepted."));
        console.awaitLoaded();
        assertThat(states()).containsOnly("To be confirmed");
        assertThat(focusedRow()).isZero();
        assertThat(browser.has("[data-testid=undo]")).isFalse();
    }

    @Test
    void a_bill_that_was_saved_as_xlsx_is_read_as_it_is() throws IOException {
        console.signIn("fiona", "import?lang=en").awaitLoaded();
        console.answerNext("new Response('', { status: 401 })");
        browser.upload("input[type=file]", asWorkbook(stack.bill()));
        browser.awaitShown("signed-out");
        browser.run("new BroadcastChannel('console').postMessage('signed-in')");
        browser.awaitShown("preview");
        assertThat(console.cells("preview", 1)).hasSize(FEES);

        assertThat(found("0 differences")).startsWith(FEES + " lines.");
    }

    @Test
    void differences_are_accepted_and_large_ones_confirmed_by_a_second_person() throws IOException {
        List<String> lines = new ArrayList<>(stack.bill());
        lines.set(1, lines.get(1).replace("0.80", "0.82"));
        lines.set(2, lines.get(2).replace("0.80", "1.80"));
        String id = imported("dearer.csv", lines, "fiona");
        browser.click("to-differences");
        browser.awaitShown("differences");
        for (int place = 0; place < 2; place++) {
            browser.run("document.querySelectorAll('[data-testid=differences] .plain')[arguments[0]].focus()", place);
            browser.keys("a");
            browser.awaitShown("dialog");
            browser.type("dialog [name=reason]", "their price is right");
            browser.click("confirm");
            browser.until("it is done", () -> !browser.has("dialog"));
        }
        assertThat(console.cells("differences", 7)).containsExactly("Accepted", "To be confirmed");

        console.signIn("ada", "home?lang=en").awaitLoaded();
        assertThat(console.cells("waiting", 2)).containsExactly("1.00 CNY");
        assertThat(console.violations()).isEmpty();
        browser.picture("console-waiting");
        browser.press("[data-testid=waiting] tbody a");
        browser.until("what waits", () -> console.cells("differences", 7).equals(List.of("To be confirmed")));
        browser.run("document.querySelector('[data-testid=differences] .plain').focus()");
        browser.keys("c");
        browser.awaitShown("dialog");
        browser.picture("console-confirm");
        browser.click("confirm");
        browser.until("it is confirmed", () -> console.cells("differences", 7).equals(List.of("Accepted")));
        console.open("audit?what=difference-confirmed&lang=en");
        assertThat(console.cells("audit", 2)).isNotEmpty().containsOnly("console/ada");

        console.signIn("fiona", "differences/" + id + "?state=ACCEPTED&lang=en").awaitLoaded();
        browser.run("document.querySelectorAll('[data-testid=differences] .plain')[1].focus()");
        browser.keys(Keys.ENTER, "u");
        browser.awaitShown("dialog");
        browser.keys("it was wrong", Keys.TAB, Keys.TAB, Keys.ENTER);
        browser.until("two revoke it", () -> browser.has("[data-testid=undo]"));
        console.signIn("ada", "home?lang=en").awaitLoaded();
        assertThat(console.cells("waiting", 1)).hasSize(1).first().asString().startsWith("Revoke (Amount differs)");
        assertThat(console.cells("waiting", 3)).containsExactly("console/fiona");
        assertThat(browser.text("last-acts"))
                .contains("Revocation proposed console/fiona")
                .doesNotContain(id);
        browser.press("[data-testid=waiting] tbody a");
        browser.until("what is to be revoked", () -> states().equals(List.of("Accepted")));
        browser.run("document.querySelector('[data-testid=differences] .plain').focus()");
        browser.keys("d");
        browser.awaitShown("dialog");
        assertThat(browser.text("dialog")).contains("the acceptance stands");
        browser.click("confirm");
        browser.until("it stands", () -> !notes().contains("proposed to revoke"));
        assertThat(said()).isEqualTo("Done: Revocation declined (1).");
        assertThat(browser.has("[data-testid=undo]")).isFalse();

        console.open("statements/" + id + "?lang=en").awaitLoaded();
        browser.click("withdraw");
        browser.type("dialog [name=reason]", "of another month");
        browser.click("confirm");
        browser.awaitShown("declineWithdrawal");
        assertThat(said()).isEqualTo("Withdrawal proposed");
        browser.click("declineWithdrawal");
        browser.click("confirm");
        browser.until("it is declined", () -> !browser.has("[data-testid=declineWithdrawal]"));
        assertThat(said()).isEqualTo("Withdrawal declined");
        assertThat(console.violations()).isEmpty();
    }

    @Test
    void a_kind_is_chosen_accepted_with_its_sum_and_taken_back() throws IOException {
        List<String> lines = new ArrayList<>(stack.bill());
        lines.set(1, lines.get(1).replace("0.80", "0.82"));
        lines.set(2, lines.get(2).replace("0.80", "0.79"));
        String id = imported("a-kind.csv", lines, "fiona");
        console.open("differences/" + id + "?lang=en");
        assertThat(browser.shows("keys")).isFalse();
        browser.click("help");
        assertThat(browser.text("keys")).startsWith("Keys, with the list in focus");

        browser.click("choose-AMOUNT_DIFFERS");
        browser.run("new BroadcastChannel('console').postMessage('signed-in')");
        browser.until(
                "the page asks who has signed in again",
                () -> browser.run("return performance.getEntriesByType('resource')"
                                + ".filter(({ name }) => name.endsWith('/console/me')).length")
                        .equals(2L));
        console.awaitLoaded();
        assertThat(browser.text("accept-chosen")).as("they are chosen still").isEqualTo("Accept 2, +0.01 CNY");
        assertThat(
                        browser.run(
                                "return import('/console/static/sums.js').then(({ sumsOf, signed }) => sumsOf("
                                        + "[['1.00', 'CNY'], ['-2.50', 'USD'], ['3.20', 'CNY']].map(([value, currency]) => ({ value, currency }))).map(signed).join())"))
                .isEqualTo("+4.20 CNY,-2.50 USD");
        browser.click("accept-chosen");
        browser.type("dialog [name=reason]", "their price is right");
        holdNextAnswer();
        browser.click("confirm");
        browser.keys(Keys.ESCAPE, Keys.ESCAPE);
        assertThat(browser.shows("dialog")).as("it is answered still").isTrue();
        browser.run("window.answer()");
        browser.until(
                "they are accepted", () -> console.cells("differences", 7).equals(List.of("Accepted", "Accepted")));
        assertThat(console.violations()).isEmpty();
        browser.picture("console-undo");
        browser.click("undo");
        browser.until(
                "they are open again", () -> console.cells("differences", 7).equals(List.of("Open", "Open")));
        assertThat(browser.focused()).as("on the row that was worked on").isEqualTo("Amount differs");
        console.open("audit?what=difference-unaccepted&lang=en");
        assertThat(console.cells("audit", 2)).contains("console/fiona");
    }

    @Test
    void a_file_that_is_dropped_on_the_bills_and_cannot_be_read_is_refused_in_chinese() {
        console.signIn("fiona", "statements?lang=zh").awaitLoaded();
        drop("totals.csv", "日期,金额合计\n2026-11-01,80.00\n");

        browser.awaitShown("fault");
        assertThat(browser.address()).contains("/console/import");
        assertThat(browser.text("fault")).startsWith("无法按此方式读取文件：第 1 行").doesNotContainPattern("[a-z]{4,} [a-z]{4,}");
        assertThat(console.violations()).isEmpty();
        browser.picture("console-refused-zh");
    }

    @Test
    void all_differences_of_a_filter_are_accepted_with_one_reason_and_confirmed_by_a_second_person()
            throws IOException {
        List<String> lines = new ArrayList<>();
        stack.bill().forEach(line -> lines.add(line.replace(",0.80", ",1.10")));
        lines.add(lines.get(1).replaceFirst("^[0-9]{4}", "9999"));
        String id = imported("all-dearer.csv", lines, "ada");
        console.open("differences/" + id + "?kind=MISSING_IN_LEDGER&lang=en");
        askForAll("accept");
        assertThat(browser.text("fitting")).isEqualTo("Differences: 1. Adjustment: 1.10 CNY.");
        browser.type("dialog [name=reason]", "a check that we have lost");
        browser.click("confirm");
        browser.until("it is proposed", () -> console.cells("differences", 7).equals(List.of("To be confirmed")));

        console.signIn("fiona", "differences/" + id + "?lang=en").awaitLoaded();
        assertThat(browser.has("[data-testid=confirm-fitting]"))
                .as("confirming is not for fiona")
                .isFalse();
        askForAll("accept");
        assertThat(browser.text("fitting")).isEqualTo("Differences: " + FEES + ". Adjustment: 1.50 CNY.");
        assertThat(console.cells("sums", 1)).containsExactly("Amount differs");
        assertThat(console.cells("sums", 3)).containsExactly("4.00 CNY");
        assertThat(console.cells("sums", 4)).containsExactly("5.50 CNY");
        assertThat(console.violations()).isEmpty();
        browser.picture("console-accept-all");
        browser.type("dialog [name=reason]", "the new price was set late");
        browser.click("confirm");
        browser.until("all are done", () -> browser.text("worked").startsWith(FEES + " differences were accepted."));
        console.awaitLoaded();
        assertThat(console.cells("differences", 7)).hasSize(FEES + 1).containsOnly("To be confirmed");

        console.signIn("ada", "home?lang=en").awaitLoaded();
        browser.awaitShown("waiting");
        assertThat(console.cells("waiting", 3))
                .as("what others propose")
                .hasSize(FEES)
                .allMatch(who -> who.startsWith("console/fiona"));
        console.open("differences/" + id + "?lang=en").awaitLoaded();
        askForAll("confirm");
        browser.click("confirm");
        browser.awaitShown("reasons");
        assertThat(browser.text("reasons")).isEqualTo("You proposed it: a second person has to confirm it.");
        browser.picture("console-confirm-refused");
        browser.click("cancel");
        browser.press("select[name=kind] option[value=AMOUNT_DIFFERS]");
        browser.press("[data-testid=filters] button");
        browser.until("one kind is left", () -> console.cells("differences", 3).size() == FEES);
        askForAll("confirm");
        browser.click("confirm");
        browser.until("they are confirmed", () -> browser.text("worked").equals(FEES + " proposals were confirmed."));
        console.awaitLoaded();
        assertThat(console.cells("differences", 7)).containsOnly("Accepted");
    }

    @Test
    void the_mapping_of_a_first_bill_is_guessed_and_its_period_is_asked_for() throws IOException {
        List<String> lines = new ArrayList<>(stack.bill());
        lines.set(0, "任务编号,扣费时间,计费状态,扣费金额(元)");
        lines.replaceAll(line -> line.replace("实扣", "已扣费"));
        console.signIn("fiona", "import?lang=en").awaitLoaded();
        browser.upload("input[type=file]", Files.write(folder.resolve("of-another-vendor.csv"), lines));
        browser.awaitShown("guessed");
        assertThat(console.cells("preview", 5)).hasSize(FEES).containsOnly("Charged");
        assertThat(browser.text("guessed")).contains("“计费状态” is the column for: Status.", "已扣费 → Charged");
        assertThat(browser.shows("order")).as("the guess is not saved").isFalse();
        assertThat(console.violations()).isEmpty();
        browser.picture("console-guessed");
        browser.type("[name=name]", "another-vendor");
        browser.click("save-mapping");
        browser.awaitShown("order");
        assertThat(console.cells("preview", 5)).hasSize(FEES).containsOnly("Charged");

        browser.awaitShown("checked");
        assertThat(browser.text("checked"))
                .startsWith(FEES + " lines. An import over ")
                .endsWith(" will find 0 differences.");
        assertThat(browser.run("return document.querySelector('[name=from]').value"))
                .as("the period of the lines is proposed")
                .isIn(TODAY.toString(), TODAY.plusDays(1).toString());
        assertThat(console.violations()).isEmpty();
        browser.picture("console-checked");
        browser.click("import");
        browser.awaitShown("result");
        assertThat(browser.text("result")).isEqualTo("All " + FEES + " lines agree with our books.");
        assertThat(console.complaints())
                .as("but for the preview that did not fit")
                .allMatch(complaint -> complaint.contains("/preview"));
    }

    @Test
    void an_import_finds_what_its_preview_says_and_what_was_typed_stays_with_another_file() throws IOException {
        List<String> lines = new ArrayList<>(stack.bill());
        lines.remove(FEES);
        console.signIn("fiona", "import?lang=en").awaitLoaded();
        browser.upload("input[type=file]", Files.write(folder.resolve("another.csv"), lines.subList(0, 3)));
        browser.awaitShown("checked");
        String proposed = value("from");
        browser.type("[name=invoiceTotal]", "3.20");
        periodOfBill();
        browser.until("it is counted anew", () -> browser.text("checked").startsWith("2 lines. An import over "));

        browser.upload("input[type=file]", Files.write(folder.resolve("without-the-last.csv"), lines));
        browser.until("the other file is counted", () -> browser.text("checked").startsWith(FEES - 1 + " lines."));
        assertThat(value("invoiceTotal")).isEqualTo("3.20");
        assertThat(value("from")).isEqualTo(TODAY.minusDays(1).toString()).isNotEqualTo(proposed);
        assertThat(browser.text("checked")).contains("will find 1 difference.");
        browser.run("document.querySelector('[data-testid=checked]').scrollIntoView()");
        browser.picture("console-import");
        browser.click("import");
        browser.awaitShown("result");
        assertThat(browser.text("result")).isEqualTo(FEES - 1 + " lines, 1 difference.");

        console.open("import?lang=zh");
        browser.upload("input[type=file]", folder.resolve("without-the-last.csv"));
        browser.awaitShown("checked");
        assertThat(browser.text("checked")).contains("该文件已导入");
        assertThat(console.violations()).isEmpty();
        browser.run("document.querySelector('[data-testid=checked]').scrollIntoView()");
        browser.picture("console-import-zh");
    }

    @Test
    void a_new_mapping_does_not_take_the_place_of_another_one() throws IOException {
        console.signIn("fiona", "import?lang=en").awaitLoaded();
        browser.upload("input[type=file]", Files.write(folder.resolve("bill.csv"), stack.bill()));
        for (int time = 0; time < 2; time++) {
            browser.awaitShown("checked");
            browser.click("new-mapping");
            browser.type("[name=name]", "only-once");
            browser.click("save-mapping");
        }

        browser.awaitShown("fault");
        assertThat(browser.text("fault")).contains("Name – another mapping has this name");
        assertThat(browser.run("return document.querySelector('[name=name]').value"))
                .isEqualTo("only-once");
    }

    @Test
    void a_file_that_is_dropped_while_another_one_is_sent_is_asked_for_again() throws IOException, SQLException {
        console.signIn("fiona", "import?lang=en").awaitLoaded();
        try (Connection held = stack.withoutMatching()) {
            browser.upload("input[type=file]", Files.write(folder.resolve("first.csv"), stack.bill()));
            browser.awaitShown("import");
            periodOfBill();
            browser.click("import");
            browser.awaitShown("sent");
            drop("second.csv", "a,b\n");
            browser.until("it is said", () -> browser.text("sending").contains("Another file was not taken"));
            assertThat(browser.text("drop")).contains("first.csv");
        }

        browser.until(
                "the first one is imported",
                () -> browser.text("result").equals("All " + FEES + " lines agree with our books."));
        drop("second.csv", "a,b\n");
        browser.awaitShown("drop");
        browser.until("the second one is previewed", () -> browser.text("drop").contains("second.csv"));
    }

    @Test
    void an_import_under_way_says_how_fast_it_goes_on_and_how_long_it_takes() throws SQLException {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        stack.underWay(id, "READING", 10_000, 100, 0);
        console.signIn("fiona", "statements/" + id + "?lang=en").awaitLoaded();
        assertThat(browser.text("progress"))
                .startsWith("10 KB of 100 KB read, 100 lines")
                .doesNotContain("a second");

        stack.underWay(id, "READING", 50_000, 500, 0);
        browser.until("its speed", () -> browser.text("progress").matches("50 KB .* lines? a second · .* s left"));
        assertThat(console.violations()).isEmpty();
        browser.picture("console-progress");
        stack.underWay(id, "MATCHING", 100_000, 1000, 200);
        browser.until("the lines are compared", () -> browser.text("progress").startsWith("200 of 1,000 lines"));
        stack.underWay(id, "MATCHING", 100_000, 1000, 600);
        browser.until("its speed", () -> browser.text("progress").matches("600 of .* lines? a second · .* s left"));

        stack.underWay(id, "DONE", 100_000, 1000, 1000);
        browser.until("its result", () -> browser.text("result").endsWith("1,000 lines agree with our books."));
        assertThat(browser.shows("progress")).isFalse();
    }

    @Test
    void a_bill_is_imported_by_the_keyboard_alone() throws IOException {
        Path bill = Files.write(folder.resolve("by-keyboard.csv"), stack.bill());
        console.signIn("fiona", "statements?lang=en").awaitLoaded();
        byKeyboard("[data-testid=to-import]", Keys.ENTER);
        browser.awaitShown("drop");
        byKeyboard("input[type=file]", bill.toAbsolutePath().toString());
        browser.awaitShown("checked");

        byKeyboard("[data-testid=new-mapping]", Keys.SPACE);
        byKeyboard("[name=name]", "by-keyboard");
        byKeyboard("[data-testid=save-mapping]", Keys.ENTER);
        browser.until("the mapping is chosen", () -> "by-keyboard".equals(value("mapping")));
        browser.awaitShown("checked");
        String proposed = value("from");
        byKeyboard("[name=from]", Keys.ARROW_UP);
        assertThat(value("from")).isNotEqualTo(proposed);
        browser.keys(Keys.ARROW_DOWN);
        assertThat(value("from")).isEqualTo(proposed);
        byKeyboard("[data-testid=import]", Keys.ENTER);

        browser.awaitShown("result");
        assertThat(browser.text("result")).isEqualTo("All " + FEES + " lines agree with our books.");
        byKeyboard("[data-testid=kinds] a", Keys.ENTER);
        browser.until("its lines", () -> browser.address().contains("kind=MATCHED"));
    }

    private static String value(String name) {
        return (String) browser.run("return document.querySelector('[name=' + arguments[0] + ']')?.value", name);
    }

    /** What the preview says that an import would find, once it is that. */
    private static String found(String differences) {
        browser.until(
                "it will find " + differences, () -> browser.text("checked").contains("will find " + differences));
        return browser.text("checked");
    }

    private static void drop(String name, String content) {
        browser.run("""
                const files = new DataTransfer();
                files.items.add(new File([arguments[1]], arguments[0], { type: 'text/csv' }));
                document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));""", name, content);
    }

    /** What the swatches of all kinds look like, each once. */
    private static Set<?> looks() {
        return Set.copyOf((List<?>) browser.run(
                """
                const swatch = document.querySelector('.swatch').cloneNode();
                document.body.append(swatch);
                return arguments[0].map((kind) => {
                  swatch.dataset.kind = kind;
                  const { backgroundColor, backgroundImage } = getComputedStyle(swatch);
                  return backgroundColor + backgroundImage;
                });""", Arrays.stream(MatchKind.values()).map(Enum::name).toList()));
    }

    private static void askForAll(String act) {
        browser.click(act + "-fitting");
        browser.awaitShown("dialog");
    }

    private static String imported(String name, List<String> lines, String by) throws IOException {
        console.signIn(by, "import?lang=en").awaitLoaded();
        browser.upload("input[type=file]", Files.write(folder.resolve(name), lines));
        browser.awaitShown("preview");
        periodOfBill();
        browser.click("import");
        browser.awaitShown("result");
        return browser.address().replaceAll(".*statements/([^?]+).*", "$1");
    }

    @Test
    void what_was_typed_into_a_question_stays_when_the_session_ends_before_it_is_sent() throws IOException {
        List<String> lines = new ArrayList<>(stack.bill());
        lines.set(1, lines.get(1).replace("0.80", "0.81"));
        imported("a-little-dearer.csv", lines, "fiona");
        browser.click("to-differences");
        browser.awaitShown("differences");
        browser.run("document.querySelector('[data-testid=differences] .plain').focus()");
        browser.keys("a");
        browser.awaitShown("dialog");
        browser.type("dialog [name=reason]", "typed before the end");
        stack.keycloak().signOut("fiona");
        Patience.await("the session to end", SESSION_ENDS)
                .until(() -> browser.run(
                                "const asked = new XMLHttpRequest(); asked.open('GET', '/console/v1/periods', false);"
                                        + " asked.send(); return asked.status")
                        .equals(401L));

        browser.click("confirm");
        browser.awaitShown("signed-out");
        browser.picture("console-question-session-ended");
        assertThat(
                        browser.run(
                                "const box = document.querySelector('dialog article'); return box.scrollWidth <= box.clientWidth"))
                .as("nothing in the dialog is wider than it")
                .isEqualTo(true);
        browser.click("sign-in-again");
        browser.inSecondWindow(() -> console.giveName("fiona"));

        browser.until("the page goes on", () -> !browser.shows("signed-out") && !browser.has("main [aria-busy=true]"));
        assertThat(browser.run("return document.querySelector('dialog [name=reason]')?.value"))
                .isEqualTo("typed before the end");
        browser.click("confirm");
        browser.until("it is done", () -> console.cells("differences", 7).equals(List.of("Accepted")));
    }

    @Test
    void a_line_with_an_unknown_number_is_matched_by_hand() throws IOException {
        List<String> lines = new ArrayList<>(stack.bill());
        lines.set(2, lines.get(2).replaceFirst("^[0-9]{4}", "9999"));
        String id = imported("renumbered.csv", lines, "fiona");
        assertThat(browser.text("result")).isEqualTo(FEES + " lines, 2 differences.");

        console.open("differences/" + id + "?kind=MISSING_IN_LEDGER&lang=en");
        browser.run("document.querySelector('[data-testid=differences] .plain').focus()");
        browser.keys("m");
        browser.awaitShown("dialog");
        browser.type("dialog [name=sessionId]", sessions.get(1));
        browser.type("dialog [name=reason]", "the number of their old system");
        browser.picture("console-match");
        browser.click("confirm");
        browser.until("it is placed", () -> !browser.has("dialog") && !browser.has("[data-testid=differences]"));

        console.open("statements/" + id + "?lang=en");
        assertThat(browser.text("result")).isEqualTo("All " + FEES + " lines agree with our books.");
        console.open("audit?what=difference-matched&lang=en");
        assertThat(console.cells("audit", 2)).containsExactly("console/fiona");
    }

    @Test
    void a_month_is_closed_by_the_keyboard_alone_and_proved() throws IOException, InterruptedException, SQLException {
        console.signIn("ada", "periods/" + EARLIER.plusMonths(1) + "?lang=en").awaitLoaded();
        assertThat(browser.text("steps"))
                .contains("The previous month is open: Close " + IN_WORDS.format(EARLIER) + " first.");
        assertThat(browser.find("close").isEnabled()).isFalse();
        browser.picture("console-steps");

        byKeyboard("[data-testid=steps] a[href*='" + EARLIER + "']", Keys.ENTER);
        browser.until("the month before", () -> browser.text("standing").startsWith("Open. It can be closed."));
        long steps = browser.historyLength();
        byKeyboard("[data-testid=soft-close]", Keys.ENTER);
        byKeyboard("[data-testid=confirm]", Keys.ENTER);
        browser.until("soft-closed", () -> browser.text("standing").startsWith("Soft-closed"));
        byKeyboard("[data-testid=close]", Keys.SPACE);
        assertThat(browser.text("dialog")).contains("A closed month cannot be reopened.");
        browser.picture("console-close");
        closeWithoutAnAnswer();
        browser.until("closed", () -> browser.text("standing").startsWith("Closed permanently"));
        assertThat(console.complaints())
                .as("but for the answer that it was under way")
                .isNotEmpty()
                .allMatch(complaint -> complaint.contains("/close"));
        assertThat(browser.text("standing")).endsWith("by console/ada.");
        assertThat(browser.text("tile-charged")).contains("0.80 CNY", "1 fee");
        assertThat(browser.historyLength())
                .as("the way back leads to another page")
                .isEqualTo(steps);

        byKeyboard("[data-testid=verify]", Keys.SPACE);
        browser.until("the proof fits", () -> browser.text("proved").contains("has this SHA-256"));
        byKeyboard("[data-testid=proof]", Keys.ENTER);
        assertThat(saved("proof-" + EARLIER + ".ndjson")).isNotEmptyFile();
        byKeyboard(".proof summary", Keys.ENTER);
        assertThat(succeeds((String) browser.run("return document.querySelector('.proof pre').innerText")))
                .as("the command that is shown verifies the file")
                .isTrue();
        assertThat(console.complaints()).isEmpty();

        console.open("home?lang=en");
        assertThat(console.cells("periods", 4)).last().isEqualTo("0.80 CNY");
        assertThat(browser.text("last-acts")).contains("Month closed", "console/ada");
        assertThat(console.complaints()).isEmpty();
    }

    /** The answer is lost, and a repetition finds the close under way: it is asked for until it is done. */
    private static void closeWithoutAnAnswer() throws SQLException {
        try (Connection held = stack.withoutMatching()) {
            console.answerNext("new Response('', { status: 504 })");
            byKeyboard("[data-testid=confirm]", Keys.SPACE);
            browser.awaitShown("so-far");
            browser.until(
                    "it is asked for again",
                    () -> (Boolean)
                            browser.run(
                                    "return performance.getEntriesByType('resource')"
                                            + ".some(({ name, responseStatus }) => name.endsWith('/close') && responseStatus === 409)"));
            assertThat(browser.text("dialog")).contains("the month may still be being closed");
            assertThat(browser.shows("fault")).isFalse();
            browser.picture("console-still-closing");
        }
    }

    @Test
    void a_proof_that_is_too_large_for_a_page_is_verified_by_the_command_alone() {
        console.signIn("fiona", "home?lang=en").awaitLoaded();

        assertThat(proofOf(300_000)).contains("Verify\n").doesNotContain("too large");
        assertThat(proofOf(300_001))
                .contains("With more than 300,000 rows", "sha256sum -c")
                .doesNotContain("Verify\n");
    }

    /** What the page says of a month with so many rows. */
    private static String proofOf(int rows) {
        return (String) browser.run("""
                const files = ['html.js', 'views/closing.js'].map((name) => import(`/console/static/${name}`));
                return Promise.all(files).then(([{ html, render }, { Proof }]) => {
                  const place = document.createElement('div');
                  document.body.append(place);
                  render(html`<${Proof} period=${{ month: '2026-10', rows: arguments[0], hash: 'f'.repeat(64) }} />`, place);
                  return place.innerText;
                });""", rows);
    }

    @Test
    void a_step_of_a_month_waits_for_those_before_it_and_closing_is_not_offered_without_the_role() throws IOException {
        console.signIn("fiona", "periods/" + YearMonth.from(TODAY) + "?lang=en").awaitLoaded();

        assertThat(browser.findAll("steps", "li > div > :first-child"))
                .extracting(WebElement::getText)
                .containsExactly(
                        "All fees have ended",
                        "The month is over",
                        "The vendor’s bill is imported",
                        "Its differences are worked through",
                        "The books agree with themselves",
                        "Books, bills and invoices are one",
                        "The month is closed");
        assertThat(browser.findAll("steps", "li"))
                .extracting(step -> step.getDomAttribute("class"))
                .as("fees may come while the month lasts, differences with a bill")
                .containsExactly("later", "now", "now", "later", "done", "later", "later");
        assertThat(browser.text("steps")).contains("The month is not over", "finance-admin");
        assertThat(browser.has("[data-testid=close]")).isFalse();
        assertThat(browser.find("step-import").getDomAttribute("href"))
                .contains(
                        "from=" + TODAY.withDayOfMonth(1),
                        "to=" + YearMonth.from(TODAY).atEndOfMonth());

        imported("agrees.csv", stack.bill(), "fiona");
        console.open("periods/" + YearMonth.from(TODAY) + "?lang=en");
        assertThat(browser.findAll("steps", "li"))
                .extracting(step -> step.getDomAttribute("class"))
                .as("a bill may follow while the month lasts")
                .containsExactly("later", "now", "later", "later", "done", "later", "later");
    }

    @Test
    void a_month_is_compared_with_the_one_before_and_every_day_of_it_is_drawn() {
        LocalDate last = YearMonth.from(TODAY).atEndOfMonth();
        console.signIn("fiona", "home?lang=en").awaitLoaded();

        assertThat(browser.text("tile-refunded")).as("a fall to nothing").contains("0.00 CNY", "-100%");
        assertThat(browser.text("tile-charged")).as("nothing before").doesNotContain("%");
        assertThat(browser.findAll("tile-charged", "a").get(0).getDomAttribute("href"))
                .contains("from=" + TODAY.withDayOfMonth(1), "to=" + last, "status=CHARGED");
        assertThat(browser.run("return document.querySelectorAll('.chart tbody tr').length"))
                .isEqualTo((long) last.getDayOfMonth());
        assertThat(console.cells("summary", 1)).as("days with fees").hasSize(1);
    }

    @Test
    void a_month_without_fees_says_what_will_be_there_and_leads_on() {
        YearMonth before = EARLIER.minusMonths(1);
        console.signIn("ada", "home?lang=en&month=" + before).awaitLoaded();
        assertThat(browser.text("empty")).contains("no fees in this period", "the steps to the close");
        assertThat(console.violations()).isEmpty();
        browser.picture("console-empty-month");

        browser.press("[data-testid=empty] a");
        browser.awaitShown("tiles");
        assertThat(browser.address()).contains("month=" + YearMonth.from(TODAY));
    }

    @Test
    void charges_are_saved_as_a_workbook_that_others_can_read_and_the_audit_list_has_it() throws IOException {
        LocalDate from = TODAY.minusDays(1);
        console.signIn("fiona", "charges?status=CHARGED&lang=en&from=" + from).awaitLoaded();

        browser.click("export-xlsx");
        List<String> callers = new ArrayList<>();
        List<String> summary = new ArrayList<>();
        try (InputStream file = Files.newInputStream(saved("charges-" + from + ".xlsx"));
                ReadableWorkbook workbook = new ReadableWorkbook(file)) {
            Sheet sheet = workbook.getFirstSheet();
            for (Row row : sheet.read()) {
                callers.add(row.getCellText(1));
            }
            for (Row row : workbook.getSheet(1).orElseThrow().read()) {
                if (row.getCellCount() > 1) {
                    summary.add(row.getCellText(0) + " " + row.getCellText(1));
                }
            }
        }
        assertThat(summary).contains("exportedBy console/fiona");
        assertThat(callers).hasSize(1 + FEES).startsWith("caller").endsWith("shop");

        console.open("audit?what=exported&who=console/fiona&lang=en");
        assertThat(console.cells("audit", 3)).isNotEmpty().containsOnly("Exported");
        assertThat(console.cells("audit", 4)).first().isEqualTo("Charges");
        assertThat(console.cells("audit", 5)).first().asString().contains("Form xlsx", "Status Charged");
    }

    /** Goes there by the key Tab, and presses another one, or types. */
    private static void byKeyboard(String css, CharSequence key) {
        browser.until(css + " is there", () -> browser.has(css));
        for (int tabs = 0; !browser.has(css + ":focus"); tabs++) {
            assertThat(tabs).as("tabs to " + css).isLessThan(MOST_TABS);
            browser.tab();
        }
        browser.keys(key);
    }

    private static boolean succeeds(String command) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", command)
                        .directory(folder.toFile())
                        .inheritIO()
                        .start()
                        .waitFor()
                == 0;
    }

    /** The period reaches from yesterday to tomorrow, so that no fee of this test is near its edge. */
    private static void periodOfBill() {
        browser.run(
                "document.querySelector('[name=from]').value = arguments[0]; document.querySelector('[name=to]').value = arguments[1];"
                        + " document.querySelector('[name=to]').dispatchEvent(new Event('input', { bubbles: true }))",
                TODAY.minusDays(1).toString(),
                TODAY.plusDays(1).toString());
    }

    /**
     * The bill has another amount on the first line, none for the second fee, a line that no session has, one without a
     * time, and a wrong total.
     */
    private static Path damaged() throws IOException {
        List<String> lines = new ArrayList<>(stack.bill());
        lines.set(1, lines.get(1).replace("0.80", "0.82"));
        lines.remove(2);
        lines.add(lines.get(2).replaceFirst("^[0-9]{4}", "9999"));
        lines.add("043439882226367117195632,30 February,实扣,0.80");
        List<String> noted = new ArrayList<>(List.of(lines.get(0) + ",note"));
        lines.stream().skip(1).map(line -> line + "," + NOTE).forEach(noted::add);
        noted.add("合计,,,99.00,");
        return Files.write(folder.resolve("damaged.csv"), noted);
    }

    private static Path asWorkbook(List<String> lines) throws IOException {
        Path file = folder.resolve("bill.xlsx");
        try (OutputStream out = Files.newOutputStream(file);
                Workbook book = new Workbook(out, "vendor", null)) {
            Worksheet sheet = book.newWorksheet("bill");
            for (int row = 0; row < lines.size(); row++) {
                String[] cells = lines.get(row).replace("\ufeff", "").split(",");
                for (int column = 0; column < cells.length; column++) {
                    sheet.value(row, column, cells[column]);
                }
            }
        }
        return file;
    }

    private static Path saved(String name) {
        Path file = folder.resolve(name);
        browser.until(name + " is saved", () -> Files.exists(file));
        return file;
    }
}

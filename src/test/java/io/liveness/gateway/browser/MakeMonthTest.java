package io.liveness.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.bill.Work;
import io.liveness.gateway.books.comparison.BooksFixture;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.browser.Browser;
import io.liveness.gateway.testsupport.browser.Chromium;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The past that a newcomer makes on the demo's page, as in dev mode: with the sandbox on the gateway's own port. */
@QuarkusTest
@TestProfile(OptionsOn.class)
class MakeMonthTest {

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    @RegisterExtension
    static final Browser browser = new Browser(Chromium::refusingCamera);

    @TestHTTPResource("/")
    URL gateway;

    @Inject
    BooksFixture books;

    @Inject
    Stored stored;

    @Inject
    SettableClock clock;

    private final Api admin = Api.person("ada", "console", "finance+finance-admin");
    private String month;

    @BeforeEach
    void nothing_is_stored() throws SQLException {
        clock.go();
        stored.removeBefore(clock.instant());
        books.beginHere();
    }

    @AfterEach
    void nothing_stays() throws SQLException {
        stored.reopen("%");
        Work.remove(stored);
        stored.removeBefore(clock.instant());
    }

    @Test
    void a_month_is_made_once_and_two_people_close_it_once_its_six_differences_are_accepted() throws SQLException {
        browser.start(gateway, "newcomer");
        browser.click("make-month");
        browser.awaitShown("bill");
        assertThat(browser.text("made")).contains(" checks were made.");
        Map<String, Object> made = RestAssured.get("/sandbox/month").path("");
        month = (String) made.get("month");
        assertThat((Integer) made.get("sessions")).isBetween(250, 350);
        assertThat(stored.strings("select distinct status from liveness_session where idempotency_key like 'month-%'"))
                .containsExactlyInAnyOrder("PASSED", "NOT_PASSED", "FAILED", "EXPIRED", "REJECTED", "UNKNOWN");

        browser.click("make-month");
        browser.until("nothing is added", () -> browser.text("made").contains("nothing was added"));
        assertThat(RestAssured.get("/sandbox/month").<Map<String, Object>>path(""))
                .isEqualTo(made);

        books.pass();
        assertThat(stored.count("select entry_to from books_comparison"))
                .isEqualTo(stored.count("select max(id) from ledger_entry"))
                .isPositive();
        assertThat(stored.strings("select kind || ' ' || session_id from books_difference"))
                .isEmpty();

        Work finance = new Work(admin);
        String statement = finance.imported(bill(), period());
        List<Map<String, Object>> differences = finance.items(statement, "");
        List<Map<String, Object>> damages = RestAssured.get("/sandbox/month").path("damages");
        assertThat(damages).hasSize(6);
        assertThat(told(differences)).isEqualTo(told(damages));
        close(admin, Map.of()).then().statusCode(409).body("reasons.code", equalTo(List.of("differences-open")));

        differences.forEach(difference ->
                finance.accept(statement, (String) difference.get("id")).then().statusCode(200));
        Api ben = Api.person("ben", "ledger", "finance-admin");
        finance.items(statement, "state=PROPOSED")
                .forEach(proposed -> new Work(ben)
                        .confirm(statement, (String) proposed.get("id"))
                        .then()
                        .statusCode(200));
        close(admin, Map.of())
                .then()
                .statusCode(409)
                .body("reasons.code", equalTo(List.of("not-reconciled", "not-invoiced")));
        close(admin, Map.of("reason", "a line cannot be read")).then().statusCode(200);
        close(ben, Map.of("proposedBy", admin.caller())).then().statusCode(200).body("status", equalTo("CLOSED"));
    }

    @Test
    void a_newcomer_closes_the_month_in_the_console_as_two_people(@TempDir Path folder) throws IOException {
        browser.start(gateway, "newcomer");
        browser.click("make-month");
        browser.awaitShown("bill");
        month = RestAssured.get("/sandbox/month").path("month");

        browser.open(gateway + "console/import?lang=en");
        browser.until("the choice of a person", () -> browser.has("[data-person=ada]"));
        browser.press("[data-person=ada]");
        browser.until("the field for the file", () -> browser.has("input[type=file]"));
        browser.upload("input[type=file]", Files.writeString(folder.resolve("bill.csv"), bill()));
        // The file's period is filled in once the page shows that the file is checked.
        browser.awaitShown("checked");
        browser.click("import");
        browser.click("to-differences");
        browser.click("accept-fitting");
        browser.awaitShown("fitting");
        browser.type("dialog [name=reason]", "as the vendor says");
        browser.click("confirm");
        browser.until("all are proposed", () -> !browser.text("worked").isEmpty());
        String differences = browser.address().replaceAll(".*/console/([^?]+).*", "$1");

        goOnAs("ben", differences);
        browser.click("confirm-fitting");
        browser.awaitShown("fitting");
        browser.click("confirm");
        browser.until("all are confirmed", () -> !browser.text("worked").isEmpty());
        browser.open(gateway + "console/periods/" + month + "?lang=en");
        browser.click("close");
        browser.type("dialog [name=reason]", "a line cannot be read");
        browser.click("confirm");
        browser.awaitShown("decline-close");

        goOnAs("ada", "periods/" + month);
        browser.click("close");
        browser.click("confirm");

        browser.until("it is closed", () -> browser.text("standing").startsWith("Closed permanently"));
    }

    private void goOnAs(String person, String view) {
        browser.open(gateway + "console/signed-out");
        browser.forgetCookies();
        browser.open(gateway + "console/" + view + "?lang=en");
        browser.until("the choice of a person", () -> browser.has("[data-person=" + person + "]"));
        browser.press("[data-person=" + person + "]");
    }

    private Response close(Api who, Map<String, String> body) {
        return who.request()
                .header("Idempotency-Key", UUID.randomUUID())
                .contentType("application/json")
                .body(body)
                .post("/v1/periods/" + month + "/close");
    }

    private static String bill() {
        return new String(RestAssured.get("/sandbox/month/bill.csv").asByteArray(), StandardCharsets.UTF_8);
    }

    private String period() {
        YearMonth of = YearMonth.parse(month);
        return "from=" + of.atDay(1).atStartOfDay(ZONE).toInstant() + "&to="
                + of.plusMonths(1).atDay(1).atStartOfDay(ZONE).toInstant();
    }

    private static Map<String, String> told(List<Map<String, Object>> all) {
        return all.stream()
                .collect(Collectors.toMap(one -> (String) one.get("kind"), one -> (String) one.get("taskNo")));
    }
}

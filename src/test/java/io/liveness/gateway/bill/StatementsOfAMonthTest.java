package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.bill.Books.Fee;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reasons of statements against the closing of a month. */
@QuarkusTest
class StatementsOfAMonthTest {

    private static final Instant NOON = Books.BEGIN.plus(Duration.ofHours(12));
    private static final String UNTIL_EIGHTEEN = "from=2019-03-01T00:00:00Z&to=2019-03-01T18:00:00Z";

    private final Work work = new Work(Api.as("admin-" + UUID.randomUUID(), "finance-admin"));

    @Inject
    Stored stored;

    @Inject
    DataSource database;

    private Books books;

    @BeforeEach
    void begin() throws SQLException {
        // Months close in order: March is the first one.
        stored.removeBefore(Books.BEGIN);
        books = new Books(stored);
    }

    @AfterEach
    void remove() throws SQLException {
        Work.remove(stored);
    }

    @Test
    void without_any_statement_a_month_is_closed_with_a_warning_that_is_kept() {
        books.charged(NOON);
        books.charged(NOON);
        assertThat(codes()).isEmpty();
        Map<String, Object> month = month();
        assertThat(warnings(month)).containsExactly(Map.entry("no-statement", 2));

        Map<String, Object> closed = close().then().statusCode(200).extract().path("");

        assertThat(closed.get("warnings")).isEqualTo(month.get("warnings"));
        assertThat(month().get("warnings")).isEqualTo(month.get("warnings"));
        assertThat(stored.strings(
                        "select detail ->> 'warnings' from audit_entry where what = 'period-closed' and who = ?",
                        work.who().caller()))
                .containsExactly("no-statement");
    }

    @Test
    void a_line_outside_of_the_stated_period_is_a_warning() {
        Fee fee = books.charged(NOON);
        work.imported(Work.HEADER + fee.line(NOON.plus(Duration.ofHours(10)), "实扣", "0.80"), UNTIL_EIGHTEEN);

        assertThat(codes()).isEmpty();
        assertThat(warnings(month())).containsExactly(Map.entry("lines-outside-period", 1));
    }

    @Test
    void a_fee_that_lies_in_the_period_of_no_statement_is_missed_once_statements_are_in_use() {
        Fee fee = books.charged(NOON);
        books.charged(NOON.plus(Duration.ofHours(8)));
        books.charged(NOON.plus(Duration.ofHours(9)));
        String before = work.imported(Work.HEADER, "from=2019-02-01T00:00:00Z&to=2019-02-02T00:00:00Z");
        assertThat(codes()).containsExactly("statement-missing");

        work.imported(Work.HEADER + fee.line(), UNTIL_EIGHTEEN);
        assertThat(finding("statement-missing"))
                .containsEntry("count", 2)
                .hasEntrySatisfying(
                        "detail",
                        detail -> assertThat((String) detail)
                                .contains("2019-03-01T18:00:00.000Z to 2019-03-31T16:00:00.000Z"));

        work.withdraw(before);
        assertThat(codes()).containsExactly("statement-missing");
    }

    @Test
    void fees_before_the_first_statement_need_none_and_are_a_warning() {
        books.charged(NOON.minus(Duration.ofHours(1)));
        Fee fee = books.charged(NOON.plus(Duration.ofHours(1)));

        work.imported(Work.HEADER + fee.line(), "from=2019-03-01T12:00:00Z&to=2019-03-31T16:00:00Z");

        assertThat(codes()).isEmpty();
        assertThat(warnings(month())).containsExactly(Map.entry("no-statement", 1));
    }

    @Test
    void a_fee_is_missing_on_a_bill_of_its_currency_alone_and_needs_one() throws SQLException {
        String wholeMonth = "from=2019-02-28T16:00:00Z&to=2019-03-31T16:00:00Z";
        Fee fee = books.charged(NOON);
        Fee dollars = books.charged(NOON);
        stored.unguarded("update ledger_entry set currency = 'USD' where session_id = ?", dollars.session());
        stored.execute("update liveness_session set fee_currency = 'USD' where id = ?", dollars.session());

        String yuan = work.imported(Work.HEADER + fee.line(), wholeMonth);
        assertThat(work.items(yuan, "")).isEmpty();
        assertThat(finding("statement-missing")).containsEntry("count", 1);

        JsonObject mapping = new JsonObject(
                work.who().request().get("/v1/statement-mappings/default").asString());
        work.who()
                .request()
                .contentType("application/json")
                .body(mapping.getJsonObject("mapping").put("currency", "USD").encode())
                .put("/v1/statement-mappings/dollars")
                .then()
                .statusCode(200);
        String bill = work.imported(Work.HEADER, "mapping=dollars&" + wholeMonth);
        work.who().request().delete("/v1/statement-mappings/dollars").then().statusCode(204);
        assertThat(codes()).containsExactly("differences-open");
        work.accept(bill, (String) work.items(bill, "").get(0).get("id"))
                .then()
                .statusCode(200)
                .body("adjustment.currency", equalTo("USD"));
    }

    @Test
    void a_statement_of_the_next_month_alone_asks_nothing_of_this_one() {
        books.charged(NOON);
        work.imported(Work.HEADER, "from=2019-04-01T00:00:00Z&to=2019-04-02T00:00:00Z");

        assertThat(codes()).isEmpty();
    }

    @Test
    void differences_stand_in_the_way_until_they_are_accepted() {
        Fee fee = books.charged(NOON);
        String statement = work.imported(
                Work.HEADER + fee.line(fee.at(), "实扣", "0.90") + books.taskNo() + ",2019-03-01 20:00:00,实扣,100.01\n",
                UNTIL_EIGHTEEN);
        List<Map<String, Object>> both = work.items(statement, "");
        assertThat(both).hasSize(2);
        assertThat(finding("differences-open"))
                .containsEntry("count", 2)
                .containsEntry("parameters", Map.of("statement", statement, "proposed", "0"));
        assertThat(both)
                .as("what acceptance would add")
                .extracting(item -> (Object) ((Map<?, ?>) item.get("adjustment")).get("value"))
                .containsExactly("0.10", "100.01");

        both.forEach(
                item -> work.accept(statement, (String) item.get("id")).then().statusCode(200));
        assertThat(finding("differences-open"))
                .containsEntry("count", 1)
                .hasEntrySatisfying(
                        "detail", detail -> assertThat((String) detail).contains("1 of them await a second person"))
                .containsEntry("parameters", Map.of("statement", statement, "proposed", "1"));

        Work second = new Work(Api.person("second-" + UUID.randomUUID(), "finance-app", "finance-admin"));
        second.confirm(statement, (String)
                        work.items(statement, "state=PROPOSED").get(0).get("id"))
                .then()
                .statusCode(200);
        assertThat(codes()).isEmpty();

        Work first = new Work(Api.person("first-" + UUID.randomUUID(), "first-app", "finance"));
        first.withdraw(statement);
        second.withdrawal(statement, first).then().statusCode(200);
        assertThat(codes()).isEmpty();
    }

    @Test
    void the_archive_shows_that_four_eyes_were_those_of_two_people() {
        Api ada = Api.person("ada-" + UUID.randomUUID(), "office", "finance-admin");
        Api ben = Api.person("ben-" + UUID.randomUUID(), "office", "finance-admin");
        Fee fee = books.charged(NOON);
        String statement = new Work(ada)
                .imported(
                        Work.HEADER + fee.line() + books.taskNo() + ",2019-03-01 20:00:00,实扣,100.01\n",
                        "invoiceTotal=100.81&from=2019-02-28T16:00:00Z&to=2019-03-31T16:00:00Z");
        String difference = (String) work.items(statement, "").get(0).get("id");
        new Work(ada).accept(statement, difference).then().statusCode(200);
        new Work(ben).confirm(statement, difference).then().statusCode(200);
        close().then().statusCode(200);

        Map<String, String> archive = archive();
        JsonObject acceptance = new JsonObject(archive.get("acceptances.ndjson"));
        assertThat(acceptance.getString("acceptedBySubject")).isEqualTo(ada.subject());
        assertThat(acceptance.getString("confirmedBySubject")).isEqualTo(ben.subject());
        assertThat(acceptance.getString("confirmedByIssuer")).isEqualTo(acceptance.getString("acceptedByIssuer"));
        assertThat(acceptance.getString("confirmedByName")).isEqualTo(ben.subject());
        assertThat(archive.get("statements.ndjson")).contains("\"importedBySubject\":\"" + ada.subject());
        assertThat(archive.get("audit.ndjson").lines().filter(line -> line.contains("difference-confirmed")))
                .singleElement()
                .asString()
                .contains("\"personSubject\":\"" + ben.subject());
        work.who()
                .request()
                .get("/v1/adjustments?statement=" + statement)
                .then()
                .body("items[0].byPerson.subject", equalTo(ada.subject()))
                .body("items[0].confirmedByPerson.subject", equalTo(ben.subject()));
    }

    @Test
    void what_another_bill_explained_stands_in_the_way_once_that_is_withdrawn() {
        Fee fee = books.charged(NOON);
        String without = work.imported(Work.HEADER, "from=2019-02-28T16:00:00Z&to=2019-03-31T16:00:00Z");
        String missing = (String) work.items(without, "").get(0).get("id");
        String first = work.imported(Work.HEADER + fee.line(), UNTIL_EIGHTEEN);
        work.accept(without, missing).then().statusCode(200);
        String second = work.imported(Work.HEADER + "\n" + fee.line(), UNTIL_EIGHTEEN);
        work.accept(second, (String) work.items(second, "").get(0).get("id"))
                .then()
                .statusCode(200);
        String third = work.imported(Work.HEADER + "\n\n", UNTIL_EIGHTEEN);
        assertThat(work.items(third, "kind=CUT_OFF")).hasSize(1);
        assertThat(codes()).isEmpty();

        work.withdraw(first);
        assertThat(finding("statements-outdated"))
                .containsEntry("count", 3)
                .hasEntrySatisfying(
                        "detail", detail -> assertThat((String) detail).contains(without, second, third));
        close().then().statusCode(409).body("reasons.code", equalTo(List.of("statements-outdated")));

        List.of(without, second, third).forEach(work::withdraw);
        work.imported(Work.HEADER + fee.line(), "from=2019-02-28T16:00:00Z&to=2019-03-31T16:00:00Z");
        assertThat(codes()).isEmpty();
    }

    @Test
    void the_archive_says_in_words_why_a_line_cannot_be_read_and_what_was_waived() {
        Fee fee = books.charged(NOON);
        String statement = work.imported(
                Work.HEADER + fee.line() + books.taskNo() + ",2019-03-01 20:00:00,实扣,x\n",
                "invoiceTotal=0.80&from=2019-02-28T16:00:00Z&to=2019-03-31T16:00:00Z");
        String line =
                (String) work.items(statement, "kind=UNREADABLE_LINE").get(0).get("id");
        work.post(statement, line + "/accept", Work.key(), Map.of("reason", "no check", "waived", "0.80"))
                .then()
                .statusCode(200);

        close().then().statusCode(200);

        assertThat(archive().get("differences.ndjson"))
                .contains("\"detail\":\"column amount is no amount such as 0.80 or 1,234.50\"");
        assertThat(archive().get("acceptances.ndjson"))
                .contains("\"waivedAmount\":\"0.80\",\"waivedCurrency\":\"CNY\"");
    }

    @Test
    void what_is_accepted_of_a_bill_after_its_month_is_in_the_months_sums_until_that_is_closed() {
        Fee missing = books.charged(NOON);
        Fee dearer = books.charged(NOON.plusSeconds(60));
        String statement = work.imported(
                Work.HEADER + dearer.line(dearer.at(), "实扣", "0.90") + books.taskNo()
                        + ",2019-03-01 20:00:00,实扣,0.30\n",
                "invoiceTotal=1.20&from=2019-02-28T16:00:00Z&to=2019-03-31T16:00:00Z");
        assertThat(total())
                .containsEntry("charges", "1.60")
                .containsEntry("bill", "1.20")
                .containsEntry("difference", "0.40");
        List<String> three = work.items(statement, "").stream()
                .map(item -> (String) item.get("id"))
                .toList();
        assertThat(three).hasSize(3);
        three.forEach(id -> work.accept(statement, id).then().statusCode(200));

        Map<String, Object> closed = close().then().statusCode(200).extract().path("totals[0]");
        assertThat(closed)
                .containsEntry("charged", Map.of("count", 2, "amount", "1.60"))
                .containsEntry("adjusted", Map.of("count", 3, "amount", "-0.40"));

        assertThat(total())
                .containsEntry("fees", 2)
                .containsEntry("charges", "1.60")
                .containsEntry("corrections", "-0.40")
                .containsEntry("lines", 2)
                .containsEntry("bill", "1.20")
                .containsEntry("difference", "0.00")
                .containsEntry("invoice", "1.20");
        assertThat(results())
                .containsExactly(
                        "AMOUNT_DIFFERS 0.80 0.10 0.90 0.00",
                        "MISSING_IN_LEDGER 0.00 0.30 0.30 0.00",
                        "MISSING_IN_STATEMENT 0.80 -0.80 0.00 0.00");
        assertThat(file())
                .hasSize(6)
                .contains("CNY,TOTAL,2,1.60,-0.40,0.00,2,1.20,0.00,0.00,1.20,,,,")
                .anyMatch(line -> line.startsWith("CNY,STATEMENT,,,,,2,1.20,,,1.20," + statement));

        Map<String, String> archive = archive();
        assertThat(archive.keySet())
                .containsExactly(
                        "proof.ndjson",
                        "month.json",
                        "reconciliation.ndjson",
                        "statements.ndjson",
                        "differences.ndjson",
                        "acceptances.ndjson",
                        "audit.ndjson",
                        "SHA256SUMS");
        assertThat(archive.get("month.json"))
                .contains(
                        "\"month\":\"2019-03\"", "\"closedBy\":\"" + work.who().caller());
        assertThat(archive.get("statements.ndjson")).contains(statement, "\"invoiceAmount\":\"1.20\"");
        assertThat(archive.get("differences.ndjson").lines()).hasSize(3).allMatch(line -> line.contains(statement));
        assertThat(archive.get("acceptances.ndjson").lines())
                .hasSize(3)
                .anyMatch(line -> line.contains("\"amount\":\"-0.80\"")
                        && line.contains(missing.session().toString()));
        assertThat(archive.get("audit.ndjson").lines().filter(line -> line.contains("difference-accepted")))
                .hasSize(3);

        String march = "select count(*) from ledger_entry where session_id = ? and of_month = '2019-03'";
        assertThat(stored.count(march, missing.session())).isZero();
        work.unaccept(statement, three.get(0)).then().statusCode(200);
        work.withdraw(statement);
        assertThat(stored.count(march, missing.session())).isEqualTo(1);
        assertThat(stored.strings("select distinct of_month || (counted_at is null)::text from ledger_entry"
                        + " where acceptance_id is not null and of_month is not null"))
                .containsExactly("2019-03true");
        assertThat(summary().get("adjusted")).isEqualTo(Map.of("count", 3, "amount", "-0.40"));
        assertThat(total())
                .containsEntry("corrections", "-0.40")
                .containsEntry("correctedLater", "0.40")
                .containsEntry("bill", "0.00")
                .containsEntry("difference", "1.60")
                .doesNotContainKey("invoice");
    }

    @Test
    void the_bills_of_a_month_may_come_to_more_than_a_bigint_holds() {
        books.charged(NOON);
        for (int day = 1; day <= 2; day++) {
            StringBuilder bill = new StringBuilder(Work.HEADER);
            for (int i = 0; i < 5_000; i++) {
                bill.append(books.taskNo()).append(",2019-03-0").append(day + 1).append(" 12:00:00,实扣,1000000000.00\n");
            }
            work.imported(
                    bill.toString(), "from=2019-03-0" + day + "T16:00:00Z&to=2019-03-0" + (day + 1) + "T16:00:00Z");
        }

        assertThat(total()).containsEntry("bill", "10000000000000.00").containsEntry("difference", "-9999999999999.20");
        assertThat(file()).anyMatch(line -> line.contains("-9999999999999.20"));
    }

    @Test
    void a_late_line_on_a_bill_of_the_next_month_is_in_the_reconciliation_of_its_fee() {
        Fee fee = books.charged(NOON);
        work.imported(Work.HEADER + fee.line(), "from=2019-04-03T00:00:00Z&to=2019-04-10T00:00:00Z");

        assertThat(total())
                .containsEntry("charges", "0.80")
                .containsEntry("bill", "0.80")
                .containsEntry("difference", "0.00");
    }

    @Test
    void a_close_waits_for_a_bill_that_is_being_matched_and_sees_its_differences() throws SQLException {
        books.charged(NOON);
        CompletableFuture<Response> closing;
        try (Connection matching = database.getConnection();
                java.sql.Statement statement = matching.createStatement()) {
            matching.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(1818850414, 1835103331)");
            closing = CompletableFuture.supplyAsync(this::close);
            await().until(this::somebodyWaits);
            statement.execute("""
                    insert into statement (id, status, dry_run, sha256, mapping, definition, definition_hash, currency, imported_by, imported_at,
                        worked_at, counts, period_from, period_to)
                    values (gen_random_uuid(), 'DONE', false, '', 'default', '{}', '', 'CNY', 'finance', now(), now(),
                        '{"MISSING_IN_STATEMENT": 1}', '2019-02-28T16:00:00Z', '2019-03-31T16:00:00Z')
                    """);
            matching.commit();
        }

        closing.join().then().statusCode(409).body("reasons.code", equalTo(List.of("differences-open")));
    }

    @Test
    void a_close_waits_for_the_withdrawal_of_a_bill_of_the_month() throws SQLException {
        Fee fee = books.charged(NOON);
        String statement = work.imported(
                Work.HEADER + fee.line(), "invoiceTotal=0.80&from=2019-02-28T16:00:00Z&to=2019-03-31T16:00:00Z");
        CompletableFuture<Response> closing;
        try (Connection other = database.getConnection();
                java.sql.Statement withdrawal = other.createStatement()) {
            other.setAutoCommit(false);
            withdrawal.execute("select pg_advisory_xact_lock_shared(1818850414, 1835103331)");
            withdrawal.execute("update statement set status = 'WITHDRAWN', withdrawn_by = 'finance', reason = 'wrong',"
                    + " withdrawn_at = now() where id = '" + statement + "'");
            closing = CompletableFuture.supplyAsync(this::close);
            await().until(this::somebodyWaits);
            other.commit();
        }

        closing.join().then().statusCode(409).body("reasons.code", equalTo(List.of("not-a-person")));
    }

    private boolean somebodyWaits() {
        return stored.count("select count(*) from pg_locks where not granted") > 0;
    }

    /** The files in it by their names. What it has is what its hashes are of. */
    private Map<String, String> archive() {
        byte[] whole = work.who()
                .request()
                .get("/v1/periods/2019-03/archive")
                .then()
                .statusCode(200)
                .contentType("application/zip")
                .extract()
                .asByteArray();
        Map<String, Object> month = month();
        assertThat(sha256(whole)).isEqualTo(month.get("archiveHash"));
        Map<String, String> files = new LinkedHashMap<>();
        StringBuilder sums = new StringBuilder();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(whole))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                byte[] file = zip.readAllBytes();
                files.put(entry.getName(), new String(file, StandardCharsets.UTF_8));
                if (!entry.getName().equals("SHA256SUMS")) {
                    sums.append(sha256(file) + "  " + entry.getName() + "\n");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(files.get("SHA256SUMS")).isEqualTo(sums.toString()).startsWith(month.get("hash") + "  proof.ndjson");
        return files;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, Object> total() {
        return reconciliation().statusCode(200).extract().path("totals[0]");
    }

    /** The sums of each kind of result: charges, corrections, bill and difference. */
    private List<String> results() {
        List<Map<String, Object>> results =
                reconciliation().statusCode(200).extract().path("results");
        return results.stream()
                .map(one -> one.get("result") + " " + one.get("charges") + " " + one.get("corrections") + " "
                        + one.get("bill") + " " + one.get("difference"))
                .toList();
    }

    private ValidatableResponse reconciliation() {
        return work.who().request().get("/v1/periods/2019-03/reconciliation").then();
    }

    private List<String> file() {
        return work.who()
                .request()
                .accept("text/csv")
                .get("/v1/periods/2019-03/reconciliation")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .lines()
                .toList();
    }

    private Map<String, Object> summary() {
        return work.who()
                .request()
                .get(Api.CHARGES + "/summary?groupBy=month&from=2019-02-28T16:00:00Z&to=2019-03-31T16:00:00Z")
                .then()
                .statusCode(200)
                .extract()
                .path("totals[0]");
    }

    private List<String> codes() {
        return checklist().stream()
                .map(finding -> (String) finding.get("code"))
                .filter(code -> code.startsWith("statement") || code.startsWith("differences"))
                .toList();
    }

    private Map<String, Object> finding(String code) {
        return checklist().stream()
                .filter(finding -> finding.get("code").equals(code))
                .findFirst()
                .orElseThrow();
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> checklist() {
        return (List<Map<String, Object>>) month().get("checklist");
    }

    @SuppressWarnings("unchecked")
    private static List<Map.Entry<Object, Object>> warnings(Map<String, Object> month) {
        return ((List<Map<String, Object>>) month.get("warnings"))
                .stream()
                        .map(one -> Map.entry(one.get("code"), one.get("count")))
                        .toList();
    }

    private Map<String, Object> month() {
        return work.who()
                .request()
                .get("/v1/periods/2019-03")
                .then()
                .statusCode(200)
                .extract()
                .path("");
    }

    private Response close() {
        return work.who()
                .request()
                .header("Idempotency-Key", Work.key())
                .contentType("application/json")
                .body("{}")
                .post("/v1/periods/2019-03/close");
    }
}

package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.liveness.gateway.bill.Books.Fee;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.http.RawAnswer;
import io.liveness.gateway.testsupport.http.RawConnection;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ImportStatementTest {

    private static final String STATEMENTS = "/v1/statements";
    private static final String PREVIEW = STATEMENTS + "/preview";
    private static final String HEADER = "taskNo,time,status,amount\n";
    private static final Instant NOON = Books.BEGIN.plus(Duration.ofHours(12));
    private static final String LEFT = """
            select (select count(*) from statement) + (select count(*) from statement_piece)
                + (select count(*) from statement_match)""";

    private final Api finance = Api.as("finance-" + UUID.randomUUID(), "finance");
    private final Work work = new Work(finance);

    @Inject
    Stored stored;

    private Books books;

    @BeforeEach
    void begin() {
        books = new Books(stored);
    }

    @AfterEach
    void remove() throws SQLException {
        Books.remove(stored);
    }

    @Test
    void a_statement_that_agrees_with_our_books_has_no_difference() {
        String file = HEADER
                + books.charged(NOON).line()
                + books.refunded(NOON.plusSeconds(1)).line()
                + books.open(NOON.plusSeconds(2)).line();

        Response answer = send(file, "fileName=bill.csv");

        answer.then().statusCode(201);
        assertThat(answer.header("Location")).isEqualTo(STATEMENTS + "/" + answer.path("id"));
        assertThat(answer.<Map<String, Object>>path("$"))
                .containsEntry("status", "DONE")
                .containsEntry("fileName", "bill.csv")
                .containsEntry("charset", "UTF-8")
                .containsEntry("lines", 3)
                .containsEntry("matched", 3)
                .containsEntry("importedBy", finance.caller())
                .containsEntry("from", "2019-03-01T00:00:00.000Z")
                .containsEntry("sum", Map.of("value", "2.40", "currency", "CNY"))
                .containsEntry("charged", Map.of("value", "0.80", "currency", "CNY"));
        assertThat(differences(answer)).isEmpty();
        assertThat(stored.count("select count(*) from statement_piece")).isZero();
        assertThat(finance.request().get(answer.header("Location")).<Map<String, Object>>path("$"))
                .isEqualTo(answer.path("$"));
    }

    @Test
    void each_difference_is_found_with_both_sides() {
        Fee right = books.charged(NOON);
        Fee dearer = books.charged(NOON.plusSeconds(1));
        Fee returned = books.charged(NOON.plusSeconds(2));
        Fee both = books.refunded(NOON.plusSeconds(3));
        Fee missing = books.charged(NOON.plusSeconds(4));
        Fee unreadable = books.charged(NOON.plusSeconds(5));
        String unknown = books.taskNo();
        String file = HEADER
                + right.line()
                + dearer.line(dearer.at(), "实扣", "0.90")
                + returned.line(returned.at(), "退回", "0.80")
                + both.line(both.at(), "实扣", "0.90")
                + unreadable.line(unreadable.at(), "实扣", "1e3")
                + right.line()
                + unknown + ",2019-03-01 20:00:00,实扣,0.80\n";

        long entries = stored.count("select count(*) from ledger_entry");

        Response answer = send(file, "");

        assertThat(differences(answer))
                .containsExactly(
                        "AMOUNT_DIFFERS 3 " + dearer.session(),
                        "STATUS_DIFFERS 4 " + returned.session(),
                        "AMOUNT_DIFFERS 5 " + both.session(),
                        "STATUS_DIFFERS 5 " + both.session(),
                        "UNREADABLE_LINE 6 " + unreadable.session(),
                        "DUPLICATE_LINE 7 " + right.session(),
                        "MISSING_IN_LEDGER 8 null",
                        "MISSING_IN_STATEMENT null " + missing.session());
        assertThat(answer.<Integer>path("matched")).isEqualTo(1);
        assertThat(answer.<Map<String, Integer>>path("differences"))
                .containsEntry("AMOUNT_DIFFERS", 2)
                .containsEntry("MISSING_IN_LEDGER", 1)
                .containsEntry("AMBIGUOUS", 0);
        Map<String, Object> amount = items(answer, "kind=AMOUNT_DIFFERS").get(0);
        assertThat(amount)
                .containsEntry("taskNo", dearer.taskNo())
                .containsEntry(
                        "ours",
                        Map.of(
                                "status", "CHARGED",
                                "basis", "RULE",
                                "amount", Map.of("value", "0.80", "currency", "CNY"),
                                "at", "2019-03-01T12:00:01.000Z"))
                .containsEntry(
                        "theirs",
                        Map.of(
                                "status", "CHARGED",
                                "amount", Map.of("value", "0.90", "currency", "CNY"),
                                "at", "2019-03-01T12:00:01.000Z"));
        assertThat(items(answer, "kind=UNREADABLE_LINE").get(0))
                .containsEntry("detail", "column amount is no amount such as 0.80 or 1,234.50")
                .containsEntry("detailCode", "cell-no-amount")
                .containsEntry("detailParameters", Map.of("column", "amount"))
                .containsEntry("cells", List.of(unreadable.taskNo(), "2019-03-01 20:00:05", "实扣", "1e3"));
        assertThat(items(answer, ""))
                .filteredOn(item -> item.containsKey("cells"))
                .extracting(item -> item.get("kind"))
                .containsExactly("UNREADABLE_LINE");
        assertThat(stored.count("select count(*) from ledger_entry")).isEqualTo(entries);
    }

    @Test
    void any_character_of_an_unreadable_line_is_shown_and_its_long_cells_are_cut() {
        String cells = "0434,never,\"<b>\\ \"\"x\"\"\t\n\",a\0b," + "长".repeat(201);

        Response answer = send(HEADER.strip() + ",note\n" + cells + "\n", "");

        assertThat(items(answer, "kind=UNREADABLE_LINE").get(0))
                .containsEntry("cells", List.of("0434", "never", "<b>\\ \"x\"\t\n", "a\uFFFDb", "长".repeat(200)));
    }

    @Test
    void a_lost_fee_is_found_by_time_and_amount_and_its_presumption_is_judged() {
        Fee taken = books.lost(NOON);
        Fee back = books.lostAndBack(NOON.plusSeconds(600));
        Fee charged = books.lostAndBack(NOON.plusSeconds(1200));
        Fee never = books.lostAndBack(NOON.plusSeconds(1800));

        Response answer = send(
                HEADER
                        + taken.line(taken.at().plusSeconds(2), "预扣", "0.80")
                        + back.line(back.at().plusSeconds(2), "退回", "0.80")
                        + charged.line(charged.at().plusSeconds(2), "实扣", "0.80"),
                "");

        assertThat(differences(answer)).containsExactly("STATUS_DIFFERS 4 " + charged.session());
        assertThat(items(answer, "kind=STATUS_DIFFERS").get(0)).containsEntry("presumption", "CONTRADICTED");
        assertThat(items(answer, "kind=MATCHED"))
                .extracting(item -> item.get("sessionId") + " " + item.get("presumption"))
                .containsExactly(taken.session() + " CONFIRMED", back.session() + " CONFIRMED");
        assertThat(items(answer, "kind=NOT_BILLED"))
                .extracting(item -> item.get("sessionId"))
                .containsExactly(never.session().toString());
        assertThat(answer.<Integer>path("explained.NOT_BILLED")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"invoiceTotal=1.60, invoiceTotal", "from=2000-01-01T00:00:00Z, from", "to=2100-01-01T00:00:00Z, to"})
    void the_same_bytes_are_one_statement_and_with_another_parameter_refused_by_its_name(String query, String field) {
        String file = HEADER + books.charged(NOON).line();
        String given = "from=" + NOON.minusSeconds(60) + "&to=" + NOON.plusSeconds(60) + "&invoiceTotal=0.80";
        String first = sendAs(file, given).then().statusCode(201).extract().path("id");

        sendAs(file, query).then().statusCode(400).body("errors.field", contains(field));
        sendAs(file, given).then().statusCode(200).body("id", equalTo(first));
        sendAs(file, "fileName=other.csv").then().statusCode(200).body("id", equalTo(first));
        assertThat(stored.count("select count(*) from statement")).isEqualTo(1);
    }

    @Test
    void a_corrected_bill_takes_the_place_of_the_one_it_names_once() {
        String first = send(HEADER + books.charged(NOON).line(), "").path("id");
        String file = HEADER + books.charged(NOON.plusSeconds(1)).line();
        String corrected = send(file, "supersedes=" + first)
                .then()
                .statusCode(201)
                .body("supersedes", equalTo(first))
                .extract()
                .path("id");

        finance.request()
                .get(STATEMENTS + "/" + first)
                .then()
                .body("status", equalTo("SUPERSEDED"))
                .body("supersededBy", equalTo(corrected));
        Work.broken(send(HEADER + "\n", "supersedes=" + first), "supersedes");
        assertThat(stored.count("select count(*) from statement")).isEqualTo(2);
        send(file, "supersedes=" + first).then().statusCode(200).body("id", equalTo(corrected));
        Work.broken(send(file, "supersedes=" + corrected), "supersedes");

        send(HEADER + books.charged(NOON.plusSeconds(2)).line(), "supersedes=" + corrected)
                .then()
                .statusCode(201);
        send(file, "supersedes=" + first).then().statusCode(200).body("id", equalTo(corrected));
    }

    @Test
    void a_statement_may_be_withdrawn_and_its_file_imported_again() {
        String file = HEADER + books.charged(NOON).line();
        String first = send(file, "").path("id");

        Response withdrawn = withdraw(first);
        Response again = send(file, "");

        withdrawn
                .then()
                .statusCode(200)
                .body("status", equalTo("WITHDRAWN"))
                .body("withdrawnBy", equalTo(finance.caller()))
                .body("reason", equalTo("wrong month"));
        assertThat(withdraw(first).<Map<String, Object>>path("$")).isEqualTo(withdrawn.path("$"));
        again.then().statusCode(201);
        withdraw(UUID.randomUUID().toString()).then().statusCode(404);
    }

    @Test
    void a_dry_run_reports_the_result_and_has_no_effect() {
        Fee missing = books.charged(NOON);
        String file = HEADER + books.charged(NOON.plusSeconds(1)).line();

        Response dry = send(file, "dryRun=true");
        Response real = send(file, "");

        dry.then().statusCode(201).body("dryRun", equalTo(true));
        assertThat(differences(dry)).containsExactly("MISSING_IN_STATEMENT null " + missing.session());
        real.then().statusCode(201);
        assertThat(finance.request().get(STATEMENTS).<List<String>>path("items.id"))
                .containsExactly(real.<String>path("id"));
    }

    @Test
    void the_dry_run_of_a_known_file_is_refused_as_its_import_is() {
        String file = HEADER + books.charged(NOON).line();
        send(file, "").then().statusCode(201);

        send(file, "dryRun=true").then().statusCode(201);
        for (String otherwise : List.of("invoiceTotal=1.00", "dryRun=true&invoiceTotal=1.00")) {
            send(file, otherwise)
                    .then()
                    .statusCode(400)
                    .body("errors.field", contains("invoiceTotal"))
                    .body("errors.code", contains("imported-otherwise"));
        }
    }

    @Test
    void an_unusable_file_is_refused_with_the_line_and_nothing_of_it_is_kept() {
        String line = books.charged(NOON).line();

        refused("taskNo,time,status\n" + line, "line 1");
        refused(HEADER + line + "\"" + line, "line 3");
        refused("", "body");
        refused("PK\u0003\u0004 and more", "body");

        assertThat(finance.request().get(STATEMENTS).<List<String>>path("items.problem.flatten().code"))
                .as("stored, for those who read it in another language")
                .contains("header-missing", "csv-broken");
        assertThat(stored.count(LEFT))
                .isEqualTo(stored.count("select count(*) from statement where status = 'FAILED'"));
    }

    @Test
    void an_import_whose_process_has_ended_fails_within_seconds_and_its_file_can_be_sent_again() throws SQLException {
        String file = HEADER + books.charged(NOON).line();
        String first = send(file, "").path("id");
        // The first import may still write a sign of life.
        Awaitility.await().untilAsserted(() -> {
            stored.execute(
                    "update statement set status = 'MATCHING', worked_at = liveness_now() - interval '16 seconds' where id = ?",
                    UUID.fromString(first));
            finance.request()
                    .get(STATEMENTS + "/" + first)
                    .then()
                    .body("status", equalTo("FAILED"))
                    .body(
                            "problem[0].message",
                            startsWith("was not read completely, because the import was interrupted"));
        });
        send(file, "").then().statusCode(201);
        assertThat(stored.strings("select status from statement order by id")).containsExactly("FAILED", "DONE");
    }

    @Test
    void a_refused_import_has_cleaned_up_behind_another_one() throws SQLException {
        String line = books.charged(NOON).line();
        String broken = send(HEADER + line, "").path("id");
        // The first import may still write a sign of life.
        Awaitility.await().untilAsserted(() -> {
            stored.execute(
                    "update statement set status = 'MATCHING', worked_at = liveness_now() - interval '16 seconds' where id = ?",
                    UUID.fromString(broken));

            send(HEADER + line + line, "supersedes=" + UUID.randomUUID()).then().statusCode(400);
            assertThat(stored.strings("select status from statement")).containsExactly("FAILED");
        });
    }

    @Test
    void an_import_goes_on_when_what_others_left_behind_cannot_be_removed() throws SQLException {
        stored.execute("alter table statement_piece rename column received_at to received_away");
        try {
            send(HEADER + books.charged(NOON).line(), "").then().statusCode(201);
        } finally {
            stored.execute("alter table statement_piece rename column received_away to received_at");
        }
    }

    @Test
    void a_file_whose_import_was_left_behind_can_be_sent_again_when_that_cannot_be_removed() throws SQLException {
        String file = HEADER + books.charged(NOON).line();
        String first = send(file, "").path("id");
        stored.execute("alter table statement_piece rename column received_at to received_away");
        try {
            // The import may still write a sign of life.
            Awaitility.await().untilAsserted(() -> {
                stored.execute(
                        "update statement set status = 'READING', worked_at = liveness_now() - interval '16 seconds' where id = ?",
                        UUID.fromString(first));
                finance.request().get(STATEMENTS + "/" + first).then().body("status", equalTo("FAILED"));
            });
            send(file, "").then().statusCode(201);
        } finally {
            stored.execute("alter table statement_piece rename column received_away to received_at");
        }
        assertThat(stored.strings("select status from statement order by id")).containsExactly("FAILED", "DONE");
    }

    @Test
    void an_import_that_fails_while_it_is_matched_leaves_nothing() throws SQLException {
        String file = HEADER + books.charged(NOON).line();
        stored.execute("alter table statement_match rename column detail to detail_away");
        try {
            RestAssured.given()
                    .header("Authorization", "Bearer " + finance.token())
                    .contentType("text/csv")
                    .body(file)
                    .post(STATEMENTS)
                    .then()
                    .statusCode(500);
        } finally {
            stored.execute("alter table statement_match rename column detail_away to detail");
        }

        assertThat(stored.strings("select status from statement")).containsExactly("FAILED");
        assertThat(stored.count(LEFT)).isEqualTo(1);
    }

    @Test
    void a_line_in_another_currency_matches_no_fee_though_the_mapping_names_no_currency_column() {
        Fee yuan = books.charged(NOON);
        Fee dollars = books.charged(NOON.plusSeconds(1));
        String file = HEADER.strip() + ",币种\n" + yuan.line().strip() + ",CNY\n"
                + dollars.line().strip() + ",USD\n";

        preview(file, "")
                .then()
                .body("items[1].problemCode", equalTo("cell-other-currency"))
                .body("items[1].problemParameters", equalTo(Map.of("column", "币种", "theirs", "USD", "ours", "CNY")));
        Response answer = send(file, "");

        assertThat(differences(answer)).contains("UNREADABLE_LINE 3 " + dollars.session());
        answer.then().body("matched", equalTo(1));
    }

    @Test
    void a_preview_shows_the_first_lines_as_they_are_read_and_stores_nothing() {
        Fee fee = books.charged(NOON);
        String file = "账单\n" + HEADER + fee.line() + fee.line(NOON, "实扣", "1e3")
                + fee.line().repeat(30);

        Response preview = finance.request()
                .contentType("text/csv")
                .body(file.getBytes(StandardCharsets.UTF_8))
                .post(STATEMENTS + "/preview");

        preview.then().statusCode(200).body("headerLine", equalTo(2)).body("charset", equalTo("UTF-8"));
        List<Map<String, Object>> lines = preview.path("items");
        assertThat(lines).hasSize(20);
        assertThat(lines.get(0))
                .isEqualTo(Map.of(
                        "line",
                        3,
                        "cells",
                        List.of(fee.taskNo(), "2019-03-01 20:00:00", "实扣", "0.80"),
                        "taskNo",
                        fee.taskNo(),
                        "time",
                        "2019-03-01T12:00:00.000Z",
                        "status",
                        "CHARGED",
                        "amount",
                        Map.of("value", "0.80", "currency", "CNY")));
        assertThat(lines.get(1))
                .containsEntry("problem", "column amount is no amount such as 0.80 or 1,234.50")
                .containsEntry("problemCode", "cell-no-amount")
                .containsEntry("problemParameters", Map.of("column", "amount"))
                .doesNotContainKey("amount");
        assertThat(stored.count(LEFT)).isZero();
    }

    @Test
    void the_mapping_of_the_first_bill_is_guessed_from_its_header_and_can_be_saved() {
        Fee fee = books.charged(NOON);
        String file = "任务编号,扣费时间,计费状态,扣费金额\n" + fee.line(NOON, "已扣费", "0.80");

        Response guess = preview(file, "?guess=true");

        guess.then()
                .statusCode(200)
                .body("mapping", equalTo("default"))
                .body("items[0].status", equalTo("CHARGED"))
                .body("items[0].amount.value", equalTo("0.80"))
                .body("guessed.statusWords.已扣费", equalTo("CHARGED"));
        refused(file, PREVIEW, "line 1");
        refused("a,b\n", PREVIEW + "?guess=true", "line 1");
        preview(HEADER + fee.line(), "?guess=true").then().body("guessed.columns.taskNo", equalTo("taskNo"));
        preview(HEADER, "").then().statusCode(200).body("guessed", nullValue());
        refused(file, PREVIEW + "?guess=perhaps", "guess");
        finance.request()
                .contentType("application/json")
                .body(guess.<Map<String, Object>>path("guessed"))
                .put("/v1/statement-mappings/guessed")
                .then()
                .statusCode(200);
        send(file, "mapping=guessed").then().statusCode(201).body("matched", equalTo(1));
        finance.request().delete("/v1/statement-mappings/guessed").then().statusCode(204);
    }

    private Response preview(String file, String query) {
        return finance.request()
                .contentType("text/csv")
                .body(file.getBytes(StandardCharsets.UTF_8))
                .post(PREVIEW + query);
    }

    @Test
    void a_file_that_is_too_large_is_refused_whether_or_not_it_says_so() throws IOException {
        String head =
                "POST /v1/statements HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nAuthorization: Bearer "
                        + finance.token() + "\r\n";
        String megabyte = "x".repeat(1 << 20);
        String chunk = Integer.toHexString(megabyte.length()) + "\r\n" + megabyte + "\r\n";
        try (RawConnection says = new RawConnection();
                RawConnection saysNot = new RawConnection()) {
            RawAnswer told =
                    says.exchange((head + "Content-Length: 2097153\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            RawAnswer counted =
                    saysNot.exchange((head + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk + chunk + "0\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));

            assertThat(List.of(told.status(), counted.status())).containsOnly(413);
            assertThat(counted.body()).contains("too-large");
        }
        assertThat(stored.count(LEFT)).isZero();
    }

    @Test
    void a_file_that_stops_in_the_middle_leaves_nothing_behind() throws IOException {
        String head =
                "POST /v1/statements HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nAuthorization: Bearer "
                        + finance.token() + "\r\nContent-Length: 2000000\r\n\r\n" + HEADER;
        try (RawConnection connection = new RawConnection()) {
            connection.send((head + "x".repeat(1_200_000)).getBytes(StandardCharsets.US_ASCII));
            Awaitility.await().until(() -> stored.count(LEFT) > 0);
        }

        Awaitility.await().until(() -> stored.count(LEFT) == 0);
    }

    @Test
    void pieces_of_a_file_whose_replica_ended_are_removed_by_a_later_import() throws SQLException {
        stored.execute("""
                insert into statement_piece (statement_id, nth, bytes, received_at)
                values (gen_random_uuid(), 0, 'x', liveness_now() - interval '4 hours'), (gen_random_uuid(), 0, 'y', liveness_now())
                """);

        send(HEADER + books.charged(NOON).line(), "").then().statusCode(201);

        assertThat(stored.count("select count(*) from statement_piece")).isEqualTo(1);
        assertThat(stored.count("select count(*) from statement_piece where bytes = 'y'"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dryRun=yes",
                "from=yesterday",
                "from=2019-03-02T00:00:00Z",
                "invoiceTotal=1e3",
                "invoiceTotal=0.801",
                "mapping=a%20b",
                "mapping=none",
                "supersedes=1",
            })
    void a_query_that_breaks_a_rule_is_refused_by_its_field(String query) {
        finance.request()
                .contentType("text/csv")
                .body(HEADER)
                .post(STATEMENTS + "?" + query + (query.startsWith("from=2019") ? "&to=2019-03-01T00:00:00Z" : ""))
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo(query.split("=")[0]));
    }

    /** The refusal of a file names the field only: what is in a file the contract does not tell. */
    private void refused(String file, String field) {
        refused(file, STATEMENTS, field);
    }

    private void refused(String file, String target, String field) {
        RestAssured.given()
                .header("Authorization", "Bearer " + finance.token())
                .contentType("text/csv")
                .body(file.getBytes(StandardCharsets.UTF_8))
                .post(target)
                .then()
                .statusCode(400)
                .body("errors[0].field", startsWith(field));
    }

    private Response send(String file, String query) {
        return send(file.getBytes(StandardCharsets.UTF_8), query);
    }

    /** The request has no parameter but those of this query. */
    private Response sendAs(String file, String query) {
        return finance.request().contentType("text/csv").body(file).post(STATEMENTS + "?" + query);
    }

    private Response send(byte[] file, String query) {
        return finance.request().contentType("text/csv").body(file).post(STATEMENTS + "?" + Books.PERIOD + "&" + query);
    }

    private Response withdraw(String id) {
        return work.withdrawal(id);
    }

    /** Each difference is told in the form {@code KIND line session}. */
    private List<String> differences(Response statement) {
        statement.then().body("status", equalTo("DONE"));
        return items(statement, "").stream()
                .map(item -> item.get("kind") + " " + item.get("line") + " " + item.get("sessionId"))
                .toList();
    }

    private List<Map<String, Object>> items(Response statement, String query) {
        return work.items(statement.path("id"), query);
    }
}

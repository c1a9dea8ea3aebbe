package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of a bill stay with its statement. */
@QuarkusTest
class StatementFileTest {

    private static final String STATEMENTS = "/v1/statements";
    private static final String XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private static final Instant NOON = Books.BEGIN.plus(Duration.ofHours(12));
    private static final String PIECES = "select count(*) from statement_file where sha256 = decode(?, 'hex')";

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
    void they_come_back_as_they_were_under_the_name_and_type_of_the_import() {
        byte[] bill = (Work.HEADER + books.charged(NOON).line()).getBytes(Charset.forName("GB18030"));
        Response imported = send(bill, "text/csv", "账单\"\r\n.csv", "")
                .then()
                .statusCode(201)
                .extract()
                .response();

        Response file = file(imported);

        file.then().statusCode(200).contentType("text/csv;charset=GB18030");
        assertThat(file.asByteArray()).isEqualTo(bill);
        assertThat(sha256(file.asByteArray())).isEqualTo(imported.path("sha256"));
        assertThat(file.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"_____.csv\"; filename*=UTF-8''%E8%B4%A6%E5%8D%95%22__.csv");
        assertThat(stored.strings(
                        "select subject || ' ' || (detail ->> 'statement') || ' ' || (detail ->> 'type') from audit_entry"
                                + " where what = 'exported' and who = ?",
                        finance.caller()))
                .containsExactly("statement-file " + imported.path("id") + " original");
    }

    @Test
    void a_file_of_several_pieces_is_whole_and_compressed() {
        StringBuilder bill = new StringBuilder("taskNo,time,status,amount,remark\n");
        String remark = ",\"" + "没有差错".repeat(250) + "\"\n";
        for (int line = 0; line < 600; line++) {
            bill.append(books.taskNo()).append(",2019-03-01 20:00:00,实扣,0.80").append(remark);
        }
        byte[] bytes = bill.toString().getBytes(StandardCharsets.UTF_8);

        Response imported = send(bytes, "text/csv", "large.csv", "");

        imported.then().statusCode(201);
        assertThat(file(imported).asByteArray()).isEqualTo(bytes);
        assertThat(stored.count(PIECES, imported.<String>path("sha256"))).isEqualTo(2);
        assertThat(stored.count(
                        "select sum(octet_length(content)) / sum(pg_column_size(content)) from statement_file where sha256 = decode(?, 'hex')",
                        imported.<String>path("sha256")))
                .as("how much smaller it is")
                .isGreaterThan(5);
    }

    @Test
    void a_workbook_has_its_own_type_and_a_name_where_the_import_gave_none() {
        byte[] workbook = finance.request()
                .accept(XLSX)
                .get("/v1/statement-mappings/default/template")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        Response imported = finance.request()
                .contentType(XLSX)
                .body(workbook)
                .post(STATEMENTS + "?" + Books.PERIOD)
                .then()
                .statusCode(201)
                .extract()
                .response();

        Response file = file(imported);

        file.then().statusCode(200).contentType(XLSX);
        assertThat(file.asByteArray()).isEqualTo(workbook);
        assertThat(file.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"statement-" + imported.path("id") + ".xlsx\"");
    }

    @Test
    void there_is_none_of_a_dry_run_and_of_a_file_that_is_of_no_use() {
        byte[] bill = (Work.HEADER + books.charged(NOON).line()).getBytes(StandardCharsets.UTF_8);

        Response dry = send(bill, "text/csv", "dry.csv", "dryRun=true")
                .then()
                .statusCode(201)
                .extract()
                .response();
        RestAssured.given()
                .header("Authorization", "Bearer " + finance.token())
                .contentType("text/csv")
                .body("no header " + UUID.randomUUID())
                .post(STATEMENTS)
                .then()
                .statusCode(400);
        String failed = stored.strings("select id from statement where status = 'FAILED'")
                .get(0);

        file(dry).then().statusCode(404).body("code", equalTo("not-found"));
        finance.request().get(STATEMENTS + "/" + failed + "/file").then().statusCode(404);
        assertThat(stored.count(PIECES, dry.<String>path("sha256"))).isZero();
    }

    @Test
    void the_same_bytes_are_kept_once_and_stay_when_their_statement_counts_no_more() {
        byte[] bill = (Work.HEADER + books.charged(NOON).line()).getBytes(StandardCharsets.UTF_8);
        Response first = send(bill, "text/csv", "first.csv", "");
        String other = "other-" + UUID.randomUUID();
        Map<String, Object> mapping =
                finance.request().get("/v1/statement-mappings/default").path("mapping");
        mapping.put("timeZone", "Asia/Tokyo");
        finance.request().contentType("application/json").body(mapping).put("/v1/statement-mappings/" + other);

        Response second = send(bill, "text/csv", "second.csv", "mapping=" + other);
        finance.request().delete("/v1/statement-mappings/" + other).then().statusCode(204);
        work.withdraw(second.path("id"));

        assertThat(List.of(first, second))
                .allSatisfy(one -> assertThat(file(one).asByteArray()).isEqualTo(bill))
                .extracting(one ->
                        finance.request().get(STATEMENTS + "/" + one.path("id")).path("status"))
                .containsExactly("SUPERSEDED", "WITHDRAWN");
        assertThat(stored.count(PIECES, first.<String>path("sha256"))).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"update statement_file set nth = 7", "delete from statement_file", "truncate statement_file"})
    void the_database_keeps_them(String change) {
        assertThatThrownBy(() -> stored.execute(change))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("refused");
    }

    private Response send(byte[] bill, String type, String name, String query) {
        return finance.request()
                .contentType(type)
                .body(bill)
                .queryParam("fileName", name)
                .post(STATEMENTS + "?" + Books.PERIOD + (query.isEmpty() ? "" : "&" + query));
    }

    private Response file(Response imported) {
        return finance.request().get(STATEMENTS + "/" + imported.path("id") + "/file");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

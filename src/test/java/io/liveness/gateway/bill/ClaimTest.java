package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import de.siegmar.fastcsv.reader.CsvReader;
import io.liveness.gateway.bill.Books.Fee;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Differences as a file for the vendor. */
@QuarkusTest
class ClaimTest {

    private static final String XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private static final String SUMS = "/v1/statements/%s/differences/sums";
    private static final Instant NOON = Books.BEGIN.plus(Duration.ofHours(12));

    private final Work work = new Work(Api.as("finance-" + UUID.randomUUID(), "finance"));

    @Inject
    Stored stored;

    private Fee dearer;
    private Fee missing;
    private String unknown;
    private String statement;

    @BeforeEach
    void begin() {
        Books books = new Books(stored);
        dearer = books.charged(NOON);
        missing = books.charged(NOON.plusSeconds(1));
        unknown = books.taskNo();
        statement = work.imported(Work.HEADER + dearer.line(dearer.at(), "实扣", "0.90")
                + books.charged(NOON.plusSeconds(2)).line() + unknown + ",2019-03-01 20:00:00,实扣,0.70\n");
    }

    @AfterEach
    void remove() throws SQLException {
        Work.remove(stored);
    }

    @Test
    void it_has_both_sides_of_each_difference() {
        Response file = file("text/csv", "");

        assertThat(file.header("Content-Disposition")).contains("differences-");
        assertThat(rows(file))
                .containsExactly(
                        "kind,line,taskNo,sessionId,ourStatus,ourAmount,ourCurrency,ourTime,theirStatus,theirAmount,theirCurrency,theirTime,detail",
                        "MISSING_IN_STATEMENT,," + missing.taskNo() + "," + missing.session()
                                + ",CHARGED,0.80,CNY,2019-03-01T20:00:01+08:00,,,,,",
                        "MISSING_IN_LEDGER,4," + unknown + ",,,,,,CHARGED,0.70,CNY,2019-03-01T20:00:00+08:00,",
                        "AMOUNT_DIFFERS,2," + dearer.taskNo() + "," + dearer.session()
                                + ",CHARGED,0.80,CNY,2019-03-01T20:00:00+08:00,CHARGED,0.90,CNY,2019-03-01T20:00:00+08:00,");
        assertThat(stored.strings(
                        "select subject || ' ' || (detail ->> 'statement') from audit_entry where what = 'exported' and who = ?",
                        work.who().caller()))
                .containsExactly("differences " + statement);
    }

    @Test
    void it_says_in_words_why_a_line_cannot_be_read() {
        String unreadable = work.imported(Work.HEADER + unknown + ",2019-03-01 20:00:00,实扣,x\n");

        assertThat(rows(get("text/csv", unreadable, "?kind=UNREADABLE_LINE")))
                .last()
                .asString()
                .endsWith(",column amount is no amount such as 0.80 or 1,234.50");
    }

    @Test
    void it_has_what_the_list_has_for_each_combination_of_filters() {
        String accepted =
                (String) work.items(statement, "kind=AMOUNT_DIFFERS").get(0).get("id");
        work.accept(statement, accepted).then().statusCode(200);

        for (String query : List.of(
                "kind=MATCHED",
                "kind=AMOUNT_DIFFERS",
                "state=OPEN",
                "state=ACCEPTED",
                "state=REVOCATION_PROPOSED",
                "kind=AMOUNT_DIFFERS&state=OPEN",
                "kind=AMOUNT_DIFFERS&state=ACCEPTED",
                "kind=MATCHED&state=OPEN",
                "state=ACCEPTED&assignee=fiona",
                "kind=MATCHED&assignee=fiona")) {
            assertThat(rows(file("text/csv", "?" + query)))
                    .as(query)
                    .hasSize(1 + work.items(statement, query).size());
        }
    }

    @Test
    void its_cover_has_the_bill_and_the_sums_by_kind() throws IOException {
        byte[] file = file(XLSX, "").asByteArray();

        List<String> cover = new ArrayList<>();
        try (ReadableWorkbook book = new ReadableWorkbook(new ByteArrayInputStream(file))) {
            assertThat(book.getSheets().map(Sheet::getName)).containsExactly("cover", "differences");
            for (Row row : book.getFirstSheet().read()) {
                cover.add(row.stream()
                        .filter(cell -> cell != null && !cell.getText().isEmpty())
                        .map(Cell::getText)
                        .collect(Collectors.joining(" ")));
            }
        }
        assertThat(cover)
                .contains("exportedBy " + work.who().caller(), "statement " + statement, "timeZone Asia/Shanghai")
                .endsWith(
                        "kind differences currency ourSum theirSum adjustment",
                        "AMOUNT_DIFFERS 1 CNY 0.80 0.90 0.10",
                        "MISSING_IN_LEDGER 1 CNY 0.00 0.70 0.70",
                        "MISSING_IN_STATEMENT 1 CNY 0.80 0.00 -0.80",
                        "total 3 CNY 0.00");
    }

    @Test
    void sums_are_those_of_the_filter_in_any_state() {
        assertThat(sums(""))
                .isEqualTo(Map.of(
                        "AMOUNT_DIFFERS", "1 0.80 0.90 0.10",
                        "MISSING_IN_LEDGER", "1 0.00 0.70 0.70",
                        "MISSING_IN_STATEMENT", "1 0.80 0.00 -0.80"));
        assertThat(sums("?kind=MATCHED")).isEqualTo(Map.of("MATCHED", "1 0.80 0.80 0.00"));
        String accepted =
                (String) work.items(statement, "kind=AMOUNT_DIFFERS").get(0).get("id");
        work.accept(statement, accepted).then().statusCode(200);

        assertThat(sums("?state=ACCEPTED")).isEqualTo(Map.of("AMOUNT_DIFFERS", "1 0.80 0.90 0.10"));
        assertThat(sums("?state=OPEN")).containsOnlyKeys("MISSING_IN_LEDGER", "MISSING_IN_STATEMENT");
        assertThat(sums("?state=ACCEPTED&kind=AMOUNT_DIFFERS")).isEqualTo(Map.of("AMOUNT_DIFFERS", "1 0.80 0.90 0.10"));
        assertThat(sums("?state=REVOCATION_PROPOSED&kind=AMOUNT_DIFFERS")).isEmpty();
        assertThat(sums("?assignee=fiona")).isEmpty();
        assertThat(sums("?kind=MATCHED&assignee=fiona")).isEmpty();
        work.who()
                .request()
                .get(SUMS.formatted(statement) + "?state=OPEN")
                .then()
                .body("count", equalTo(2))
                .body("adjustments.value", equalTo(List.of("-0.10")));
        work.who().request().get(SUMS.formatted(UUID.randomUUID())).then().statusCode(404);
        work.who().request().get(SUMS.formatted(statement) + "?kind=x").then().statusCode(400);
    }

    /** Each kind has its number, the sums of both sides and the adjustment. */
    private Map<String, String> sums(String query) {
        return work
                .who()
                .request()
                .get(SUMS.formatted(statement) + query)
                .then()
                .statusCode(200)
                .extract()
                .<List<Map<String, Object>>>path("items")
                .stream()
                .collect(Collectors.toMap(
                        sum -> (String) sum.get("kind"),
                        sum -> sum.get("count") + " " + value(sum, "ours") + " " + value(sum, "theirs") + " "
                                + value(sum, "adjustment")));
    }

    private static Object value(Map<String, Object> sum, String amount) {
        return ((Map<?, ?>) sum.get(amount)).get("value");
    }

    @Test
    void it_is_a_spreadsheet_too_and_of_no_page_or_statement_that_is_not_there() {
        assertThat(file(XLSX, "").asByteArray()).startsWith('P', 'K');
        get("text/csv", statement, "?pageSize=1").then().statusCode(400);
        get("text/csv", UUID.randomUUID().toString(), "").then().statusCode(404);
    }

    private Response file(String type, String query) {
        return get(type, statement, query).then().statusCode(200).extract().response();
    }

    private Response get(String type, String of, String query) {
        return work.who().request().accept(type).get("/v1/statements/" + of + "/differences" + query);
    }

    private static List<String> rows(Response file) {
        return CsvReader.builder().ofCsvRecord(file.asString().replace("\uFEFF", "")).stream()
                .map(row -> String.join(",", row.getFields()))
                .toList();
    }
}

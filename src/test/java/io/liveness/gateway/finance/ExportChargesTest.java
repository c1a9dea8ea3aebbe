package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.liveness.gateway.platform.file.FileType;
import io.liveness.gateway.platform.http.JsonTime;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.Stored.Away;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class ExportChargesTest {

    private static final String HEAD =
            "sessionId,caller,taskNo,status,basis,amount,currency,openedAt,settledAt,reference,costCentre";

    private final Api shop = Api.asNewCaller();
    private final Api finance = Api.as("finance-" + UUID.randomUUID(), "finance");

    @Inject
    Stored stored;

    @ParameterizedTest
    @CsvSource({
        "*/*, application/json",
        "'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8', application/json",
        "'text/csv, application/json', application/json",
        "'text/csv, */*;q=0.1', text/csv",
        "'text/csv;q=0.9, application/json;q=0.8', text/csv",
        "'application/json;q=0, */*', text/csv",
        "'text/csv, " + FileType.SPREADSHEET + "', text/csv",
        "'" + FileType.SPREADSHEET + ", text/csv;q=0.5', " + FileType.SPREADSHEET,
    })
    void the_type_of_the_highest_quality_is_sent_and_json_comes_first(String accept, String sent) {
        finance.request()
                .accept(accept)
                .get(Api.CHARGES)
                .then()
                .statusCode(200)
                .header("Content-Type", startsWith(sent))
                .header("Vary", equalTo("Accept"));
    }

    @Test
    void what_finance_exports_is_on_the_audit_list_and_a_page_is_not() {
        finance.request()
                .queryParam("caller", shop.caller())
                .get(Api.CHARGES)
                .then()
                .statusCode(200);
        file("text/csv", Map.of("caller", shop.caller(), "from", "2026-01-01T08:00:00+08:00"));
        file(FileType.SPREADSHEET, Map.of("caller", shop.caller(), "timeZone", "Europe/Berlin"));

        List<Map<String, Object>> acts = finance.request()
                .queryParam("who", finance.caller())
                .get("/v1/audit")
                .path("items");

        assertThat(acts).extracting(act -> act.get("what")).containsExactly("exported", "exported");
        assertThat(acts).extracting(act -> act.get("subject")).containsOnly("charges");
        assertThat(acts)
                .extracting(act -> act.get("detail"))
                .containsExactly(
                        Map.of("caller", shop.caller(), "type", "xlsx", "timeZone", "Europe/Berlin"),
                        Map.of(
                                "caller",
                                shop.caller(),
                                "from",
                                "2026-01-01T00:00:00.000Z",
                                "type",
                                "csv",
                                "timeZone",
                                "Asia/Shanghai"));
    }

    @Test
    void an_export_that_cannot_be_recorded_is_not_made() throws SQLException {
        try (Away away = stored.columnsAway("audit_entry")) {
            finance.request()
                    .accept("text/csv")
                    .get(Api.CHARGES)
                    .then()
                    .statusCode(500)
                    .contentType("application/problem+json")
                    .header("Content-Disposition", nullValue())
                    .body("code", equalTo("internal-error"));
            assertThat(shop.request().accept("text/csv").get(Api.CHARGES).statusCode())
                    .isEqualTo(200);
        }

        file("text/csv", Map.of("caller", shop.caller()));
    }

    @Test
    void csv_has_the_charges_of_the_filter_in_the_columns_of_the_list() throws IOException {
        String charged = settled("pass", "=1+1");
        String open = shop.opened("abandon");

        Response answer = file("text/csv", Map.of("caller", shop.caller()));

        assertThat(answer.contentType()).isEqualTo("text/csv; charset=UTF-8");
        assertThat(answer.header("Content-Disposition"))
                .matches("attachment; filename=\"charges-\\d{4}-\\d{2}-\\d{2}-\\d{6}\\.csv\"");
        List<CSVRecord> rows = rows(answer);
        assertThat(rows).hasSize(3);
        assertThat(String.join(",", rows.get(0))).isEqualTo(HEAD);
        assertThat(rows.get(1).get(0)).isEqualTo(open);
        assertThat(rows.get(1).get(3)).isEqualTo("PRE_DEDUCTED");
        assertThat(rows.get(1).get(8)).isEmpty();
        CSVRecord row = rows.get(2);
        Map<String, Object> listed = listed(charged);
        assertThat(row.get(0)).isEqualTo(charged);
        assertThat(row.get(1)).isEqualTo(shop.caller());
        assertThat(row.get(2)).isEqualTo(listed.get("taskNo"));
        assertThat(row.get(3)).isEqualTo("CHARGED");
        assertThat(row.get(4)).isEqualTo("RULE");
        assertThat(row.get(5)).isEqualTo("0.80");
        assertThat(row.get(6)).isEqualTo("CNY");
        assertThat(JsonTime.text(OffsetDateTime.parse(row.get(7)).toInstant())).isEqualTo(listed.get("openedAt"));
        assertThat(row.get(7)).endsWith("+08:00");
        assertThat(JsonTime.text(OffsetDateTime.parse(row.get(8)).toInstant())).isEqualTo(listed.get("settledAt"));
        assertThat(row.get(9)).isEqualTo("'=1+1");
        assertThat(row.get(10)).isEqualTo("marketing-eu");
    }

    @Test
    void xlsx_has_them_too_and_a_second_sheet_that_says_what_they_are() throws IOException {
        settled("pass", "order-1");
        settled("pass", "order-2");
        String open = shop.opened("abandon");

        Response answer = file(FileType.SPREADSHEET, Map.of("caller", shop.caller(), "timeZone", "Europe/Berlin"));

        assertThat(answer.contentType()).isEqualTo(FileType.SPREADSHEET);
        assertThat(answer.header("Content-Disposition")).endsWith(".xlsx\"");
        List<Row> charges = sheet(answer, "charges");
        assertThat(charges).hasSize(4);
        assertThat(charges.get(1).getCellText(0)).isEqualTo(open);
        assertThat(charges.get(2).getCellText(9)).isEqualTo("order-2");
        assertThat(charges.get(2).getCellAsNumber(5).orElseThrow()).isEqualByComparingTo("0.80");
        assertThat(charges.get(2).getCellAsDate(7)).isPresent();
        List<String> summary = sheet(answer, "summary").stream()
                .map(row -> String.join(
                        "|", row.stream().map(ExportChargesTest::text).toList()))
                .toList();
        assertThat(summary)
                .contains(
                        "exportedBy|" + finance.caller(),
                        "timeZone|Europe/Berlin",
                        "caller|" + shop.caller(),
                        "PRE_DEDUCTED|CNY|1|0.80",
                        "CHARGED|CNY|2|1.60",
                        "total|CNY|3|2.40");
    }

    @Test
    void amounts_are_exact_however_large_and_whatever_their_currency() throws IOException, SQLException {
        String huge = settled("pass", "huge");
        String yen = settled("pass", "yen");
        String dinar = settled("pass", "dinar");
        String change = "update ledger_entry set amount = ?, currency = ? where session_id = ?";
        try {
            stored.unguarded(change, 999_999_999_999_999_999L, "CNY", UUID.fromString(huge));
            stored.unguarded(change, 123_450_000L, "JPY", UUID.fromString(yen));
            stored.unguarded(change, 123_455_000L, "KWD", UUID.fromString(dinar));

            List<CSVRecord> rows = rows(file("text/csv", Map.of("caller", shop.caller())));
            List<Row> cells = sheet(file(FileType.SPREADSHEET, Map.of("caller", shop.caller())), "charges");

            assertThat(rows.subList(1, 4))
                    .extracting(row -> row.get(5) + " " + row.get(6))
                    .containsExactly("12.3455 KWD", "12345 JPY", "999999999999.999999 CNY");
            assertThat(cells.subList(1, 4))
                    .extracting(row -> row.getCellAsNumber(5).orElseThrow().toPlainString())
                    .containsExactly("12.3455", "12345", "999999999999.999999");
        } finally {
            for (String id : List.of(huge, yen, dinar)) {
                stored.unguarded(change, 800_000L, "CNY", UUID.fromString(id));
            }
        }
    }

    @Test
    void a_caller_exports_its_own_charges_alone() throws IOException {
        String own = shop.opened("pass");
        Api stranger = Api.asNewCaller();
        stranger.opened("pass");

        assertThat(rows(shop.request().accept("text/csv").get(Api.CHARGES)))
                .extracting(row -> row.get(0))
                .containsExactly("sessionId", own);
        // A caller's own export is no act of finance.
        assertThat(stored.count("select count(*) from audit_entry where who = ?", shop.caller()))
                .isZero();
        shop.request()
                .accept("text/csv")
                .queryParam("caller", stranger.caller())
                .get(Api.CHARGES)
                .then()
                .statusCode(403)
                .body("code", equalTo("forbidden"));
    }

    @ParameterizedTest
    @CsvSource({"pageSize, 10", "pageToken, AZ5S8FoHfFOdPloSDEt6EnGQFeA", "timeZone, Mars/Olympus", "from, yesterday"})
    void what_a_file_cannot_be_asked_for_is_named(String parameter, String value) {
        finance.request()
                .accept("text/csv")
                .queryParam(parameter, value)
                .get(Api.CHARGES)
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo(parameter));
    }

    private String settled(String scenario, String reference) {
        String body = Api.scenario(scenario)
                .replace("}", ",\"costCentre\":\"marketing-eu\",\"reference\":\"" + reference + "\"}");
        String id = shop.open(UUID.randomUUID().toString(), body)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        shop.check(id);
        return id;
    }

    private Map<String, Object> listed(String session) {
        return finance.request()
                .queryParam("sessionId", session)
                .get(Api.CHARGES)
                .path("items[0]");
    }

    private Response file(String type, Map<String, String> filters) {
        return finance.request()
                .accept(type)
                .queryParams(filters)
                .get(Api.CHARGES)
                .then()
                .statusCode(200)
                .extract()
                .response();
    }

    private static List<CSVRecord> rows(Response csv) throws IOException {
        String text = new String(csv.asByteArray(), StandardCharsets.UTF_8);
        assertThat(text).startsWith("\uFEFF");
        return CSVFormat.RFC4180.parse(new StringReader(text.substring(1))).getRecords();
    }

    private static List<Row> sheet(Response xlsx, String name) throws IOException {
        try (ReadableWorkbook book = new ReadableWorkbook(new ByteArrayInputStream(xlsx.asByteArray()))) {
            return book.findSheet(name).orElseThrow().read();
        }
    }

    private static String text(Cell cell) {
        return cell == null ? "" : cell.getText();
    }
}

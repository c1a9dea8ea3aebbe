package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.liveness.gateway.bill.Books.Fee;
import io.liveness.gateway.bill.read.BillWorkbook;
import io.liveness.gateway.bill.read.BookParts;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Statements as XLSX, which are imported like CSV. */
@QuarkusTest
class ImportWorkbookTest {

    private static final String STATEMENTS = "/v1/statements";
    private static final String XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final Instant NOON = Books.BEGIN.plus(Duration.ofHours(12));
    private static final int LAST_ROW = 6_000;
    private static final String LEFT = """
            select (select count(*) from statement) + (select count(*) from statement_piece)
                + (select count(*) from statement_match)""";

    private final Api finance = Api.as("finance-" + UUID.randomUUID(), "finance");

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
    void a_workbook_is_read_and_matched_as_a_csv_file_is() {
        Fee charged = books.charged(NOON);
        Fee returned = books.refunded(NOON.plusSeconds(1));
        Fee dearer = books.charged(NOON.plusSeconds(2));
        byte[] file = bill(charged, returned, dearer);

        Response answer = send(file, "fileName=bill.xlsx");

        answer.then()
                .statusCode(201)
                .body("status", equalTo("DONE"))
                .body("charset", nullValue())
                .body("lines", equalTo(3))
                .body("matched", equalTo(2))
                .body("progress.bytes", equalTo(file.length))
                .body("progress.bytesRead", equalTo(file.length));
        assertThat(differences(answer)).containsExactly("AMOUNT_DIFFERS 6 " + dearer.session());
        assertThat(answer.<List<String>>path("differences.findAll { it.value > 0 }.collect { it.key }"))
                .containsExactly("AMOUNT_DIFFERS", "CONTROL_TOTAL_DIFFERS");
        assertThat(stored.count("select count(*) from statement_piece")).isZero();
    }

    @Test
    void the_cells_of_an_unreadable_row_are_told_as_a_csv_file_has_them() {
        Fee fee = books.charged(NOON);
        byte[] file = BookParts.written(sheet -> {
            line(sheet, header(sheet), fee, "0.80");
            line(sheet, 4, fee, "0.80");
            sheet.value(4, 2, "实扣了");
        });

        Response answer = send(file, "");

        assertThat(new Work(finance).items(answer.path("id"), "kind=UNREADABLE_LINE"))
                .extracting(item -> item.get("cells"))
                .containsExactly(List.of(fee.taskNo(), "2019-03-01 20:00:00", "实扣了", "0.8"));
    }

    @Test
    void the_sheets_of_a_workbook_are_one_bill_and_are_named() {
        Fee first = books.charged(NOON);
        Fee dearer = books.charged(NOON.plusSeconds(1));
        byte[] file = BookParts.written(
                summary -> summary.value(0, 0, "2019-03"),
                sheet -> line(sheet, header(sheet), first, "0.80"),
                sheet -> line(sheet, header(sheet), dearer, "0.90"));
        List<Map<String, Object>> sheets = List.of(
                Map.of("name", "sheet 0"),
                Map.of("name", "sheet 1", "firstLine", 1),
                Map.of("name", "sheet 2", "firstLine", 10_000_001));

        preview(file)
                .then()
                .statusCode(200)
                .body("sheets", equalTo(sheets))
                .body("items.line", equalTo(List.of(4, 10_000_004)));
        Response answer = send(file, "");

        answer.then()
                .statusCode(201)
                .body("sheets", equalTo(sheets))
                .body("lines", equalTo(2))
                .body("matched", equalTo(1));
        assertThat(differences(answer)).containsExactly("AMOUNT_DIFFERS 10000004 " + dearer.session());
    }

    @Test
    void a_workbook_waits_for_another_one_before_its_transaction() {
        byte[] file = bill(books.charged(NOON));
        finance.token();
        CompletableFuture<Response> waiting;
        try (BillWorkbook.WorkbookPlace other = BillWorkbook.place(Duration.ofSeconds(20))) {
            waiting = CompletableFuture.supplyAsync(() -> send(file, ""));
            Patience.await("its sign of life", Duration.ofSeconds(20))
                    .until(() -> stored.count("select count(*) from statement where worked_at > imported_at") == 1);

            assertThat(stored.strings("select pg_try_advisory_xact_lock(hashtextextended(id::text, 0)) from statement"))
                    .as("the lock that its transaction holds is free")
                    .containsExactly("t");
        }
        waiting.join().then().statusCode(201);
    }

    @Test
    void the_mapping_of_a_workbook_is_guessed_behind_its_cover() {
        byte[] file = BookParts.written(cover -> cover.value(0, 0, "2026-11"), sheet -> {
            List<String> header = List.of("任务编号", "扣费时间", "金额(元)");
            for (int column = 0; column < header.size(); column++) {
                sheet.value(0, column, header.get(column));
            }
            sheet.value(1, 0, "0434001");
            sheet.value(1, 1, LocalDateTime.of(2026, 11, 24, 16, 0, 0));
            sheet.style(1, 1).format("yyyy-mm-dd hh:mm:ss").set();
            sheet.value(1, 2, new BigDecimal("0.80"));
        });

        finance.request()
                .contentType(XLSX)
                .body(file)
                .post(STATEMENTS + "/preview?guess=true")
                .then()
                .statusCode(200)
                .body("guessed.columns", equalTo(Map.of("taskNo", "任务编号", "time", "扣费时间", "amount", "金额(元)")))
                .body("guessed.status", equalTo("CHARGED"))
                .body("items[0].time", equalTo("2026-11-24T08:00:00.000Z"))
                .body("items[0].amount.value", equalTo("0.80"));
    }

    @Test
    void a_file_of_many_pieces_is_read_from_its_end_on() {
        Fee fee = books.charged(NOON);

        Response answer = send(large(fee), "");

        answer.then().statusCode(201).body("matched", equalTo(1));
        int read = answer.path("progress.bytesRead");
        assertThat(read).isEqualTo(answer.<Integer>path("progress.bytes")).isGreaterThan(1 << 20);
    }

    @Test
    void an_unusable_file_is_refused_and_nothing_of_it_is_kept() {
        byte[] whole = bill(books.charged(NOON));
        String row = "<row><c><v>1</v></c></row>";

        refused("taskNo,time,status,amount\n".getBytes(StandardCharsets.UTF_8), XLSX, "is not XLSX; send CSV");
        refused(whole, "text/csv", "is a ZIP file, such as XLSX, and not CSV");
        refused(new byte[] {(byte) 0xd0, (byte) 0xcf, 0x11, (byte) 0xe0, 0, 0}, XLSX, "is a workbook of Excel 2003");
        refused(Arrays.copyOf(whole, whole.length / 2), XLSX, "is an incomplete XLSX file");
        refused(
                new BookParts("<row/>".repeat(1_000_000)).zip(),
                XLSX,
                "is not readable as XLSX: xl/worksheets/sheet1.xml is a ZIP bomb");
        refused(new BookParts(row).with("xl/vbaProject.bin", "").zip(), XLSX, "has macros");
        refused(new byte[0], XLSX, "is empty");

        assertThat(stored.count(LEFT))
                .isEqualTo(stored.count("select count(*) from statement where status = 'FAILED'"));
        assertThat(stored.count("select count(*) from statement where problem is null"))
                .isZero();
    }

    @Test
    void the_template_as_xlsx_can_be_imported_as_it_is() {
        byte[] template = finance.request()
                .accept(XLSX)
                .get("/v1/statement-mappings/default/template")
                .then()
                .statusCode(200)
                .contentType(XLSX)
                .extract()
                .asByteArray();

        Response preview = preview(template);

        preview.then().statusCode(200).body("headerLine", equalTo(1));
        assertThat(preview.<List<Map<String, Object>>>path("items"))
                .hasSize(6)
                .allSatisfy(line -> assertThat(line)
                        .containsEntry("taskNo", "043439882226367117195632")
                        .containsEntry("time", "2026-11-24T08:00:00.000Z")
                        .doesNotContainKey("problem"));
    }

    /** A bill in the vendor's form, with a letterhead and totals: the third fee is 0.10 too high, the total is not. */
    private static byte[] bill(Fee... fees) {
        return BookParts.written(sheet -> {
            sheet.value(0, 0, "账单 2019-03");
            int row = header(sheet);
            for (int i = 0; i < fees.length; i++) {
                line(sheet, row++, fees[i], i == 2 ? "0.90" : "0.80");
            }
            sheet.value(row, 0, "合计");
            sheet.value(row, 3, new BigDecimal("2.40"));
        });
    }

    /** More than a megabyte, of which the first line is of a fee. */
    private static byte[] large(Fee fee) {
        Random random = new Random(4711);
        return BookParts.written(sheet -> {
            line(sheet, header(sheet), fee, "0.80");
            for (int row = 4; row < LAST_ROW; row++) {
                sheet.value(row, 0, Long.toHexString(random.nextLong()));
                sheet.value(row, 1, LocalDateTime.of(2019, 3, 1, 20, 0, 0).plusSeconds(random.nextInt(3_600)));
                sheet.value(row, 2, "实扣");
                sheet.value(row, 3, new BigDecimal("0.80"));
                sheet.value(row, 4, random.longs(25).mapToObj(Long::toHexString).collect(Collectors.joining()));
            }
            sheet.range(4, 1, LAST_ROW - 1, 1)
                    .style()
                    .format("yyyy-mm-dd hh:mm:ss")
                    .set();
        });
    }

    private static int header(Worksheet sheet) {
        List<String> names = List.of("taskNo", "time", "status", "amount", "note");
        for (int column = 0; column < names.size(); column++) {
            sheet.value(2, column, names.get(column));
        }
        return 3;
    }

    private static void line(Worksheet sheet, int row, Fee fee, String amount) {
        sheet.value(row, 0, fee.taskNo());
        sheet.value(row, 1, LocalDateTime.ofInstant(fee.at(), SHANGHAI));
        sheet.style(row, 1).format("yyyy-mm-dd hh:mm:ss").set();
        sheet.value(row, 2, fee.word());
        sheet.value(row, 3, new BigDecimal(amount));
    }

    private Response send(byte[] file, String query) {
        return finance.request().contentType(XLSX).body(file).post(STATEMENTS + "?" + Books.PERIOD + "&" + query);
    }

    private Response preview(byte[] file) {
        return finance.request().contentType(XLSX).body(file).post(STATEMENTS + "/preview");
    }

    /** The refusal of a file names the body and begins with a reason: what is in a file the contract does not tell. */
    private void refused(byte[] file, String type, String why) {
        for (String operation : List.of(STATEMENTS, STATEMENTS + "/preview")) {
            RestAssured.given()
                    .header("Authorization", "Bearer " + finance.token())
                    .contentType(type)
                    .body(file)
                    .post(operation)
                    .then()
                    .statusCode(400)
                    .body("errors[0].field", equalTo("body"))
                    .body("errors[0].message", startsWith(why));
        }
    }

    /** Each difference but those of totals, in the form {@code KIND line session}. */
    private List<String> differences(Response statement) {
        return new Work(finance)
                .items(statement.path("id"), "").stream()
                        .filter(item -> !item.get("kind").equals("CONTROL_TOTAL_DIFFERS"))
                        .map(item -> item.get("kind") + " " + item.get("line") + " " + item.get("sessionId"))
                        .toList();
    }
}

package io.liveness.gateway.bill.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.liveness.gateway.bill.read.BillWorkbook.BillSheet;
import io.liveness.gateway.bill.read.BillWorkbook.CellText;
import io.liveness.gateway.bill.read.BillWorkbook.SheetRows;
import io.liveness.gateway.bill.read.BookParts.Content;
import io.liveness.gateway.bill.read.Mapping.Columns;
import io.liveness.gateway.bill.read.Mapping.Sign;
import io.liveness.gateway.bill.read.StatementReader.Line;
import io.liveness.gateway.bill.read.StatementReader.Reading;
import io.liveness.gateway.books.BillDetail;
import io.liveness.gateway.books.BillDetail.Code;
import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.dhatim.fastexcel.VisibilityState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BillWorkbookTest {

    private static final Mapping MAPPING = TestMapping.of(TestMapping.AMOUNT);

    @Test
    void cells_are_what_a_csv_file_has_for_them() {
        byte[] file = BookParts.written(sheet -> {
            sheet.value(0, 0, "taskNo");
            sheet.inlineString(0, 1, "时间");
            sheet.value(2, 0, "0434001");
            sheet.value(2, 1, LocalDateTime.of(2026, 11, 24, 16, 0, 0));
            sheet.style(2, 1).format("yyyy-mm-dd hh:mm:ss").set();
            sheet.value(2, 3, new BigDecimal("0.80"));
            sheet.value(2, 4, 3);
            sheet.value(2, 5, true);
            sheet.formula(3, 0, "A1");
            sheet.value(4, 1, "'=1+1");
        });

        List<RawRow> rows = rows(file);

        assertThat(rows)
                .extracting(RawRow::line, RawRow::cells)
                .containsExactly(
                        tuple(1, List.of("taskNo", "时间")),
                        tuple(3, List.of("0434001", "2026-11-24 16:00:00", "", "0.8", "3", "TRUE")),
                        tuple(4, List.of("=A1")),
                        tuple(5, List.of("", "'=1+1")));
        assertThat(rows.get(2).broken().get(0)).isEqualTo(Code.CELL_NOT_CALCULATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openpyxl", "xlsxwriter", "exceljs", "sheetjs", "libreoffice", "poi"})
    void a_bill_of_another_producer_is_read_behind_its_cover_sheet(String producer) throws IOException {
        byte[] file;
        try (InputStream in = getClass().getResourceAsStream("/workbooks/" + producer + ".xlsx")) {
            file = in.readAllBytes();
        }

        List<RawRow> rows = rows(file);

        assertThat(rows.subList(0, 5))
                .extracting(RawRow::line, RawRow::cells)
                .containsExactly(
                        tuple(1, List.of("账单 2026-11")),
                        tuple(2, List.of("taskNo", "time", "status", "amount")),
                        tuple(3, List.of("043439882226367117195632", "2026-11-24 16:00:00", "实扣", "0.8")),
                        tuple(4, List.of("043439882226367117195633", "2026-11-24 16:00:59", "退回", "1234.5")),
                        tuple(5, List.of("043439882226367117195634", "2026-11-24 23:59:59", "实扣", "0.3")));
        RawRow totals = rows.get(5);
        assertThat(totals.cells().get(0)).isEqualTo("合计");
        assertThat(totals.cells().get(3)).isEqualTo(producer.equals("openpyxl") ? "=SUM(D3:D5)" : "1235.6");
        assertThat(totals.broken().containsKey(3)).isEqualTo(producer.equals("openpyxl"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "<c><v>0.8</v></c>                                  | 0.8",
                "<c><v>0.80000000000000004</v></c>                  | 0.8",
                "<c><v>1E3</v></c>                                  | 1000",
                "<c s=\"3\"><v>-0.8</v></c>                         | -0.8",
                "<c><v>4.3439882226367118E22</v></c>                | 4.34398822263671E+22",
                "<c><v>1000000000000000</v></c>                     | 1E+15",
                "<c><v>1E999999999</v></c>                          | 1E999999999",
                "<c t=\"b\"><v>0</v></c>                            | FALSE",
                "<c t=\"str\"><f>A1</f><v>实扣</v></c>              | 实扣",
                "<c><f>0.4+0.4</f><v>0.8</v></c>                    | 0.8",
                "<c t=\"s\"><v>1</v></c>                            | 实扣",
                "<c t=\"inlineStr\"><is><t>a</t><r><rPr><b/></rPr><t>b</t></r></is></c> | ab",
                "<c s=\"1\"><v>0.5</v></c>                          | 12:00:00",
                "<c t=\"inlineStr\"><is><t>a_x000A_b_x005F_x000A_</t></is></c> | ~a\nb_x000A_~",
                "<c t=\"d\"><v>2026-11-24T16:00:00</v></c>          | 2026-11-24T16:00:00",
                "<c t=\"d\"><v>2026-11-24</v></c>                   | 2026-11-24",
                "<c s=\"1\"><v>46350.666666666664</v></c>           | 2026-11-24 16:00:00",
                "<c s=\"1\"><v>46350.999988425923</v></c>           | 2026-11-24 23:59:59",
                "<c s=\"1\"><v>-1</v></c>                           | -1",
                "<c s=\"99999\"><v>46350</v></c>                    | 46350",
            })
    void a_cell_is_read_as_text(String cell, String text) {
        byte[] file = new BookParts("<row>" + cell + "</row>")
                .with(
                        BookParts.STRINGS,
                        "<sst><si><t>x</t></si><si><r><t>实</t></r><r><t>扣</t></r></si>"
                                + "<si><t>a</t><rPh><t>x</t></rPh><r><t>b</t></r></si></sst>")
                .zip();

        assertThat(rows(file).get(0).cells()).containsExactly(text);
    }

    @ParameterizedTest
    @CsvSource({"1, 44888", "true, 44888", "0, 46350", "false, 46350"})
    void days_are_counted_from_1900_or_from_1904(String from1904, String days) {
        byte[] file = new BookParts("<row><c s=\"1\"><v>" + days + ".5</v></c></row>")
                .replace(BookParts.BOOK, "<workbookPr/>", "<workbookPr date1904=\"" + from1904 + "\"/>")
                .zip();

        assertThat(rows(file).get(0).cells()).containsExactly("2026-11-24 12:00:00");
    }

    @ParameterizedTest
    @CsvSource({
        "yyyy\\-mm\\-dd, true",
        "[h]:mm:ss, true",
        "'[$-804]yyyy\"年\"m\"月\"d\"日\";@', true",
        "上午/下午h\"时\"mm\"分\", true",
        "General, false",
        "0.00, false",
        "'#,##0.00\"days\"', false",
        "0.00E+00, false",
        "'_(* #,##0.00_);_(* \\(#,##0.00\\)', false",
        "@, false",
    })
    void a_format_is_one_of_dates_or_of_numbers(String code, boolean date) {
        assertThat(CellText.isDateFormat(code)).isEqualTo(date);
    }

    @Test
    void the_first_sheet_that_can_be_seen_is_read() {
        byte[] file = new BookParts("")
                .with(
                        "xl/worksheets/sheet2.xml",
                        "<worksheet><sheetData><row><c><v>2</v></c></row></sheetData></worksheet>")
                .related(BookParts.relation("r4", "worksheet", "worksheets/sheet2.xml"))
                .replace(
                        BookParts.BOOK,
                        "</sheets>",
                        "<sheet name=\"b\" r:id=\"r4\"/><sheet name=\"c\" r:id=\"r9\"/></sheets>")
                .replace(BookParts.BOOK, "r:id=\"r1\"", "state=\"hidden\" r:id=\"r1\"")
                .zip();

        assertThat(rows(file)).extracting(RawRow::cells).containsExactly(List.of("2"));
    }

    @Test
    void a_formula_whose_value_is_an_empty_text_is_empty_and_one_that_was_never_worked_out_is_not() {
        String empty = "<row><c t=\"str\"><f>A1</f><v></v></c></row>";
        String uncalculated = "<row><c><f>B1</f><v></v></c></row>";
        BookParts withOther = new BookParts(empty)
                .with("xl/worksheets/other.xml", "<worksheet><sheetData>" + uncalculated + "</sheetData></worksheet>")
                .related(BookParts.relation("r4", "worksheet", "worksheets/other.xml"))
                .replace(BookParts.BOOK, "</sheets>", "<sheet name=\"b\" state=\"hidden\" r:id=\"r4\"/></sheets>");

        assertThat(rows(withOther.zip())).isEmpty();
        assertThat(rows(new BookParts(uncalculated).zip()))
                .extracting(RawRow::cells)
                .containsExactly(List.of("=B1"));
    }

    /** Excel writes this form when it saves a "Strict Open XML Spreadsheet". */
    @Test
    void a_workbook_in_the_strict_form_of_the_standard_is_read() {
        byte[] file = BookParts.strict(
                        "<row><c t=\"s\"><v>0</v></c><c t=\"d\" s=\"1\"><v>2026-11-24T16:00:00</v></c></row>")
                .with(
                        BookParts.STRINGS,
                        "<sst xmlns=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"><si><t>实扣</t></si></sst>")
                .zip();

        assertThat(rows(file)).extracting(RawRow::cells).containsExactly(List.of("实扣", "2026-11-24T16:00:00"));
    }

    /** Apache POI streams this form: sizes behind each part, in eight bytes, and a directory of ZIP64. */
    @Test
    void a_zip_file_in_the_form_of_large_ones_is_read() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipInputStream parts = new ZipInputStream(
                        new ByteArrayInputStream(new BookParts("<row><c><v>1</v></c></row>").zip()));
                ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
            zip.setUseZip64(Zip64Mode.Always);
            for (ZipEntry part = parts.getNextEntry(); part != null; part = parts.getNextEntry()) {
                zip.putArchiveEntry(new ZipArchiveEntry(part.getName()));
                parts.transferTo(zip);
                zip.closeArchiveEntry();
            }
        }

        assertThat(rows(out.toByteArray())).extracting(RawRow::cells).containsExactly(List.of("1"));
    }

    @Test
    void a_cell_that_is_an_error_or_was_never_worked_out_is_reported_by_its_column() {
        String header = "<row>" + text("taskNo") + text("time") + text("status") + text("amount") + "</row>";
        String error = "<row>" + "<c t=\"e\"><v>#N/A</v></c>" + text("2026-11-24 16:00:00") + text("Charged")
                + "<c><v>0.8</v></c></row>";
        String formula = "<row>" + text("'-0434001") + "<c s=\"1\"><v>46350.5</v></c>" + text("Charged")
                + "<c><f>A1</f></c></row>";
        List<Line> lines = new ArrayList<>();

        try (BillWorkbook file = open(
                new BookParts(header + error + formula + formula.replace("<f>A1</f>", "<f>A1</f><v>0.8</v>")).zip())) {
            StatementReader.read(file.rows(MAPPING), MAPPING, 10, lines::add);
        }

        assertThat(lines)
                .extracting(line -> line.problem().map(BillDetail::text).orElse("right"))
                .containsExactly(
                        "column taskNo is an error of a formula",
                        "column amount is a formula whose value is not in the file; open it in a spreadsheet and save it",
                        "right");
        assertThat(lines.get(2).at()).hasValue(Instant.parse("2026-11-24T04:00:00Z"));
        assertThat(lines.get(2).amount()).hasValue(800_000L);
        assertThat(lines.get(2).taskNo())
                .as("without what an export has put in front")
                .hasValue("-0434001");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dd.MM.yyyy HH:mm", "yyyy-MM-dd", "yyyyMMddHHmmss"})
    void dates_are_read_whatever_form_the_mapping_has(String form) {
        String time = "<c s=\"1\"><v>46350.5</v></c>";
        String rest = text("Charged") + "<c><v>0.8</v></c></row>";
        String header =
                "<row>" + text("taskNo") + text("time") + text("status") + text("amount") + text("date") + "</row>";
        String ofBoth =
                "<c s=\"1\"><v>0.5</v></c>" + text("Charged") + "<c><v>0.8</v></c><c s=\"1\"><v>46350</v></c></row>";
        byte[] file = new BookParts(
                        header + "<row>" + text("0434001") + time + rest + "<row>" + text("0434002") + ofBoth)
                .zip();

        assertThat(times(file, TestMapping.AMOUNT, form).get(0)).hasValue(Instant.parse("2026-11-24T04:00:00Z"));
        assertThat(times(file, new Columns("taskNo", "date", "time", "status", "amount", null, null, null), form)
                        .get(1))
                .hasValue(Instant.parse("2026-11-24T04:00:00Z"));
    }

    private List<Optional<Instant>> times(byte[] file, Columns columns, String form) {
        Mapping mapping = TestMapping.of(columns, Sign.POSITIVE, List.of(form), List.of());
        List<Line> lines = new ArrayList<>();
        try (BillWorkbook book = open(file)) {
            StatementReader.read(book.rows(mapping), mapping, 10, lines::add);
        }
        return lines.stream().map(Line::at).toList();
    }

    @Test
    void every_visible_sheet_with_the_header_is_read_as_one_bill() {
        byte[] file = BookParts.written(
                cover -> cover.value(0, 0, "2026-11"),
                list(0, List.of("taskNo", "time", "status", "amount"), "0434001", "0434002"),
                list(3, List.of("amount", "status", "time", "taskNo"), "0434003"),
                empty -> {},
                list(0, List.of("taskNo", "time", "status", "amount"), "x y"));
        List<Line> lines = new ArrayList<>();

        try (BillWorkbook book = open(file)) {
            SheetRows rows = book.rows(MAPPING);
            Reading reading = StatementReader.read(rows, MAPPING, 10, lines::add);

            assertThat(reading.lines()).isEqualTo(4);
            assertThat(rows.sheets())
                    .containsExactly(
                            new BillSheet("sheet 0", null),
                            new BillSheet("sheet 1", 1),
                            new BillSheet("sheet 2", 10_000_001),
                            new BillSheet("sheet 4", 20_000_001));
        }
        assertThat(lines)
                .extracting(
                        Line::number,
                        line -> line.taskNo().orElse("none"),
                        line -> line.amount().orElseThrow())
                .containsExactly(
                        tuple(2, "0434001", 800_000L),
                        tuple(3, "0434002", 800_000L),
                        tuple(10_000_005, "0434003", 800_000L),
                        tuple(20_000_002, "none", 800_000L));
    }

    @Test
    void what_is_refused_on_a_further_sheet_is_told_by_sheet_and_row() {
        Content list = list(0, List.of("taskNo", "time", "status", "amount"), "0434001");
        Content other = sheet -> {
            list.write(sheet);
            sheet.value(4, 0, "taskNo");
            sheet.value(4, 1, "time");
        };

        assertThat(refusal(BookParts.written(list, list), 1))
                .isEqualTo("sheet sheet 1, row 2: exceeds the limit: a statement has at most 1 lines");
        assertThat(refusal(BookParts.written(list, other), 10))
                .startsWith("sheet sheet 1, row 5: is the header of another table, and lacks: status, amount;");
    }

    @Test
    void a_sheet_that_is_hidden_or_whose_lines_have_no_header_is_refused_by_its_name() {
        Content list = list(0, List.of("taskNo", "time", "status", "amount"), "0434001");
        Content without = sheet -> {
            sheet.value(0, 0, "0434002");
            sheet.value(0, 1, "2026-11-24 16:00:00");
            sheet.value(0, 2, "Charged");
            sheet.value(0, 3, new BigDecimal("0.80"));
        };
        Content hidden = sheet -> {
            list.write(sheet);
            sheet.setVisibilityState(VisibilityState.HIDDEN);
        };
        String show = ", which is hidden: show that sheet, or remove it, and save the file";

        assertThat(refusal(BookParts.written(list, hidden), 10)).isEqualTo("body: has a bill in sheet sheet 1" + show);
        assertThat(refusal(BookParts.written(cover -> cover.value(0, 0, "2026-11"), hidden), 10))
                .isEqualTo("body: has a bill in sheet sheet 1" + show);
        assertThat(refusal(BookParts.written(hidden), 10)).isEqualTo("body: has a bill in sheet sheet 0" + show);
        assertThat(refusal(BookParts.written(list, without), 10))
                .isEqualTo(
                        "body: has lines in sheet sheet 1, which has no header: put the header into its first row, and save the file");
        assertThat(refusal(BookParts.written(Collections.nCopies(101, list).toArray(Content[]::new)), 10))
                .isEqualTo("body: has more than 100 sheets; send them in files of fewer sheets each");
    }

    /** A list of charges, each at 0.80. @param above rows above its header */
    private static Content list(int above, List<String> columns, String... taskNos) {
        return sheet -> {
            for (int row = 0; row < above; row++) {
                sheet.value(row, 0, "letterhead");
            }
            for (int column = 0; column < columns.size(); column++) {
                sheet.value(above, column, columns.get(column));
            }
            for (int nth = 0; nth < taskNos.length; nth++) {
                int row = above + 1 + nth;
                sheet.value(row, columns.indexOf("taskNo"), taskNos[nth]);
                sheet.value(row, columns.indexOf("time"), "2026-11-24 16:00:00");
                sheet.value(row, columns.indexOf("status"), "Charged");
                sheet.value(row, columns.indexOf("amount"), new BigDecimal("0.80"));
            }
        };
    }

    private String refusal(byte[] file, int maxLines) {
        try (BillWorkbook book = open(file)) {
            StatementReader.read(book.rows(MAPPING), MAPPING, maxLines, line -> {});
            return "";
        } catch (ProblemException refused) {
            FieldError error = refused.errors().get(0);
            return error.field() + ": " + error.message();
        }
    }

    @Test
    void the_bill_that_the_bench_writes_is_read(@TempDir Path folder) throws Exception {
        Path csv = Files.writeString(
                folder.resolve("bill.csv"), "taskNo,time,status,amount\n0434001,2026-11-24 16:00:00,Charged,0.80\n");
        Path xlsx = folder.resolve("bill.xlsx");
        Process bench = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "bench/java/WriteBill.java",
                        csv.toString(),
                        xlsx.toString())
                .inheritIO()
                .start();
        assertThat(bench.waitFor()).isZero();

        assertThat(rows(Files.readAllBytes(xlsx)))
                .extracting(RawRow::cells)
                .containsExactly(
                        List.of("taskNo", "time", "status", "amount"),
                        List.of("0434001", "2026-11-24 16:00:00", "Charged", "0.8"));
    }

    @Test
    void a_million_shared_strings_are_read() {
        StringBuilder strings = new StringBuilder("<sst>");
        for (int i = 0; i < 1_000_000; i++) {
            strings.append("<si><t>0434398822263671").append(i).append("</t></si>");
        }
        byte[] file = new BookParts(
                        "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>54321</v></c><c t=\"s\"><v>999999</v></c></row>")
                .with(BookParts.STRINGS, strings.append("</sst>").toString())
                .zip();

        assertThat(rows(file).get(0).cells())
                .containsExactly("04343988222636710", "043439882226367154321", "0434398822263671999999");
    }

    private static String text(String text) {
        return "<c t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
    }

    private BillWorkbook open(byte[] file) {
        return BillWorkbook.open(new ByteArrayInputStream(file), BillWorkbook.place(Duration.ofMinutes(1)));
    }

    private List<RawRow> rows(byte[] file) {
        List<RawRow> rows = new ArrayList<>();
        try (BillWorkbook book = open(file)) {
            book.rows(MAPPING).forEachRemaining(rows::add);
        }
        return rows;
    }
}

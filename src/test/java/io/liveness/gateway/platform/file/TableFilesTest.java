package io.liveness.gateway.platform.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.liveness.gateway.platform.file.Table.Column;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.ReadingOptions;
import org.dhatim.fastexcel.reader.Sheet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Written files, read again by another library. */
class TableFilesTest {

    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final Instant TIME = Instant.parse("2026-10-31T23:59:58.123456Z");
    private static final List<String> TEXTS =
            List.of("=1+1", "'=1", "a,b", "say \"hi\"", "two\r\nlines", "\tx", "张三 😀", " blank ", "-0.80", "007");

    private static final Pattern ESCAPE = Pattern.compile("_x(\\p{XDigit}{4})_");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private static final class Texts extends Table {

        Texts() {
            super(
                    "texts",
                    "none",
                    List.of(new Column("text", 20), new Column("amount", 10, NUMBER), new Column("at", 20, TIME)));
        }

        @Override
        public String rows(Connection connection) {
            throw new IllegalStateException("Rows are written by the test");
        }

        @Override
        public void summarize(Cells cells) {
            cells.text("rows");
            cells.number(BigDecimal.TEN);
            cells.endRow();
        }
    }

    @Test
    void csv_has_every_text_as_it_was_but_for_the_guard() throws IOException {
        CsvFile file = new CsvFile(out, new Texts(), SHANGHAI);
        write(file, TEXTS);

        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(text).startsWith("\uFEFFtext,amount,at\r\n").endsWith("\r\n");
        List<CSVRecord> rows =
                CSVFormat.RFC4180.parse(new StringReader(text.substring(1))).getRecords();
        assertThat(rows).hasSize(TEXTS.size() + 1);
        assertThat(rows.subList(1, rows.size()))
                .extracting(row -> FormulaGuard.strip(row.get(0)))
                .isEqualTo(TEXTS);
        assertThat(rows.get(1).get(0)).isEqualTo("'=1+1");
        assertThat(rows.get(1).get(1)).isEqualTo("92233720368547758.07");
        assertThat(rows.get(1).get(2)).isEqualTo("2026-11-01T07:59:58.123+08:00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-10-31T16:00:00Z",
                "2026-10-31T23:59:58.1Z",
                "2026-10-31T23:59:58.000001Z",
                "2026-01-01T00:00:01.120Z",
                "1970-01-01T00:00:00.999999999Z"
            })
    void csv_has_times_to_the_millisecond_as_iso_8601_has_them(String time) throws IOException {
        for (String zone : List.of("Asia/Shanghai", "UTC", "America/St_Johns", "+05:45")) {
            out.reset();
            CsvFile file = new CsvFile(out, new Texts(), ZoneId.of(zone));
            file.begin();
            file.time(Instant.parse(time));
            file.endRow();
            file.end();

            assertThat(out.toString(StandardCharsets.UTF_8))
                    .endsWith("\n"
                            + DateTimeFormatter.ISO_OFFSET_DATE_TIME
                                    .withZone(ZoneId.of(zone))
                                    .format(Instant.parse(time).truncatedTo(ChronoUnit.MILLIS))
                            + "\r\n");
        }
    }

    @Test
    void csv_has_nothing_for_what_is_not_there() throws IOException {
        CsvFile file = new CsvFile(out, new Texts(), SHANGHAI);
        file.begin();
        file.text(null);
        file.number(new BigDecimal("-5"));
        file.time(null);
        file.endRow();
        file.end();

        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("at\r\n,-5,\r\n");
    }

    @Test
    void xlsx_has_typed_cells_and_every_text_as_it_was_but_for_the_guard() throws IOException {
        XlsxFile file = new XlsxFile(out, new Texts(), SHANGHAI);
        write(file, TEXTS);

        List<List<Cell>> rows = sheet("texts");
        assertThat(rows).hasSize(TEXTS.size() + 1);
        assertThat(rows.subList(1, rows.size()))
                .extracting(row -> FormulaGuard.strip(row.get(0).asString()))
                .isEqualTo(TEXTS);
        assertThat(rows.get(1).get(0).asString()).isEqualTo("'=1+1");
        assertThat(rows.get(1).get(1).asNumber()).isEqualByComparingTo("92233720368547758.07");
        assertThat(rows.get(1).get(1).getDataFormatString()).isEqualTo("0.00");
        assertThat(rows.get(1).get(2).getDataFormatString()).isEqualTo("yyyy-mm-dd hh:mm:ss");
        BigDecimal ofDay = rows.get(1).get(2).asNumber().remainder(BigDecimal.ONE);
        assertThat(ofDay.multiply(BigDecimal.valueOf(Duration.ofDays(1).toMillis())))
                .as("milliseconds of the day, to those of JSON")
                .isCloseTo(
                        BigDecimal.valueOf(LocalTime.of(7, 59, 58, 123_000_000).toNanoOfDay(), 6),
                        within(new BigDecimal("0.001")));
        assertThat(sheet("summary").get(0).get(1).asNumber()).isEqualByComparingTo("10");
    }

    @Test
    void each_amount_is_shown_with_the_digits_of_its_currency() throws IOException {
        XlsxFile file = new XlsxFile(out, new Texts(), SHANGHAI);
        file.begin();
        for (int digits : new int[] {2, 0, 0, 3, 2}) {
            file.text("x");
            file.number(BigDecimal.valueOf(1234, digits));
            file.time(null);
            file.endRow();
        }
        file.end();

        assertThat(sheet("texts").stream().skip(1).map(row -> row.get(1)))
                .extracting(cell -> cell.asNumber() + " " + cell.getDataFormatString())
                .containsExactly("12.34 0.00", "1234 0", "1234 0", "1.234 0.000", "12.34 0.00");
    }

    @Test
    void rows_that_a_sheet_has_no_room_for_are_on_the_next_one_with_its_own_head() throws IOException {
        XlsxFile file = new XlsxFile(out, new Texts(), SHANGHAI, 4);
        write(file, List.of("1", "2", "3", "4", "5", "6", "7"));

        assertThat(texts("texts")).containsExactly("text", "1", "2", "3");
        assertThat(texts("texts 2")).containsExactly("text", "4", "5", "6");
        assertThat(texts("texts 3")).containsExactly("text", "7");
    }

    @Test
    void characters_that_xml_cannot_hold_are_escaped_as_spreadsheets_read_them() {
        assertThat(XlsxText.of("a\u0001b")).isEqualTo("a_x0001_b");
        assertThat(XlsxText.of("_x0041_")).isEqualTo("_x005F_x0041_");
        assertThat(XlsxText.of("_x0041\u0001")).isEqualTo("_x005F_x0041_x0001_");
        assertThat(XlsxText.of("_x00")).isEqualTo("_x00");
        assertThat(XlsxText.of("line\r\nbreak_x")).isEqualTo("line\r\nbreak_x");
    }

    /** The library that reads here leaves the escapes as they are; spreadsheets take them back as it is done here. */
    @Test
    void a_spreadsheet_reads_every_text_as_it_was_also_what_xml_cannot_hold_and_what_looks_escaped()
            throws IOException {
        List<String> texts = new ArrayList<>(List.of(
                "_x0041_",
                "_x0041\u0001",
                "_x005F_",
                "_x005F_x0041_",
                "_x0041_x0042_",
                "_x00_x0001_",
                "__x00e9_",
                "_x004",
                "_",
                "\uFFFE\uFFFF_xFFFE_"));
        for (char c = 0; c < ' '; c++) {
            texts.add("a" + c + "_x000" + c + "_");
        }
        XlsxFile file = new XlsxFile(out, new Texts(), SHANGHAI);
        write(file, texts);

        assertThat(texts("texts").stream().skip(1).map(TableFilesTest::unescaped))
                .isEqualTo(texts);
    }

    /** ECMA-376, part 1, 22.9.2.19 gives the form. */
    private static String unescaped(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
    }

    private static void write(TableFile file, List<String> texts) throws IOException {
        file.begin();
        for (String text : texts) {
            file.text(text);
            file.number(BigDecimal.valueOf(Long.MAX_VALUE, 2));
            file.time(TIME);
            file.endRow();
        }
        file.end();
    }

    private List<String> texts(String sheet) throws IOException {
        return sheet(sheet).stream().map(row -> row.get(0).asString()).toList();
    }

    private List<List<Cell>> sheet(String name) throws IOException {
        try (ReadableWorkbook book =
                new ReadableWorkbook(new ByteArrayInputStream(out.toByteArray()), new ReadingOptions(true, true))) {
            Sheet sheet = book.findSheet(name).orElseThrow();
            List<List<Cell>> rows = new ArrayList<>();
            for (org.dhatim.fastexcel.reader.Row row : sheet.read()) {
                List<Cell> cells = new ArrayList<>();
                row.forEach(cells::add);
                rows.add(cells);
            }
            return rows;
        }
    }
}

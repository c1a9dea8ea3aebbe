package io.liveness.gateway.bill.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.liveness.gateway.bill.read.GuardedWorkbook.Limits;
import io.liveness.gateway.platform.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DamagedWorkbookTest {

    private static final String ROW = "<row><c><v>1</v></c></row>";
    private static final String NO_SHEET = "body: is a workbook without a visible sheet";
    private static final Mapping MAPPING = TestMapping.of(TestMapping.AMOUNT);

    @Test
    void any_damage_is_a_problem_and_no_failure_of_ours() {
        byte[] whole = new BookParts(ROW.repeat(300))
                .with(BookParts.STRINGS, "<sst><si><t>" + "a text ".repeat(100) + "</t></si></sst>")
                .zip();
        Random random = new Random(4711);
        int refused = 0;
        for (int copy = 0; copy < 1_500; copy++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Throwable thrown = catchThrowable(() -> readAll(damaged));
            assertThat(thrown)
                    .as("copy " + copy)
                    .satisfiesAnyOf(
                            none -> assertThat(none).isNull(),
                            problem -> assertThat(problem).isInstanceOf(ProblemException.class));
            refused += thrown == null ? 0 : 1;
        }
        assertThat(refused).isGreaterThan(500);
    }

    @Test
    void any_xml_is_a_problem_and_no_failure_of_ours() {
        String sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" s=\"1\" t=\"n\"><f>A1</f><v>46350.5</v></c>"
                + "<c r=\"B1\" t=\"inlineStr\"><is><t>a&amp;b</t></is></c><c t=\"s\"><v>0</v></c></row></sheetData></worksheet>";
        String marks = "<>/=\"'&;![]?-_xAsrtcv0159Ee. \u0000\u00e9中";
        Random random = new Random(4711);
        int refused = 0;
        for (int copy = 0; copy < 1_500; copy++) {
            StringBuilder damaged = new StringBuilder(sheet);
            for (int i = 0; i <= random.nextInt(3); i++) {
                char mark = marks.charAt(random.nextInt(marks.length()));
                damaged.setCharAt(random.nextInt(damaged.length()), mark);
            }
            byte[] file =
                    new BookParts("").with(BookParts.SHEET, damaged.toString()).zip();
            Throwable thrown = catchThrowable(() -> readAll(file));
            assertThat(thrown)
                    .as(damaged.toString())
                    .satisfiesAnyOf(
                            none -> assertThat(none).isNull(),
                            problem -> assertThat(problem).isInstanceOf(ProblemException.class));
            refused += thrown == null ? 0 : 1;
        }
        assertThat(refused).isGreaterThan(500);
    }

    @Test
    void a_bomb_is_refused_before_it_has_inflated() {
        byte[] file = new BookParts("<row/>".repeat(2_000_000)).zip();

        assertThat(file.length).isLessThan(1_000_000);
        assertThat(problem(file))
                .isEqualTo(
                        "body: is not readable as XLSX: xl/worksheets/sheet1.xml is a ZIP bomb: it inflates to more than 200 times its size");
    }

    @Test
    void parts_that_come_to_too_much_together_are_refused() {
        byte[] file = new BookParts(noise(2_000_000, "<row><c><v>", "</v></c></row>")).zip();

        assertThat(problem(file, new Limits(1_000_000, 1L << 30)))
                .isEqualTo("body: inflates to more than 1000000 bytes; send it in parts of a shorter period");
    }

    @Test
    void too_much_shared_text_is_refused() {
        byte[] file = new BookParts(ROW)
                .with(BookParts.STRINGS, "<sst>" + noise(20 * 1024 * 1024, "<si><t>", "</t></si>") + "</sst>")
                .zip();

        assertThat(problem(file, new Limits(1L << 30, 16 * 1024 * 1024)))
                .contains("xl/sharedStrings.xml has more than 4000000 texts or 16777216 bytes of texts");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<!DOCTYPE worksheet SYSTEM \"file:///etc/passwd\"><worksheet/> | has a DOCTYPE, which no spreadsheet writes",
                "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><worksheet><sheetData><row><c t=\"str\"><v>&x;</v></c></row></sheetData></worksheet> | has a DOCTYPE, which no spreadsheet writes",
                "<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;\">]><a>&y;</a> | has a DOCTYPE, which no spreadsheet writes",
                "<worksheet><sheetData><row><c t=\"str\"><v>&x;</v></c></row></sheetData></worksheet> | is no XML",
                "<worksheet><sheetData> | is no XML",
                "<?php x?><worksheet/> | has a processing instruction, which no spreadsheet writes",
                "<worksheet><sheetData><row><c><c/></c></row></sheetData></worksheet> | has <c> in a cell or in a text, where no spreadsheet writes it",
                "<worksheet><sheetData><row><c><row/></c></row></sheetData></worksheet> | has <row> in a cell or in a text, where no spreadsheet writes it",
                "<worksheet><sheetData><row><c><si/></c></row></sheetData></worksheet> | has <si> in a cell or in a text, where no spreadsheet writes it",
                "<sst><si><c/></si></sst> | has <c> in a cell or in a text, where no spreadsheet writes it",
                "<worksheet><sheetData><row><c r=\"7\"><v>1</v></c></row></sheetData></worksheet>       | has a cell whose place is none",
                "<worksheet><sheetData><row><c r=\"ZZZZZZ7\"><v>1</v></c></row></sheetData></worksheet> | has a cell whose place is none",
                "no xml | is no XML",
                "'' | is no XML",
            })
    void what_is_no_xml_of_a_spreadsheet_is_refused(String sheet, String problem) {
        byte[] file = new BookParts("").with(BookParts.SHEET, sheet).zip();

        assertThat(problem(file)).isEqualTo("body: is not readable as XLSX: " + BookParts.SHEET + " " + problem);
    }

    @Test
    void xml_that_would_fill_the_memory_is_refused() {
        assertThat(problem(new BookParts("<row " + names(2_000) + "/>").zip()))
                .contains("has more than 1000 different names");
        assertThat(problem(new BookParts("")
                        .with(BookParts.SHEET, "<a>".repeat(100))
                        .zip()))
                .contains("has elements in more than 64 others");
        assertThat(problem(new BookParts("")
                        .with(BookParts.SHEET, "<worksheet" + namespaces(2_000) + "/>")
                        .zip()))
                .contains("has more than 1000 different names");
        assertThat(problem(new BookParts("<!--" + noise(2_000_000, "", " ") + "-->").zip()))
                .contains("has a text or a tag of more than 1048576 bytes");
        assertThat(problem(new BookParts("<row r=\"" + noise(2_000_000, "", " ") + "\"/>").zip()))
                .contains("has a text or a tag of more than 1048576 bytes");
        assertThat(problem(new BookParts("<row><c><v>" + "1".repeat(100_000) + "</v></c></row>").zip()))
                .contains("has a text of more than 65536 characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<row r=\"1048577\"><c><v>1</v></c></row>         | line 1048577: has more than 256 cells or 65536 characters, or is behind line 1048576",
                "<row r=\"4294967297\"/>                        | line 1: is not readable as XLSX from here on",
                "<row r=\"7\"><c r=\"XFD7\"><v>1</v></c></row>    | line 7: has more than 256 cells or 65536 characters, or is behind line 1048576",
                "<row><c t=\"s\"><v>0</v></c></row>               | body: has a cell whose text is not in the file",
                "<row><c t=\"s\"><v>2000000000</v></c></row>      | body: has a cell whose text is not in the file",
                "<row><c t=\"s\"><v>-1</v></c></row>              | line 1: is not readable as XLSX from here on",
                "<row><c t=\"x\"><v>0</v></c></row>               | line 1: is not readable as XLSX from here on",
                "<row><c><v>0</v><f t=\"shared\" si=\"0\"/></c></row> | line 1: is not readable as XLSX from here on",
            })
    void a_row_that_no_spreadsheet_writes_is_refused(String rows, String problem) {
        assertThat(problem(new BookParts(rows).zip())).isEqualTo(problem);
    }

    /** Each would take minutes, or the whole heap, of the library behind. */
    @Test
    void what_is_small_and_takes_long_is_refused() {
        String shared = "<f t=\"shared\" ref=\"A1\" si=\"0\">" + "A1+".repeat(2_000) + "1</f>";
        String copy = "<row><c><f t=\"shared\" si=\"0\"/><v>1</v></c></row>";
        String array = "<row><c><f t=\"array\" ref=\"A1:B2\">A1</f><v>1</v></c></row>";
        String far = "<row><c r=\"XFD%d\"/></row>";
        String styles = noise(20_000_000, "<numFmt numFmtId=\"1\" formatCode=\"", "\"/>");

        assertThat(problem(new BookParts("<row><c>" + shared + "<v>1</v></c></row>" + mixed(copy, 200_000)).zip()))
                .contains("has a formula that is too long, or repeated too often");
        assertThat(problem(new BookParts(array.repeat(200)).zip())).contains("has a formula that is too long");
        assertThat(problem(new BookParts("<row><c><v>" + "9".repeat(500) + "</v></c></row>").zip()))
                .contains("has a number of more than 400 characters");
        assertThat(problem(new BookParts(ROW)
                        .with("xl/styles.xml", "<styleSheet>" + styles + "</styleSheet>")
                        .zip()))
                .contains("has more sheets, styles or formulas than a bill");
        assertThat(problem(new BookParts("<row>" + "<c/>".repeat(20_000) + "</row>").zip()))
                .contains("has cells in columns that no bill has");
        StringBuilder rows = new StringBuilder();
        for (int row = 1; row <= 10_000; row++) {
            rows.append(far.formatted(row));
        }
        assertThat(problem(new BookParts(rows.toString()).zip())).contains("has cells in columns that no bill has");
    }

    /** Random numbers keep the file from deflating like a bomb. */
    private static String mixed(String row, int count) {
        Random random = new Random(4711);
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++) {
            rows.append(row.replace("<v>1", "<v>" + random.nextInt(1_000_000)));
        }
        return rows.toString();
    }

    @Test
    void one_workbook_is_open_at_a_time_and_a_damaged_one_is_none() {
        byte[] file = new BookParts(ROW).zip();
        try (BillWorkbook first = open(file, Limits.ofThisHeap())) {
            assertThatThrownBy(() -> BillWorkbook.place(Duration.ZERO))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("Another workbook is being read");
        }
        problem(new byte[0]);
        open(file, Limits.ofThisHeap()).close();
    }

    @Test
    void a_workbook_without_what_it_needs_is_refused_by_what_is_missing() {
        assertThat(problem(new BookParts(ROW).without(BookParts.BOOK).zip()))
                .isEqualTo("body: is a ZIP file without a workbook, not XLSX");
        for (String part : List.of("[Content_Types].xml", "xl/_rels/workbook.xml.rels")) {
            assertThat(problem(new BookParts(ROW).without(part).zip())).isEqualTo("body: is not readable as XLSX");
        }
        assertThat(problem(new BookParts(ROW).without(BookParts.SHEET).zip())).isEqualTo(NO_SHEET);
        assertThat(problem(new BookParts(ROW)
                        .with(BookParts.BOOK, "<workbook><sheets/></workbook>")
                        .zip()))
                .isEqualTo(NO_SHEET);
    }

    @Test
    void macros_are_refused_and_so_is_a_binary_workbook() {
        assertThat(problem(new BookParts(ROW).with("xl/vbaProject.bin", "").zip()))
                .isEqualTo("body: has macros, which are not accepted; save it as XLSX without macros");
        assertThat(problem(new BookParts(ROW).with("xl/workbook.bin", "").zip()))
                .isEqualTo("body: is a binary workbook (XLSB); save it as XLSX or CSV");
    }

    @Test
    void a_part_that_is_encrypted_is_refused() {
        byte[] file = new BookParts(ROW).zip();
        String text = new String(file, StandardCharsets.ISO_8859_1);
        for (int at = text.indexOf("PK\1\2"); at >= 0; at = text.indexOf("PK\1\2", at + 1)) {
            file[at + 8] |= 1;
        }

        assertThat(problem(file))
                .isEqualTo("body: is encrypted, or compressed by an unknown method; save it without a password");
    }

    @Test
    void too_many_parts_are_refused_unread() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i <= 1_000; i++) {
                zip.putNextEntry(new ZipEntry("p" + i));
            }
        }

        assertThat(problem(out.toByteArray())).startsWith("body: has 1001 parts in a directory of ");
    }

    private static String namespaces(int count) {
        return names(count).replace(" a", " xmlns:a").replace("\"\"", "\"u\"");
    }

    private static String names(int count) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < count; i++) {
            names.append(" a").append(i).append("=\"\"");
        }
        return names.toString();
    }

    /** Text that hardly deflates. */
    private static String noise(int length, String before, String behind) {
        Random random = new Random(4711);
        StringBuilder text = new StringBuilder(length + 100);
        while (text.length() < length) {
            text.append(before);
            for (int i = 0; i < 6; i++) {
                text.append(Long.toHexString(random.nextLong()));
            }
            text.append(behind);
        }
        return text.toString();
    }

    private static void readAll(byte[] file) {
        readAll(file, Limits.ofThisHeap());
    }

    private static void readAll(byte[] file, Limits limits) {
        try (BillWorkbook book = open(file, limits)) {
            book.rows(MAPPING).forEachRemaining(row -> {});
        }
    }

    private static BillWorkbook open(byte[] file, Limits limits) {
        return BillWorkbook.open(new ByteArrayInputStream(file), BillWorkbook.place(Duration.ofMinutes(1)), limits);
    }

    private static String problem(byte[] file) {
        return problem(file, Limits.ofThisHeap());
    }

    private static String problem(byte[] file, Limits limits) {
        String[] problem = new String[1];
        assertThatThrownBy(() -> readAll(file, limits))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        failure -> problem[0] = failure.errors().get(0).field() + ": "
                                + failure.errors().get(0).message());
        return problem[0];
    }
}

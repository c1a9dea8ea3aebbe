package io.liveness.gateway.bill.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.liveness.gateway.bill.read.Mapping.Columns;
import io.liveness.gateway.bill.read.Mapping.Sign;
import io.liveness.gateway.bill.read.Mapping.StatedStatus;
import io.liveness.gateway.bill.read.Mapping.Unit;
import io.liveness.gateway.bill.read.StatementReader.Line;
import io.liveness.gateway.bill.read.StatementReader.Reading;
import io.liveness.gateway.bill.read.StatementReader.Reading.Totals;
import io.liveness.gateway.bill.read.StatementReader.RowKind;
import io.liveness.gateway.books.BillDetail;
import io.liveness.gateway.platform.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementReaderTest {

    private static final String HEADER = "taskNo,time,status,amount\n";
    private static final String LINE = "0434001,2026-11-24 16:00:00,Charged,0.80\n";
    private static final String NUMBERED_HEADER = "no," + HEADER;
    private static final String NUMBERED = "1," + LINE;
    private static final int MANY = 1_000;

    private final List<Line> lines = new ArrayList<>();
    private Mapping mapping = mapping(TestMapping.AMOUNT);

    @Test
    void a_line_has_task_number_time_status_and_amount() {
        Reading reading = read(HEADER + LINE + "0434002,2026-11-24 16:01:00,Refunded,1.20\n");

        assertThat(lines)
                .containsExactly(
                        new Line(
                                2,
                                Optional.of("0434001"),
                                Optional.of(Instant.parse("2026-11-24T08:00:00Z")),
                                Optional.of(StatedStatus.CHARGED),
                                Optional.of(800_000L),
                                Optional.empty()),
                        new Line(
                                3,
                                Optional.of("0434002"),
                                Optional.of(Instant.parse("2026-11-24T08:01:00Z")),
                                Optional.of(StatedStatus.REFUNDED),
                                Optional.of(1_200_000L),
                                Optional.empty()));
        assertThat(reading)
                .isEqualTo(new Reading(
                        2,
                        2_000_000,
                        800_000,
                        Optional.of(Instant.parse("2026-11-24T08:00:00Z")),
                        Optional.of(Instant.parse("2026-11-24T08:01:00Z")),
                        List.of(),
                        Optional.empty()));
    }

    @Test
    void an_unreadable_line_keeps_its_first_cells_cut_to_what_a_person_reads() {
        String wide = HEADER.strip() + ",note".repeat(100);
        read(wide + "\n" + LINE.strip() + ",x\n0434002,never,实扣,much," + "😀".repeat(300) + ",a\0b" + ",n".repeat(98)
                + "\n");

        assertThat(lines.get(0).cells()).isEmpty();
        assertThat(lines.get(1).cells())
                .hasSize(64)
                .startsWith("0434002", "never", "实扣", "much", "😀".repeat(200), "a\uFFFDb", "n");
    }

    @Test
    void only_the_first_unreadable_lines_of_a_statement_keep_their_cells() {
        int most = 10_000;
        String file = HEADER + LINE + "0434002,never,实扣,much\n".repeat(most + 1);
        StatementReader.read(new CsvRows(new StringReader(file), ','), mapping, most + 2, lines::add);

        assertThat(lines.get(most).cells()).containsExactly("0434002", "never", "实扣", "much");
        assertThat(lines.get(most + 1).problem()).isPresent();
        assertThat(lines.get(most + 1).cells()).isEmpty();
    }

    @Test
    void a_letterhead_empty_rows_and_other_columns_are_passed_over() {
        read(
                "某某公司,,\n\n账单 2026-11\n,,,,\n序号, TASKNO ,时间,Time,状态,status,amount\n1,0434001,x,2026-11-24 16:00:00,y,Charged,0.80\n");

        assertThat(lines)
                .extracting(Line::number, line -> line.problem().isEmpty())
                .containsExactly(tuple(6, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t", "|"})
    void the_separator_is_found(String separator) {
        read((HEADER + LINE).replace(",", separator));

        assertThat(lines).singleElement().matches(line -> line.problem().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "GB18030", "UTF-16", "UTF-16LE", "UTF-16BE"})
    void the_character_set_is_found(String charset) {
        read(("一份账单一\n" + HEADER + LINE).getBytes(Charset.forName(charset)));

        assertThat(lines).singleElement().matches(line -> line.problem().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-11-24                | 2026-11-23T16:00:00Z",
                "2026/1/4                  | 2026-01-03T16:00:00Z",
                "2026-11-24 16:00          | 2026-11-24T08:00:00Z",
                "2026-11-24T16:00:00.000Z  | 2026-11-24T16:00:00Z",
                "46350                     | 2026-11-23T16:00:00Z",
                "1795507200                | 2026-11-24T08:00:00Z",
                "24/11/2026                | none",
                "2026-02-30                | none",
                "2026-11-24 16:00:00       | 2026-11-24T08:00:00Z",
                "2026/1/4 6:00:00          | 2026-01-03T22:00:00Z",
                "2026-11-24T16:00:00+08:00 | 2026-11-24T08:00:00Z",
                "2026-02-30 16:00:00       | none",
                "2026-11-24 16:60:00       | none",
                "1926-11-24 16:00:00       | none",
                "''                        | none",
            })
    void a_time_is_read_strictly_in_the_forms_of_the_mapping_or_in_one_that_has_one_meaning(
            String time, String expected) {
        read(HEADER + "0434001," + time + ",Charged,0.80\n");

        assertThat(lines.get(0).at().map(Instant::toString).orElse("none")).isEqualTo(expected);
        assertThat(lines.get(0).problem().isPresent()).isEqualTo(expected.equals("none"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "2026-11-24          | 16:00:00         | 2026-11-24T08:00:00Z",
                "2026/11/24          | 6:05             | 2026-11-23T22:05:00Z",
                "2026-11-24 00:00:00 | 16:00:00         | 2026-11-24T08:00:00Z",
                "46350               | 0.66666666666667 | 2026-11-24T08:00:00Z",
                "20261124            | 160000           | column time is no time of 2000 to 2099 in a form of the mapping",
                "~~                  | 16:00:00         | column day is empty",
                "2026-11-24          | ~~               | column time is empty",
            })
    void day_and_time_may_be_in_two_columns_and_the_status_the_same_for_all(String day, String time, String expected) {
        mapping = new Mapping(
                        new Columns("taskNo", "day", "time", null, "amount", null, null, null),
                        mapping.timeFormats(),
                        "Asia/Shanghai",
                        Map.of(),
                        "CNY",
                        Sign.POSITIVE,
                        List.of(),
                        StatedStatus.CHARGED,
                        null)
                .checked();

        read("taskNo,day,time,amount\n0434001," + day + "," + time + ",0.80\n");

        assertThat(lines.get(0).status()).hasValue(StatedStatus.CHARGED);
        assertThat(lines.get(0)
                        .at()
                        .map(Instant::toString)
                        .or(() -> lines.get(0).problem().map(BillDetail::text)))
                .hasValue(expected);
    }

    @ParameterizedTest
    @CsvSource({"币种, USD", "Currency, usd", "货币, 美元", "结算币种, 840"})
    void a_line_in_another_currency_is_unreadable_also_where_the_mapping_names_no_such_column(
            String column, String other) {
        BillRows bill = BillRows.of(
                new CsvRows(
                        new StringReader("账单\ntaskNo,time,status,amount," + column + "\n" + LINE.strip() + "," + other
                                + "\n" + LINE.strip() + ",CNY\n" + LINE.strip() + ",\n"),
                        ','),
                mapping);
        StatementReader.read(bill.rows(), bill.mapping(), MANY, lines::add);

        assertThat(lines)
                .extracting(line -> line.problem().map(BillDetail::text).orElse("right"))
                .containsExactly(
                        "column " + column
                                + " has USD, the mapping CNY; have a bill of each currency, and a mapping for each",
                        "right",
                        "right");
    }

    @Test
    void a_file_without_a_column_of_currencies_is_given_again_from_its_first_row() {
        Iterator<RawRow> rows = new CsvRows(new StringReader("账单\n" + HEADER + LINE), ',');
        BillRows bill = BillRows.of(rows, mapping);
        StatementReader.read(bill.rows(), bill.mapping(), MANY, lines::add);

        assertThat(bill.mapping()).isSameAs(mapping);
        assertThat(lines).singleElement().matches(line -> line.number() == 3);
    }

    @ParameterizedTest
    @CsvSource({
        "单位：元, MAJOR, right",
        "单位：分, MINOR, right",
        "金额单位:人民币分, MINOR, right",
        "收款单位：某公司分部, MAJOR, right",
        "单位：分, MAJOR, refused",
        "单位：元, MINOR, refused",
        "（单位：万元）, MAJOR, refused",
        "单位：角, MAJOR, refused",
    })
    void a_unit_above_the_header_is_that_of_the_mapping(String letterhead, Unit unit, String expected) {
        mapping = TestMapping.of("amount", Sign.POSITIVE, unit);
        Iterator<RawRow> rows = new CsvRows(new StringReader("账单\n" + letterhead + "\ntaskNo,time,amount\n"), ',');

        if (expected.equals("right")) {
            assertThat(BillRows.of(rows, mapping).mapping()).isSameAs(mapping);
        } else {
            assertThat(problem(() -> BillRows.of(rows, mapping)))
                    .startsWith("line 2: says another unit of the amounts than the mapping has");
        }
    }

    @Test
    void where_the_sign_is_the_status_each_line_has_its_own() {
        mapping = TestMapping.of("amount", Sign.NEGATIVE_IS_CHARGE, null);

        Reading reading = read("taskNo,time,amount\n0434001,2026-11-24 16:00:00,-0.80\n"
                + "0434002,2026-11-24 16:00:00,0.80\n0434003,2026-11-24 16:00:00,0.00\n合计,,0.00\n制表人,,0.80\n");

        assertThat(lines)
                .extracting(Line::status)
                .containsExactly(
                        Optional.of(StatedStatus.CHARGED), Optional.of(StatedStatus.REFUNDED), Optional.empty());
        assertThat(lines.get(2).problem().map(BillDetail::text))
                .hasValue("column amount is zero, whose sign is no status; use a mapping with a status column");
        assertThat(reading.charged()).isEqualTo(800_000);
    }

    @Test
    void two_signs_are_not_one_status() {
        mapping = TestMapping.of("amount", Sign.IGNORED, null);

        read("taskNo,time,amount\n0434001,2026-11-24 16:00:00,0.00\n0434002,2026-11-24 16:00:00,-0.80\n"
                + "0434003,2026-11-24 16:00:00,0.80\n0434004,2026-11-24 16:00:00,-0.80\n");

        assertThat(lines)
                .extracting(line -> line.problem().map(BillDetail::text).orElse("right"))
                .containsExactly(
                        "right",
                        "right",
                        "column amount has another sign than on line 3, where all lines have one status; let the mapping's sign"
                                + " be the status",
                        "right");
    }

    @Test
    void task_numbers_that_are_marked_as_text_are_read() {
        read(HEADER
                + LINE.replace("0434001", "'0434001")
                + LINE.replace("0434001", "=\"0434001\"")
                + LINE.replace("0434001", "\"=\"\"0434001\"\"\"")
                + LINE.replace("0434001", "`0434001"));

        read(HEADER + LINE.replace("0434001", "'-0434001"));

        assertThat(lines)
                .extracting(line -> line.taskNo().orElseThrow())
                .containsExactly("0434001", "0434001", "0434001", "0434001", "-0434001");
    }

    @Test
    void repeated_headers_parts_of_the_totals_and_remarks_are_passed_over() {
        Reading reading = read("#bill of November\n" + HEADER + LINE + "小计,,,0.80\n" + HEADER + LINE
                + "#1 page\nSubtotal,,,0.80\n#N/A,2026-11-24 16:00:00,Charged,x\n合计,2 笔,,1.60\n# end\n");

        assertThat(lines).extracting(Line::number).containsExactly(3, 6, 9);
        assertThat(reading.stated()).containsExactly(new Totals(10, Optional.of(2), Optional.of(1_600_000L)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "#N/A,2026-11-24 16:00:00,Charged,x           | LINE        | LINE",
                "0434002合计,2026-11-24 16:00:00,Charged,0.80 | LINE        | LINE",
                "~,2026-11-24 16:00:00,Charged,0.80~          | LINE        | LINE",
                "0434002,,Charged,0.80                        | LINE        | LINE",
                "0434002,2026-11-24 16:00:00,?,0.80           | LINE        | LINE",
                "2026-11-24,,,0.80                            | LINE        | LINE",
                "合计,2 笔,,1.60                              | TOTALS      | TOTALS",
                "合计3,,,                                     | TOTALS      | TOTALS",
                "小计,,,0.80                                  | PASSED_OVER | PASSED_OVER",
                "Subtotal,,,0.80                              | PASSED_OVER | PASSED_OVER",
                "合计0434002,2026-11-24 16:00:00,Charged,x    | LINE        | LINE",
                "合计,2026-11-24 16:00:00,Charged,x           | LINE        | LINE",
                "小计,2026-11-24 16:00:00,Charged,x           | LINE        | LINE",
                "#0434002,?,Charged,0.80                      | LINE        | LINE",
                "合计,2 笔,全部,1.60                          | TOTALS      | TOTALS",
                "小计,2 笔,全部,1.60                          | PASSED_OVER | PASSED_OVER",
                "#1 page,,,                                   | PASSED_OVER | PASSED_OVER",
                "2026-11-24 合计,,,0.80                       | PASSED_OVER | PASSED_OVER",
                "本页合计,,,0.80                              | PASSED_OVER | PASSED_OVER",
                "~,2026-11-24,日合计,0.80~                    | PASSED_OVER | PASSED_OVER",
                "footer,a,b,c                                 | LINE        | LINE",
                "制表人：张三,2026-11-24 16:00:00,,           | LINE        | PASSED_OVER",
                "大写金额：捌角,,,0.80                        | LINE        | PASSED_OVER",
            })
    void a_row_is_a_line_or_the_totals_or_is_passed_over(String csv, RowKind kind, RowKind behindTotals) {
        Iterator<RawRow> rows = new CsvRows(new StringReader(HEADER + csv + "\n"), ',');
        Header header = Header.in(rows, mapping);
        RawRow row = rows.next();
        Line line = new StatementReader(mapping, header).readable(row);

        assertThat(RowKind.of(row, line, header, mapping, false)).isEqualTo(kind);
        assertThat(RowKind.of(row, line, header, mapping, true)).isEqualTo(behindTotals);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "179512345678901000000000 | is a number that a spreadsheet has rounded to 15 digits, with zeros behind them;"
                        + " save the column as text",
                "4.34E+22 | is a number that a spreadsheet has rounded; save the column as text",
                "''       | is empty",
                "'a b'    | is not 1 to 64 visible ASCII characters",
                "a\u0000b | is not 1 to 64 visible ASCII characters",
            })
    void a_task_number_that_cannot_be_right_is_reported(String taskNo, String problem) {
        read(HEADER + taskNo + ",2026-11-24 16:00:00,Charged,0.80\n");

        assertThat(lines.get(0).problem().map(BillDetail::text)).hasValue("column taskNo " + problem);
        assertThat(lines.get(0).amount()).hasValue(800_000L);
    }

    @Test
    void an_unknown_status_and_a_cell_too_many_are_reported_and_stop_no_other_line() {
        read(HEADER + "0434001,2026-11-24 16:00:00,谁知道,0.80\n0434002,2026-11-24 16:00:00,Charged,1,234.50\n" + LINE);

        assertThat(lines)
                .extracting(line -> line.problem().map(BillDetail::text).orElse("right"))
                .containsExactly(
                        "column status is no status word of the mapping",
                        "has 5 cells, the header 4: a cell with a separator in it must be in quotes",
                        "right");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0434002,\"2026", "0434002,\"2026\"x,a,b\n"})
    void a_quote_that_is_never_closed_is_refused_by_line(String wrong) {
        assertThat(problem(() -> read(HEADER + LINE + wrong + "\n" + LINE.repeat(MANY))))
                .startsWith("line 3: is not CSV from here on");
    }

    @Test
    void a_row_that_does_not_end_is_refused_before_it_fills_the_memory() {
        assertThat(problem(() -> read(HEADER + LINE + "x".repeat(300_000))))
                .startsWith("line 3: is not CSV from here on");
        assertThat(problem(() -> read(HEADER + LINE + ",".repeat(300)))).startsWith("line 3: is not CSV from here on");
    }

    @Test
    void a_file_of_too_many_lines_is_refused() {
        assertThat(read(HEADER + LINE.repeat(MANY)).lines()).isEqualTo(MANY);
        assertThat(problem(() -> read(HEADER + LINE.repeat(MANY + 1))))
                .isEqualTo("line 1002: exceeds the limit: a statement has at most 1000 lines");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "合计,2 笔,,,1.60         | 2    | 1600000",
                "合计3,2,,,1.60           | 2    | 1600000",
                "',合计5,2 笔,,1.60'      | 2    | 1600000",
                "合计,2 笔                | 2    | none",
            })
    void the_sum_is_in_its_column_and_the_number_of_lines_in_another(String row, String many, String sum) {
        Reading reading = read(NUMBERED_HEADER + NUMBERED + row + "\n");

        assertThat(lines).hasSize(1);
        assertThat(reading.stated()).containsExactly(new Totals(3, number(many).map(Long::intValue), number(sum)));
        assertThat(reading.unreadable()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"合计,2 笔,,,x", "合计,2 笔,,,1e3", "合计,1.60", "合计：1.60元", "合计,2 笔,,,1,234.50", "合计,2 笔,,,1,2"})
    void a_stated_sum_that_cannot_be_read_is_told_by_its_row(String row) {
        Reading reading = read(NUMBERED_HEADER + NUMBERED + row + "\n");

        assertThat(lines).hasSize(1);
        assertThat(reading.unreadable()).hasValue(3);
        assertThat(reading.stated()).allMatch(totals -> totals.sum().isEmpty());
    }

    @Test
    void of_several_totals_the_first_the_last_and_all_together_are_told() {
        Reading reading = read(HEADER + LINE + "合计,1 笔,,0.80\n" + LINE + "合计,,,1e3\n" + LINE + "合计,1,,1.60\n");

        assertThat(lines).hasSize(3);
        assertThat(reading.stated())
                .containsExactly(
                        new Totals(3, Optional.of(1), Optional.of(800_000L)),
                        new Totals(7, Optional.of(1), Optional.of(1_600_000L)),
                        new Totals(7, Optional.of(2), Optional.of(2_400_000L)));
        assertThat(reading.unreadable()).hasValue(5);
    }

    @Test
    void a_header_that_comes_again_may_have_its_columns_in_other_places() {
        read(HEADER + LINE + "合计,,,0.80\namount,note,taskNo,time,status,\n1.20,,0434002,2026-11-24 16:01:00,Charged,\n"
                + "1.20,,0434003,?,Charged,\n");

        assertThat(lines)
                .extracting(
                        Line::number,
                        line -> line.taskNo().orElseThrow(),
                        line -> line.amount().orElseThrow())
                .containsExactly(
                        tuple(2, "0434001", 800_000L),
                        tuple(5, "0434002", 1_200_000L),
                        tuple(6, "0434003", 1_200_000L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "taskNo,time,state,price | line 3: is the header of another table, and lacks: status, amount; give it all columns of the"
                        + " mapping, or send that table in a file of its own",
                "no,time,status,amount   | line 3: is the header of another table, and lacks: taskNo; give it all columns of the"
                        + " mapping, or send that table in a file of its own",
                "taskNo,time,status,amount,time | line 3: has these columns of the mapping twice: time",
            })
    void the_header_of_another_table_is_refused_by_its_row(String header, String problem) {
        assertThat(problem(() -> read(HEADER + LINE + header + "\n" + LINE))).isEqualTo(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "-",
            value = {
                // The header, a line, and its problem.
                "taskNo,time,status,amount            | 0434002,2026-11-24 16:00:00,Charged,1,234.50     | more-cells",
                "taskNo,time,status,amount,           | 0434002,2026-11-24 16:00:00,Charged,1,234.50     | more-cells",
                "taskNo,time,status,amount,note       | 0434002,2026-11-24 16:00:00,Charged,1,234.50,    | cell-parted",
                "taskNo,time,status,amount,note       | 0434002,2026-11-24 16:00:00,Charged,1,234.50     | cell-parted",
                "taskNo,time,status,amount,note,,     | 0434002,2026-11-24 16:00:00,Charged,1,234.50,,   | cell-parted",
                "taskNo,time,status,amount,note,place | 0434002,2026-11-24 16:00:00,Charged,￥1,234.50元,, | cell-parted",
                "taskNo,time,status,amount,note       | 0434002,2026-11-24 16:00:00,Charged,1,234,567.00 | more-cells",
                "taskNo,time,status,balance,amount,note | 0434002,2026-11-24 16:00:00,Charged,1,234.50,0.80, | cell-parted",
                "amount,note,taskNo,time,status       | 1,234.50,,0434002,2026-11-24 16:00:00,Charged    | more-cells",
                "taskNo,time,status,amount,note       | 0434002,2026-11-24 16:00:00,Charged,1,2 pieces   | -",
                "taskNo,time,status,amount,note       | 0434002,2026-11-24 16:00:00,Charged,~~1,234.50~~, | -",
            })
    void an_amount_that_its_comma_has_parted_is_never_read(String header, String line, String code) {
        read(header + "\n" + line.replace("~~", "\"") + "\n");

        assertThat(lines)
                .singleElement()
                .satisfies(read -> assertThat(
                                read.problem().map(why -> why.code().code()).orElse(null))
                        .isEqualTo(code));
    }

    @Test
    void a_number_behind_the_amount_is_one_of_its_own_where_other_lines_have_one() {
        read(HEADER.replace("\n", ",balance\n")
                + LINE.replace("0.80\n", "1,234.50\n")
                + LINE.replace("0.80\n", "0.80,233.70\n"));

        assertThat(lines).extracting(line -> line.amount().orElseThrow()).containsExactly(1_000_000L, 800_000L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The end of one line, that of another one, and the problem of the first one.
                ",1,234  | ,0.80,      | right",
                ",1,200  | ,1,200      | right",
                ",1,234  | ,0.80       | cell-parted",
                ",1,234, | ,0.80,,     | right",
                ",1,234.50,, | ,0.80,, | cell-parted",
            })
    void three_digits_behind_an_amount_are_its_rest_where_their_line_is_longer(
            String end, String other, String problem) {
        String line = LINE.substring(0, LINE.lastIndexOf(','));
        read(HEADER.replace("\n", ",code\n") + line + end + "\n" + line + other + "\n");

        assertThat(lines.get(0).problem().map(why -> why.code().code()).orElse("right"))
                .isEqualTo(problem);
    }

    @Test
    void behind_the_totals_a_footer_is_passed_over_and_the_lines_of_the_next_page_are_read() {
        Reading reading = read(NUMBERED_HEADER + "合计,,,,0.80\n大写金额：捌角,,,,0.80\n"
                + NUMBERED.replace("2026-11-24 16:00:00", "") + NUMBERED);

        assertThat(lines).extracting(Line::number).containsExactly(4, 5);
        assertThat(lines.get(0).problem().map(BillDetail::text)).contains("column time is empty");
        assertThat(reading.lines()).isEqualTo(2);
    }

    private static Optional<Long> number(String text) {
        return text.equals("none") ? Optional.empty() : Optional.of(Long.valueOf(text));
    }

    private Reading read(String file) {
        return read(file.getBytes(StandardCharsets.UTF_8));
    }

    private Reading read(byte[] file) {
        CharsetProbe probe = new CharsetProbe();
        probe.add(file, file.length);
        try {
            return StatementReader.read(
                    CsvRows.rows(new ByteArrayInputStream(file), probe.charset(), mapping), mapping, MANY, lines::add);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String problem(ThrowingCallable read) {
        String[] problem = new String[1];
        assertThatThrownBy(read)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        failure -> problem[0] = failure.errors().get(0).field() + ": "
                                + failure.errors().get(0).message());
        return problem[0];
    }

    private static Mapping mapping(Columns columns) {
        return TestMapping.of(
                columns,
                Sign.POSITIVE,
                List.of("yyyy-MM-dd HH:mm:ss", "yyyy/M/d H:mm:ss", "yyyy-MM-dd'T'HH:mm:ssXXX"),
                List.of("合计"));
    }
}

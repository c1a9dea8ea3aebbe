package io.liveness.gateway.bill.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.bill.read.CellReader.Unreadable;
import io.liveness.gateway.bill.read.Mapping.Sign;
import io.liveness.gateway.bill.read.Mapping.Unit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellReaderTest {

    private static final List<String> DAY_FIRST = List.of("dd/MM/yyyy HH:mm:ss", "MM/dd/yyyy HH:mm:ss");

    private final CellReader cells = cells(Sign.POSITIVE);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POSITIVE | 0.00             | 0",
                "POSITIVE | 0.80 CNY         | 800000",
                "POSITIVE | 1,000,000,000.00 | 1000000000000000",
                "POSITIVE | 1,000,000,000.01 | cell-too-large",
                "POSITIVE | 0.00005分        | cell-too-fine",
                "POSITIVE | 1,234分          | 12340000",
                "POSITIVE | 0,800            | cell-decimal-comma",
                "POSITIVE | 0,80             | cell-decimal-comma",
                "POSITIVE | 1.234,50         | cell-decimal-comma",
                "POSITIVE | 1 234,50         | cell-decimal-comma",
                "POSITIVE | 1234,567         | cell-decimal-comma",
                "POSITIVE | (0,80)           | cell-decimal-comma",
                "POSITIVE | 0 800            | cell-no-amount",
                "POSITIVE | 012,345          | cell-decimal-comma",
                "POSITIVE | 1,2345,678       | cell-no-amount",
                "POSITIVE | 9999999999999    | cell-too-large",
                "POSITIVE | 9,999,999,999,999.00 | cell-too-large",
                "POSITIVE | 99999999999999999999.00 | cell-too-large",
                "POSITIVE | 0.000001         | 1",
                "POSITIVE | 0.0000005        | cell-too-fine",
                "POSITIVE | ¥0.80           | 800000",
                "POSITIVE | 1,234.50         | 1234500000",
                "POSITIVE | ８.０            | 8000000",
                "POSITIVE | RMB 0.80         | 800000",
                "POSITIVE | 人民币 0.80 元   | 800000",
                "POSITIVE | .80              | 800000",
                "POSITIVE | ¥ +.80           | 800000",
                "POSITIVE | 0.5分            | 5000",
                "POSITIVE | 1\u00a0234.50    | 1234500000",
                "POSITIVE | 1 234 567.00     | 1234567000000",
                "POSITIVE | (0.80)           | cell-negative",
                "POSITIVE | -+0.80           | cell-no-amount",
                "POSITIVE | 1 234,567.00     | cell-no-amount",
                "POSITIVE | 0.80美元         | cell-no-amount",
                "POSITIVE | 12,34.50         | cell-no-amount",
                "POSITIVE | 1e3              | cell-no-amount",
                "POSITIVE | =0.80            | cell-no-amount",
                "POSITIVE | -0.01            | cell-negative",
                "POSITIVE | -¥0.80           | cell-negative",
                "POSITIVE | ¥                | cell-empty",
                "NEGATIVE | 0.00             | 0",
                "NEGATIVE | -¥0.80           | 800000",
                "NEGATIVE | 0.01             | cell-positive",
                "IGNORED  | -0.80元          | 800000",
                "IGNORED  | 0.80             | 800000",
                "IGNORED  | -1,000,000,000.01 | cell-too-large",
            })
    void an_amount_is_read_under_the_convention_of_signs(Sign sign, String cell, String expected) {
        assertThat(read(() -> cells(sign).amount(cell))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0,         800000,           0",
        "0,         1000000000000000, 0",
        "3,         805000,           2415000",
        "1,         1000000000000000, 1000000000000000",
        "2,         500000000000000,  1000000000000000",
        "2,         500000000000001,  cell-too-large",
        "999999999, 1000000000000000, cell-too-large",
        // The product is 2^64 and a little more.
        "368934882, 50000000000,  cell-too-large",
    })
    void a_count_times_a_price_is_at_most_the_highest_amount(int count, long price, String expected) {
        assertThat(read(() -> cells.product(count, price))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "3, 3",
        "999999999, 999999999",
        "1000000000, cell-no-count",
        "-1, cell-no-count",
        "1.5, cell-no-count",
        "'', cell-no-count",
    })
    void a_count_is_a_whole_number_of_at_most_nine_digits(String cell, String expected) {
        assertThat(read(() -> cells.count(cell))).isEqualTo(expected);
    }

    @Test
    void the_forms_are_tried_in_the_order_of_the_mapping_whatever_earlier_rows_have() throws Unreadable {
        CellReader ambiguous = new CellReader(TestMapping.of(TestMapping.AMOUNT, Sign.POSITIVE, DAY_FIRST, List.of()));

        for (int row = 0; row < 2; row++) {
            assertThat(ambiguous.time("03/04/2026 00:00:00")).isEqualTo("2026-04-02T16:00:00Z");
            assertThat(ambiguous.time("12/25/2026 00:00:00")).isEqualTo("2026-12-24T16:00:00Z");
        }
    }

    @Test
    void a_form_of_the_mapping_goes_before_those_of_one_meaning_also_in_two_cells() throws Unreadable {
        List<String> dayBeforeMonth = List.of("yyyy-dd-MM");
        CellReader reader =
                new CellReader(TestMapping.of(TestMapping.AMOUNT, Sign.POSITIVE, dayBeforeMonth, List.of()));

        assertThat(reader.time("2026-11-24T16:00:00+08:00")).isEqualTo("2026-11-24T08:00:00Z");
        assertThat(reader.time("2026-03-04")).isEqualTo("2026-04-02T16:00:00Z");
        assertThat(reader.time("2026-03-04", "08:00:00")).isEqualTo("2026-04-03T00:00:00Z");
        assertThat(reader.time("2026-03-24", "08:00:00")).isEqualTo("2026-03-24T00:00:00Z");
    }

    @ParameterizedTest(name = "{1} in {0} is {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "金额(分)          | 80    | 800000",
                "金额（分）        | 80分  | 800000",
                "金额（单位：分）  | 80.5  | 805000",
                "金额(分/次)       | 1,280 | 12800000",
                "单价分            | 80    | 800000",
                "amount(fen)       | 80    | 800000",
                "amount_fen        | 80    | 800000",
                "amountFen         | 80    | 800000",
                "Amount (in cents) | 80    | 800000",
                "金额(分)          | ¥80   | cell-other-unit",
                "金额(分)          | 80元  | cell-other-unit",
                "金额(元)          | 80    | 80000000",
                "金额(元)          | 80分  | 800000",
                "积分              | 80    | 80000000",
                "分摊金额          | 80    | 80000000",
                "金额(元角分)      | 80    | 80000000",
            })
    void the_name_of_a_column_says_the_unit_of_its_amounts(String column, String cell, String expected) {
        CellReader reader = new CellReader(TestMapping.of(column, Sign.POSITIVE, null));

        assertThat(read(() -> reader.amount(cell))).isEqualTo(expected);
    }

    @Test
    void a_mapping_may_have_the_minor_unit_where_no_name_says_it() {
        CellReader fen = new CellReader(TestMapping.of("amount", Sign.POSITIVE, Unit.MINOR));

        assertThat(read(() -> fen.amount("80"))).isEqualTo("800000");
        assertThat(read(() -> fen.amount("80.00005"))).isEqualTo("cell-too-fine");
    }

    @ParameterizedTest
    @CsvSource({
        "CNY, read",
        "cny, read",
        "人民币, read",
        "人民币元, read",
        "RMB, read",
        "CNY(人民币), read",
        "156, read",
        "￥, read",
        "'', read",
        "USD, column c has USD",
        "美元, column c has USD",
        "840, column c has USD",
        "港币, column c has HKD",
        "KZT, column c has KZT",
        "$, column c is no currency such as CNY",
        "人民币/美元, column c is no currency such as CNY",
    })
    void a_currency_is_that_of_the_mapping(String cell, String expected) {
        String told = "read";
        try {
            cells.currency(cell);
        } catch (Unreadable e) {
            told = e.of("c").text();
        }

        assertThat(told)
                .isEqualTo(
                        expected.contains(" has ")
                                ? expected + ", the mapping CNY; have a bill of each currency, and a mapping for each"
                                : expected);
    }

    @ParameterizedTest
    @CsvSource({
        "POSITIVE_IS_CHARGE, 0.80, CHARGED",
        "POSITIVE_IS_CHARGE, -0.80, REFUNDED",
        "POSITIVE_IS_CHARGE, (0.80), REFUNDED",
        "NEGATIVE_IS_CHARGE, -¥0.80, CHARGED",
        "NEGATIVE_IS_CHARGE, +0.80, REFUNDED",
        "NEGATIVE_IS_CHARGE, 0.00, cell-no-sign",
        "NEGATIVE_IS_CHARGE, x, cell-no-amount",
    })
    void a_sign_may_be_the_status(Sign sign, String cell, String status) {
        CellReader reader = new CellReader(TestMapping.of("amount", sign, null));

        assertThat(read(() -> reader.statusBySign(cell))).isEqualTo(status);
    }

    @Test
    void a_reason_repeats_no_cell() {
        assertThatThrownBy(() -> cells.taskNo("secret cell")).hasMessageNotContaining("secret");
    }

    private interface Read {
        Object value() throws Unreadable;
    }

    private static String read(Read read) {
        try {
            return String.valueOf(read.value());
        } catch (Unreadable e) {
            return e.why().code();
        }
    }

    private static CellReader cells(Sign sign) {
        return new CellReader(TestMapping.of(TestMapping.AMOUNT, sign, List.of("yyyy-MM-dd HH:mm:ss"), List.of()));
    }
}

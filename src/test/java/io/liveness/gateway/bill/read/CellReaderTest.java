package io.liveness.gateway.bill.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.bill.read.CellReader.Unreadable;
import io.liveness.gateway.bill.read.Mapping.Sign;
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
                "POSITIVE | 0.00005分        | cell-no-amount",
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
    void a_form_of_the_mapping_goes_before_what_looks_like_iso() throws Unreadable {
        List<String> dayBeforeMonth = List.of("yyyy-dd-MM HH:mm:ss");
        CellReader reader =
                new CellReader(TestMapping.of(TestMapping.AMOUNT, Sign.POSITIVE, dayBeforeMonth, List.of()));

        assertThat(reader.time("2026-11-24T16:00:00+08:00")).isEqualTo("2026-11-24T08:00:00Z");
        assertThat(reader.time("2026-03-04 00:00:00")).isEqualTo("2026-04-02T16:00:00Z");
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

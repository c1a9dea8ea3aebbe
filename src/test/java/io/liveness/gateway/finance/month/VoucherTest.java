package io.liveness.gateway.finance.month;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.finance.month.Voucher.Booked;
import io.liveness.gateway.finance.month.Voucher.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of a month's sums becomes which lines. */
class VoucherTest {

    @Test
    void each_line_is_rounded_half_up_and_the_remainder_is_a_line() {
        assertThat(lines(fees("CNY", "a", 805_000), fees("CNY", "b", 805_000), fees("CNY", "c", 805_000)))
                .containsExactly(
                        "FEES a 0.81", "FEES b 0.81", "FEES c 0.81", "PAYABLE null -2.42", "ROUNDING null -0.01");
    }

    @Test
    void a_line_that_rounds_to_nothing_is_left_out_and_is_in_the_remainder() {
        assertThat(lines(fees("CNY", "a", 4_000), fees("CNY", "b", 4_000)))
                .containsExactly("PAYABLE null -0.01", "ROUNDING null 0.01");
    }

    @Test
    void fees_and_corrections_of_the_month_are_one_line_and_those_of_other_months_are_apart() {
        assertThat(lines(
                        fees("CNY", null, 800_000),
                        fees("CNY", null, -1_600_000),
                        new Booked(Kind.CORRECTIONS, "CNY", "a", "2026-09", 800_000),
                        new Booked(Kind.CORRECTIONS, "CNY", null, "2026-08", -100_000)))
                .containsExactly(
                        "FEES null -0.80", "CORRECTIONS null -0.10", "CORRECTIONS a 0.80", "PAYABLE null 0.10");
    }

    @Test
    void open_fees_are_accrued_beside_what_is_payable() {
        assertThat(lines(fees("CNY", "a", 800_000), new Booked(Kind.ACCRUAL, "CNY", "a", null, 805_000)))
                .containsExactly("FEES a 0.80", "ACCRUAL a 0.81", "PAYABLE null -0.80", "ACCRUED null -0.81");
    }

    @Test
    void a_voucher_is_of_a_currency_and_its_minor_unit_and_one_without_lines_is_none() {
        List<Voucher> vouchers =
                Voucher.of(List.of(fees("USD", "a", 4_000_000), fees("JPY", "a", 15_000), fees("CNY", "a", 0)));

        assertThat(vouchers).extracting(Voucher::currency).containsExactly("JPY", "USD");
        assertThat(vouchers.get(0).lines().get(0).debit().decimal()).isEqualTo("2");
    }

    private static Booked fees(String currency, String costCentre, long amount) {
        return new Booked(Kind.FEES, currency, costCentre, null, amount);
    }

    private static List<String> lines(Booked... booked) {
        return Voucher.of(List.of(booked)).stream()
                .flatMap(voucher -> voucher.lines().stream())
                .map(line -> line.kind() + " " + line.costCentre() + " "
                        + line.debit().decimal())
                .toList();
    }
}

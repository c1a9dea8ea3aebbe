package io.liveness.gateway.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {

    @ParameterizedTest
    @CsvSource({
        "0.80,             CNY,             800000",
        "0.05,             CNY,              50000",
        "0.00,             CNY,                  0",
        "1234567.89,       CNY,      1234567890000",
        "0.805,            CNY,             805000",
        "0.085,            CNY,              85000",
        "0.000001,         CNY,                  1",
        "-0.805,           CNY,            -805000",
        "999999999999.999999, CNY, 999999999999999999",
        "80,               JPY,             800000",
        "80.5,             JPY,             805000",
        "0.0000001,        KWD,                  1",
        "0.800,            KWD,            8000000",
    })
    void money_is_written_with_the_digits_of_a_minor_unit_and_no_more_zeros(
            String decimal, String currency, long units) {
        assertThat(new Money(units, currency).decimal()).isEqualTo(decimal);
        assertThat(Money.parse(decimal, currency)).isEqualTo(new Money(units, currency));
        assertThat(new Money(units, currency).amount()).isEqualTo(new BigDecimal(decimal));
        assertThat(Money.amount(BigDecimal.valueOf(units), currency)).isEqualTo(new BigDecimal(decimal));
    }

    @ParameterizedTest
    @CsvSource({
        "0.00 CNY,   0.00,                  CNY, false",
        "0.00 CNY,   0.000001,              CNY, true",
        "0.00 CNY,   0.00,                  USD, true",
        "100.00 CNY, 100.00,                CNY, false",
        "100.00 CNY, 100.000001,            CNY, true",
        "100.00 CNY, -100.01,               CNY, false",
        "100.00 CNY, 0.01,                  JPY, true",
        "100 JPY,    100,                   JPY, false",
        "100 JPY,    100.0001,              JPY, true",
        "100.00 CNY, 123456789012345678901, CNY, true",
    })
    void a_limit_is_exceeded_by_more_and_by_any_amount_in_another_currency(
            String limit, BigDecimal amount, String currency, boolean exceeded) {
        BigDecimal units = amount.movePointRight(currency.equals("JPY") ? 4 : 6);

        assertThat(Money.of(limit).isExceededBy(units, currency)).isEqualTo(exceeded);
    }

    @ParameterizedTest
    @CsvSource({"0.8, CNY, 0.80", "0.8050000, CNY, 0.805", "80.0, JPY, 80", "1, CNY, 1.00"})
    void zeros_that_say_nothing_may_be_there_or_not(String given, String currency, String decimal) {
        assertThat(Money.parse(given, currency).decimal()).isEqualTo(decimal);
    }

    @ParameterizedTest
    @CsvSource({"0.0000005, CNY", "0.00005, JPY", "9999999999999, CNY", "1, XXY"})
    void what_is_finer_than_a_unit_or_far_too_large_is_no_money(String given, String currency) {
        assertThatIllegalArgumentException().isThrownBy(() -> Money.parse(given, currency));
    }

    @ParameterizedTest
    @CsvSource({
        "0.80, 0.80, true",
        "0.805, 0.81, false",
        "0.804999, 0.80, false",
        "2.415, 2.42, false",
        "-0.805, -0.81, false",
        "-0.804999, -0.80, false",
        "0.005, 0.01, false",
    })
    void what_is_paid_is_rounded_half_up(String exact, String paid, boolean isPayable) {
        Money money = Money.parse(exact, "CNY");

        assertThat(money.payable().decimal()).isEqualTo(paid);
        assertThat(money.isPayable()).isEqualTo(isPayable);
    }
}

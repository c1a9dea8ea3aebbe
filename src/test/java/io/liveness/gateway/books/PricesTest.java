package io.liveness.gateway.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PricesTest {

    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    private final Prices prices =
            new Prices(List.of("2026-01-01=0.80 CNY", "2026-07-01=0.75 CNY", " 2027-01-01 = 0.7 CNY"), SHANGHAI);

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T00:00:00+08:00, 0.80",
        "2026-06-30T23:59:59+08:00, 0.80",
        "2026-07-01T00:00:00+08:00, 0.75",
        "2026-06-30T16:00:00Z,      0.75",
        "2030-01-01T00:00:00Z,      0.70",
    })
    void the_price_of_the_day_in_shanghai_holds(String moment, String price) {
        assertThat(prices.at(Instant.from(java.time.OffsetDateTime.parse(moment))))
                .isEqualTo(Money.parse(price, "CNY"));
    }

    @Test
    void a_list_without_a_price_for_today_is_refused_by_the_name_of_its_property() {
        Prices.PriceSettings config = new Prices.PriceSettings() {
            @Override
            public List<String> prices() {
                return List.of("2026-01-01=0.80 CNY");
            }

            @Override
            public ZoneId timeZone() {
                return SHANGHAI;
            }
        };

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Prices(config, Clock.fixed(Instant.parse("2025-12-31T15:59:59Z"), SHANGHAI)))
                .withMessageContaining("liveness.billing.prices")
                .withMessageContaining("2026-01-01");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.80 CNY",
                "2026-01-01=0.80",
                "2026-01-01=CNY 0.80",
                "2026-13-01=0.80 CNY",
                "2026-01-01=-0.80 CNY",
                "2026-01-01=0.8000005 CNY",
                "2026-01-01=0.80 XXY",
                "2026-01-01=0,80 CNY",
            })
    void a_malformed_price_is_refused_by_the_name_of_its_property(String price) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Prices(List.of(price), SHANGHAI))
                .withMessageContaining("liveness.billing.prices")
                .withMessageContaining(price);
    }

    @Test
    void two_prices_of_one_day_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Prices(List.of("2026-01-01=1 CNY", "2026-01-01=2 CNY"), SHANGHAI))
                .withMessageContaining("occurs twice");
    }
}

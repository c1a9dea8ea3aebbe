package io.liveness.gateway.finance.month;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.finance.month.Journal.JournalSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code liveness.finance.journal} may say. */
class JournalConfigurationTest {

    private static final String PREFIX = "liveness.finance.journal.";

    @Test
    void a_layout_may_take_the_place_of_ours() {
        JournalLayout layout = journal(Map.of(
                        "layouts.default.columns", "a={voucher}/{line},b=",
                        "layouts.default.delimiter", "tab"))
                .layouts()
                .get("default");

        assertThat(layout.columns()).extracting(JournalLayout.Column::header).isEqualTo(List.of("a", "b"));
        assertThat(layout.csv().delimiter()).isEqualTo('\t');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text | {nothing} | text: wrong is '{nothing}': {nothing} is none of {nth}, {date}, {month}, {costCentre}, {ofMonth}, {currency}",
                "voucher-number | {text} | voucher-number: wrong is '{text}': {text} is none of {nth}, {date}, {month}, {currency}",
                "accrual-text | fees { | accrual-text: wrong is 'fees {': a brace is not closed, or not opened",
                "layouts.x.columns | a | layouts.x.columns must be <header>=<cell>,…; wrong is 'a'",
                "layouts.x.columns | a={month:yyyy} | layouts.x.columns must be <header>=<cell>,…; wrong is 'a={month:yyyy}': only {date} takes a pattern",
                "layouts.x.columns | a={date:HH} | layouts.x.columns must be <header>=<cell>,…; wrong is 'a={date:HH}': HH is no pattern of a date",
                "layouts.x.delimiter | pipe | layouts.x.delimiter must be comma, semicolon or tab",
                "layouts.x.encoding | gbk | layouts.x.encoding must be utf-8, utf-8-bom or gb18030",
                "layouts.x.line-end | cr | layouts.x.line-end must be crlf or lf",
                "layouts.X_1.columns | a=b | layouts.X_1.columns: the name of a layout has 1 to 64 characters of a-z, 0-9 and -"
            })
    void what_is_wrong_is_told_with_its_property(String property, String value, String sentence) {
        Map<String, String> given = new HashMap<>(Map.of(property, value));
        if (property.startsWith("layouts.x.")) {
            given.putIfAbsent("layouts.x.columns", "a=b");
        }

        assertThatThrownBy(() -> journal(given))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(PREFIX + sentence);
    }

    private static Journal journal(Map<String, String> given) {
        Map<String, String> properties = new HashMap<>();
        given.forEach((name, value) -> properties.put(PREFIX + name, value));
        return new Journal(new SmallRyeConfigBuilder()
                .withMapping(JournalSettings.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(JournalSettings.class));
    }
}

package io.liveness.gateway.statement.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.mapping.Mapping.Sign;
import io.liveness.gateway.statement.reading.StatementReader.Line;
import io.liveness.gateway.statement.reading.StatementReader.Reading;
import io.liveness.gateway.statement.reading.StatementReader.Reading.Totals;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The totals that a file states, and those that are counted. */
class StatementTotalsTest {

    private static final String HEADER = "no,taskNo,time,status,amount\n";
    private static final String LINE = "1,0434001,2026-11-24 16:00:00,Charged,0.80\n";
    private static final int MANY = 20;

    private final List<Line> lines = new ArrayList<>();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "合计,2 笔,,,1.60         | 2    | 1600000",
                "合计3,,,,1.60            | none | 1600000",
                "合计3,2,,,1.60           | 2    | 1600000",
                "',合计5,2 笔,,1.60'      | 2    | 1600000",
                "合计,abc,2条,3,1.60      | 2    | 1600000",
                "合计,,,,1.60             | none | 1600000",
                "合计,2 笔,,,x            | 2    | none",
                "合计,2 笔                | 2    | none",
            })
    void the_sum_is_in_its_column_and_the_number_of_lines_in_another(String row, String many, String sum) {
        Reading reading = read(TestMapping.of(TestMapping.AMOUNT), HEADER + LINE + row + "\n");

        assertThat(lines).hasSize(1);
        assertThat(reading.stated()).hasValue(new Totals(3, number(many).map(Long::intValue), number(sum)));
    }

    @Test
    void a_number_in_the_column_of_the_amount_is_no_number_of_lines() {
        Reading reading = read(TestMapping.of(TestMapping.AMOUNT), "status,amount,taskNo,time\n合计,1,2 笔,\n");

        assertThat(reading.stated()).hasValue(new Totals(2, Optional.of(2), Optional.of(1_000_000L)));
    }

    @Test
    void without_a_column_of_the_amount_there_is_no_sum() {
        Reading reading =
                read(TestMapping.of(TestMapping.COUNT_AND_PRICE), "taskNo,time,status,count,price\n合计,2 笔,,,0.80\n");

        assertThat(reading.stated()).hasValue(new Totals(2, Optional.of(2), Optional.empty()));
    }

    @Test
    void without_words_no_row_states_totals() {
        Mapping mapping = TestMapping.of(TestMapping.AMOUNT, Sign.POSITIVE, List.of("yyyy-MM-dd HH:mm:ss"), List.of());

        Reading reading = read(mapping, HEADER + "合计,,,,0.80\n");

        assertThat(reading.stated()).isEmpty();
        assertThat(lines).singleElement().matches(line -> line.problem().isPresent());
    }

    @Test
    void behind_the_totals_a_row_with_every_column_is_a_line_and_another_is_a_footer() {
        Reading reading = read(
                TestMapping.of(TestMapping.AMOUNT),
                HEADER + "合计,,,,0.80\nfooter,a,b,c\n" + LINE.replace("Charged", "?") + LINE);

        assertThat(lines).extracting(Line::number).containsExactly(4, 5);
        assertThat(reading.lines()).isEqualTo(2);
    }

    @Test
    void a_line_that_cannot_be_read_is_counted_and_not_summed() {
        Reading reading = read(
                TestMapping.of(TestMapping.AMOUNT),
                HEADER + LINE + LINE.replace("2026-11-24", "2026-02-30") + LINE.replace("Charged", "Refunded"));

        assertThat(reading.lines()).isEqualTo(3);
        assertThat(reading.sum()).isEqualTo(1_600_000);
        assertThat(reading.charged()).isEqualTo(800_000);
    }

    @Test
    void first_and_last_are_the_earliest_and_the_latest_time_in_any_order() {
        Reading reading = read(
                TestMapping.of(TestMapping.AMOUNT),
                HEADER + LINE + LINE.replace("16:", "18:") + LINE.replace("16:", "14:") + LINE.replace("16:", "17:"));

        assertThat(reading.first()).hasValue(Instant.parse("2026-11-24T06:00:00Z"));
        assertThat(reading.last()).hasValue(Instant.parse("2026-11-24T10:00:00Z"));
    }

    @Test
    void a_row_of_empty_cells_is_no_line() {
        Reading reading = read(TestMapping.of(TestMapping.AMOUNT), HEADER + LINE + ",, ,,\n" + LINE);

        assertThat(lines).extracting(Line::number).containsExactly(2, 4);
        assertThat(reading.lines()).isEqualTo(2);
    }

    @Test
    void as_many_lines_as_are_allowed_are_read() {
        assertThat(read(TestMapping.of(TestMapping.AMOUNT), HEADER + LINE.repeat(MANY))
                        .lines())
                .isEqualTo(MANY);
    }

    private static Optional<Long> number(String text) {
        return text.equals("none") ? Optional.empty() : Optional.of(Long.valueOf(text));
    }

    private Reading read(Mapping mapping, String file) {
        return new StatementReader(mapping, MANY).read(new CsvRows(new StringReader(file), ','), lines::add);
    }
}

package io.liveness.gateway.statement.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.statement.reading.StatementReader.Preview;
import java.io.StringReader;
import java.util.Iterator;
import org.junit.jupiter.api.Test;

class PreviewTest {

    private static final String FILE = """
            letterhead
            taskNo,time,status,amount
            0434001,2026-11-24 16:00:00,Charged,0.80
            合计,1 笔,,0.80
            0434002,2026-02-30 16:00:00,Charged,0.80
            0434003,2026-11-24 16:00:00,Charged,0.80
            """;

    private final Iterator<RawRow> rows = new CsvRows(new StringReader(FILE), ',');

    @Test
    void lines_are_shown_as_the_file_has_them_and_as_they_are_read_without_the_totals() {
        Preview preview = preview(2);

        assertThat(preview.header()).isEqualTo(2);
        assertThat(preview.rows()).extracting(entry -> entry.row().line()).containsExactly(3, 5);
        assertThat(preview.rows())
                .extracting(entry -> entry.line().problem().isPresent())
                .containsExactly(false, true);
    }

    @Test
    void no_more_is_read_than_is_shown() {
        preview(2);

        assertThat(rows.next().line()).isEqualTo(6);
    }

    @Test
    void a_short_file_is_shown_whole() {
        assertThat(preview(10).rows()).hasSize(3);
    }

    private Preview preview(int lines) {
        return StatementReader.preview(rows, TestMapping.of(TestMapping.AMOUNT), lines);
    }
}

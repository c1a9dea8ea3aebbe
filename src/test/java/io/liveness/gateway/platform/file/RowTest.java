package io.liveness.gateway.platform.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowTest {

    @Test
    void values_are_read_as_copy_writes_them() {
        Row row = row("张三 😀\t\\N\t\t\\\\N\ta\\tb\\r\\nc\\\\\\b\\f\\v\t-42\n", 6);

        assertThat(row.text(0)).isEqualTo("张三 😀");
        assertThat(row.text(1)).isNull();
        assertThat(row.text(2)).isEmpty();
        assertThat(row.text(3)).isEqualTo("\\N");
        assertThat(row.text(4)).isEqualTo("a\tb\r\nc\\\b\f\u000B");
        assertThat(row.number(5)).isEqualTo(-42);
        assertThat(row.time(1)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-10-31 23:59:58+00, 2026-10-31T23:59:58Z",
        "2026-10-31 23:59:58.1+00, 2026-10-31T23:59:58.1Z",
        "2024-02-29 00:00:00.000001+00, 2024-02-29T00:00:00.000001Z",
        "1969-12-31 12:30:05.12345+00, 1969-12-31T12:30:05.12345Z"
    })
    void times_are_those_of_postgresql(String told, Instant time) {
        assertThat(row(told + "\n", 1).time(0)).isEqualTo(time);
    }

    private static Row row(String line, int columns) {
        Row row = new Row(columns);
        row.read(line.getBytes(StandardCharsets.UTF_8));
        return row;
    }
}

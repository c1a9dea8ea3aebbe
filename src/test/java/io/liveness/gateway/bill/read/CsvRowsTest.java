package io.liveness.gateway.bill.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvRowsTest {

    private static final String HEADER = "taskNo;time;status;amount\n";
    private static final String LINE = "0434001;2026-11-24 16:00:00;Charged;0.80\n";

    private final Mapping mapping = TestMapping.of(TestMapping.AMOUNT);

    @Test
    void a_file_that_comes_in_small_pieces_is_read_from_its_first_row() throws IOException {
        InputStream pieces =
                new FilterInputStream(new ByteArrayInputStream((HEADER + LINE).getBytes(StandardCharsets.UTF_8))) {
                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        return super.read(bytes, offset, Math.min(length, 1));
                    }

                    @Override
                    public int available() {
                        return 0;
                    }
                };

        assertThat(lines(pieces)).containsExactly(1, 2);
    }

    @Test
    void bytes_that_the_character_set_does_not_know_are_not_replaced() {
        byte[] file = (HEADER + "x").getBytes(StandardCharsets.UTF_8);
        file[file.length - 1] = (byte) 0xff;

        assertThatThrownBy(() -> lines(new ByteArrayInputStream(file)))
                .isInstanceOfAny(IOException.class, UncheckedIOException.class);
    }

    private List<Integer> lines(InputStream file) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        CsvRows.rows(file, StandardCharsets.UTF_8, mapping).forEachRemaining(row -> numbers.add(row.line()));
        return numbers;
    }
}

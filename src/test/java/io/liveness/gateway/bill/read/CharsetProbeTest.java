package io.liveness.gateway.bill.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CharsetProbeTest {

    private static final Charset GB18030 = Charset.forName("GB18030");
    private static final byte[] IN_NEITHER = {(byte) 0xff};

    private final CharsetProbe probe = new CharsetProbe();

    @Test
    void each_character_set_names_the_line_where_it_fails() {
        add("taskNo\n".getBytes(StandardCharsets.UTF_8), "实扣\n".getBytes(GB18030), IN_NEITHER);

        refusedAt(2, 3);
    }

    @Test
    void lines_of_many_pieces_are_counted_that_share_a_character() {
        for (byte one : "实扣😀\n".repeat(10).getBytes(StandardCharsets.UTF_8)) {
            probe.add(new byte[] {one}, 1);
        }
        assertThat(probe.charsetSoFar()).isEqualTo(StandardCharsets.UTF_8);
        probe.add(IN_NEITHER, 1);

        refusedAt(11, 11);
    }

    @Test
    void a_character_that_is_cut_off_is_an_error_at_the_end_alone() {
        probe.add(new byte[] {'a', (byte) 0xe5}, 2);

        assertThat(probe.charsetSoFar()).isEqualTo(StandardCharsets.UTF_8);
        refusedAt(1, 1);
    }

    private void add(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        probe.add(all.toByteArray(), all.size());
    }

    private void refusedAt(int utf8, int gb18030) {
        assertThatThrownBy(probe::charset)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.errors())
                                .containsExactly(new FieldError(
                                        "line " + utf8,
                                        "is not UTF-8, and line " + gb18030
                                                + " is not GB18030: save the whole file in one of them",
                                        "charset-unknown",
                                        Map.of("line", String.valueOf(gb18030)))));
    }
}

package io.liveness.gateway.bill.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"任務編號,扣費時間,狀態,金額\n043,2026-11-24,實扣,0.80\n", "taskNo,time\n1,實扣\n2,退回\n"})
    void big5_is_named_although_it_can_be_read_as_gb18030(String text) {
        add(text.getBytes(Charset.forName("Big5")));

        assertThatThrownBy(probe::charset)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.errors())
                                .containsExactly(new FieldError(
                                        "body",
                                        "seems to be Big5, and cannot be read as such: save it as UTF-8",
                                        "charset-refused",
                                        Map.of("charset", "Big5"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"任务编号,扣费时间,状态,金额(元)\n043,2026-11-24,实扣,0.80\n退回，①", "任務編號,扣費時間,狀態,金額\n實扣\n退回", "镕，喆，堃，瞭解"})
    void chinese_in_gb18030_is_not_taken_for_big5(String text) {
        add(text.getBytes(GB18030));

        assertThat(probe.charset()).isEqualTo(GB18030);
    }

    @Test
    void utf_16_without_a_mark_that_is_cut_off_is_named() {
        add("taskNo,time\n043,2026\n".getBytes(StandardCharsets.UTF_16LE), new byte[] {'x'});

        assertThatThrownBy(probe::charset)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.errors().get(0).message())
                                .isEqualTo("seems to be UTF-16, and cannot be read as such: save it as UTF-8"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "GB18030", "UTF-16", "UTF-16LE", "UTF-16BE"})
    void the_last_line_of_a_beginning_ends_with_its_character(String charset) {
        String text = "账单,上\n㈊,一\n";
        byte[] whole = text.getBytes(Charset.forName(charset));
        byte[] more = (text + "上一").getBytes(Charset.forName(charset));

        assertThat(CharsetProbe.lastLineEnd(Arrays.copyOf(more, more.length - 1), Charset.forName(charset)))
                .isEqualTo(whole.length);
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

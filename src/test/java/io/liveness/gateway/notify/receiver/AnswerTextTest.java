package io.liveness.gateway.notify.receiver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.notify.receiver.Receivers.AnswerText;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswerTextTest {

    @Test
    void a_text_is_read_as_it_came_whatever_its_parts() {
        byte[] sent = "{\"错误\":\"no\"}\r\n".getBytes(UTF_8);

        AnswerText text = new AnswerText();
        for (byte part : sent) {
            text.add(Buffer.buffer(new byte[] {part}));
        }

        assertThat(text.read()).contains("{\"错误\":\"no\"}\r\n");
    }

    @Test
    void no_more_than_two_kilobytes_are_kept_and_no_part_of_a_code_point() {
        assertThat(read("a".repeat(5000).getBytes(UTF_8))).contains("a".repeat(2048));
        assertThat(read(("a" + "😀".repeat(2000)).getBytes(UTF_8))).contains("a" + "😀".repeat(511));
    }

    @Test
    void what_is_no_text_is_a_note() {
        assertThat(read(new byte[] {(byte) 0x89, 'P', 'N', 'G'})).contains("(not UTF-8 text)");
        assertThat(read("Grüße an alle".getBytes(ISO_8859_1))).contains("(not UTF-8 text)");
        assertThat(read(new byte[] {'a', 0, 'b'})).contains("(not UTF-8 text)");
        assertThat(read(new byte[] {(byte) 0xC3})).contains("(not UTF-8 text)");
    }

    @Test
    void an_answer_without_a_body_has_none() {
        assertThat(read(new byte[0])).isEmpty();
    }

    private static Optional<String> read(byte[] sent) {
        AnswerText text = new AnswerText();
        text.add(Buffer.buffer(sent));
        return text.read();
    }
}

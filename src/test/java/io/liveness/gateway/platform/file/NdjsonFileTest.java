package io.liveness.gateway.platform.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The escapes of docs/finance.md: whoever writes a proof anew by them has the same bytes. */
class NdjsonFileTest {

    private static final String SHORT = "\b\t\n\f\r\"\\";
    private static final String SHORT_NAMES = "btnfr\"\\";

    private static final class Texts extends Table {

        Texts() {
            super("texts", "none", List.of(new Column("text", 0)));
        }

        @Override
        public String rows(Connection connection) {
            throw new IllegalStateException("Rows are written by the test");
        }
    }

    @Test
    void every_character_is_written_as_it_is_but_for_what_the_rule_escapes() throws IOException {
        StringBuilder all = new StringBuilder();
        StringBuilder escaped = new StringBuilder();
        for (int c = 1; c <= Character.MAX_CODE_POINT; c = c < 0x1_0000 ? c + 1 : c + 0x111) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                all.appendCodePoint(c);
                escape(escaped, c);
            }
        }

        assertThat(line(all.toString())).isEqualTo("{\"text\":\"" + escaped + "\"}\n");
    }

    @Test
    void short_texts_are_written_by_the_same_rule() throws IOException {
        assertThat(line("张三 😀\u2028\u007f\u001b/é")).isEqualTo("{\"text\":\"张三 😀\u2028\u007f\\u001B/é\"}\n");
    }

    private static void escape(StringBuilder to, int c) {
        int named = SHORT.indexOf(c);
        if (named >= 0) {
            to.append('\\').append(SHORT_NAMES.charAt(named));
        } else if (c < ' ') {
            to.append("\\u%04X".formatted(c));
        } else {
            to.appendCodePoint(c);
        }
    }

    private static String line(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NdjsonFile file = new NdjsonFile(out, new Texts());
        file.text(text);
        file.endRow();
        file.end();
        return out.toString(StandardCharsets.UTF_8);
    }
}

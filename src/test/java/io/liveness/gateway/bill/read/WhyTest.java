package io.liveness.gateway.bill.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.bill.read.RawRow.Why;
import io.liveness.gateway.testsupport.browser.ConsoleWords;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WhyTest {

    @Test
    void the_console_can_say_in_its_languages_why_a_line_cannot_be_read() {
        assertThat(Arrays.stream(Why.values()).map(why -> "cell." + why.text())).allMatch(ConsoleWords::has);
        assertThat(Stream.of(StatementReader.MORE_CELLS.formatted(5, 4))).allMatch(ConsoleWords::tells);
    }
}

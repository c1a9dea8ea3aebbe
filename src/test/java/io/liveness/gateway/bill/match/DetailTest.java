package io.liveness.gateway.bill.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.bill.match.Matcher.Detail;
import io.liveness.gateway.testsupport.browser.ConsoleWords;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DetailTest {

    @ParameterizedTest
    @EnumSource(Detail.class)
    void the_console_can_say_in_its_languages_what_is_said_of_a_result(Detail detail) {
        Object[] values =
                switch (detail) {
                    case ON_LINE_OF -> new Object[] {3, UUID.randomUUID()};
                    case LINES_STATED -> new Object[] {3, 4};
                    default -> new Object[] {UUID.randomUUID(), 3};
                };

        assertThat(detail.of(values)).matches(ConsoleWords::tells);
    }
}

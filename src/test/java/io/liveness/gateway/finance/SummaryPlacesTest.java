package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.books.audit.ChargeViewer;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SummaryPlacesTest {

    private static final Caller CONSOLE = new Caller("console");
    private static final ChargeViewer FIONA = new ChargeViewer(CONSOLE, "console/fiona", true);
    private static final ChargeViewer ADA = new ChargeViewer(CONSOLE, "console/ada", true);

    private final SummaryPlaces places = new SummaryPlaces(new Refusals(new SimpleMeterRegistry()));

    @Test
    void two_people_of_the_console_have_all_summaries_of_a_caller_each() {
        Supplier<String> summed = () -> "summed";

        assertThat(places.run(FIONA, () -> places.run(FIONA, () -> places.run(ADA, () -> places.run(ADA, summed)))))
                .isEqualTo("summed");
    }

    @Test
    void one_person_has_no_more_than_a_caller() {
        assertThatThrownBy(() -> places.run(FIONA, () -> places.run(FIONA, () -> places.run(FIONA, () -> "summed"))))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("At most 2 of your summaries");
    }
}

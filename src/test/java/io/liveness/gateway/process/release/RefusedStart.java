package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.util.List;
import java.util.stream.Stream;

/** A start that is refused. */
final class RefusedStart {

    private static final int LONGEST_LINE = 2_000;

    private RefusedStart() {}

    /** @return its reasons: each is a line, and no line has a stack trace */
    static List<String> of(Surroundings around, GatewayEnvironment environment) {
        try (GatewayProcess gateway = around.launch(environment)) {
            assertThat(gateway.awaitExit()).as(gateway.tail()).isEqualTo(1);
            // A value that cannot be read is told before the log's own settings are read: as plain text, at standard
            // error.
            List<String> said = Stream.of(gateway.output(), gateway.errors())
                    .flatMap(List::stream)
                    .toList();
            assertThat(said)
                    .allSatisfy(line -> assertThat(line)
                            .hasSizeLessThan(LONGEST_LINE)
                            .doesNotContain("stackTrace", "\tat ", "Failed to start"));
            return said.stream()
                    .filter(line -> line.contains("start.refused: "))
                    .toList();
        }
    }
}

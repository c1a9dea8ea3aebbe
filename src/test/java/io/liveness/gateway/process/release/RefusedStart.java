package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.util.List;
import java.util.stream.Stream;

/** A start that the configuration stops. */
final class RefusedStart {

    private RefusedStart() {}

    /** @return all that it says */
    static String of(Surroundings around, GatewayEnvironment environment) {
        try (GatewayProcess gateway = around.launch(environment)) {
            assertThat(gateway.awaitExit()).as(gateway.tail()).isNotZero();
            return String.join(
                    "\n",
                    Stream.of(gateway.output(), gateway.errors())
                            .flatMap(List::stream)
                            .toList());
        }
    }
}

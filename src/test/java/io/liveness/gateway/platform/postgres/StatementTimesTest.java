package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.connection.PostgresSockets.ServerOnlyReads;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StatementTimesTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Database.StatementTimes times = new Database.StatementTimes(registry);

    static Stream<Arguments> endings() {
        return Stream.of(
                Arguments.of("done", null),
                Arguments.of("unavailable", DatabaseUnavailable.notInTime()),
                Arguments.of("only-reads", DatabaseUnavailable.orItself(new ServerOnlyReads("The server db-2:5432"))),
                Arguments.of("failed", new IllegalStateException("refused")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void a_statement_is_timed_by_its_outcome(String outcome, Throwable failure) {
        times.record(Connections.RESERVED, failure, 1);

        assertThat(count("reserved", outcome)).isEqualTo(1);
        assertThat(registry.get("liveness.statements").timers())
                .as("all of them are there from the start, and one has counted")
                .hasSize(16)
                .satisfiesOnlyOnce(timer -> assertThat(timer.count()).isEqualTo(1));
    }

    private long count(String connections, String outcome) {
        return registry.get("liveness.statements")
                .tags("connections", connections, "outcome", outcome)
                .timer()
                .count();
    }
}

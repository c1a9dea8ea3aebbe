package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.postgres.Database.Connections;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StatementTimesTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final StatementTimes times = new StatementTimes(registry);

    static Stream<Arguments> endings() {
        return Stream.of(
                Arguments.of("done", Uni.createFrom().item("rows")),
                Arguments.of("unavailable", Uni.createFrom().failure(DatabaseUnavailable.notInTime())),
                Arguments.of("failed", Uni.createFrom().failure(new IllegalStateException("refused"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void a_statement_is_timed_by_what_came_of_it(String outcome, Uni<String> statement) {
        times.timed(Connections.RESERVED, statement).subscribe().with(rows -> {}, failure -> {});

        assertThat(count("reserved", outcome)).isEqualTo(1);
        assertThat(registry.get("liveness.statements").timers())
                .as("all of them are there from the start, and one has counted")
                .hasSize(6)
                .satisfiesOnlyOnce(timer -> assertThat(timer.count()).isEqualTo(1));
    }

    @Test
    void what_is_sent_again_is_timed_again() {
        Uni<String> statement = times.timed(Connections.SHARED, Uni.createFrom().item("rows"));

        statement.await().indefinitely();
        statement.await().indefinitely();

        assertThat(count("shared", "done")).isEqualTo(2);
    }

    private long count(String connections, String outcome) {
        return registry.get("liveness.statements")
                .tags("connections", connections, "outcome", outcome)
                .timer()
                .count();
    }
}

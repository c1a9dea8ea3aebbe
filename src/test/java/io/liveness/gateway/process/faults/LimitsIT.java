package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A caller's open sessions are counted over all gateways together. */
class LimitsIT {

    private static final int LIMIT = 10;

    @Test
    void a_hundred_opens_at_once_at_two_gateways_open_exactly_as_many_as_the_limit() {
        try (Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            GatewayEnvironment environment = around.environment()
                    .with("liveness.limits.open-sessions", Integer.toString(LIMIT))
                    .with("jumdata.calls-per-second", "1000")
                    // No session may settle meanwhile and free a place.
                    .with("liveness.poll.timetable", "1h");
            List<GatewayProcess> gateways = List.of(around.launch(environment), around.launch(environment));
            gateways.forEach(GatewayProcess::awaitReady);

            List<CompletableFuture<Answer>> asked = IntStream.range(0, 100)
                    .mapToObj(n -> around.callers()
                            .openLater(gateways.get(n % gateways.size()).url(), "order-" + n, "pass"))
                    .toList();
            List<Answer> answers = asked.stream().map(CompletableFuture::join).toList();

            assertThat(answers.stream().filter(answer -> answer.status() == 201))
                    .hasSize(LIMIT);
            assertThat(answers.stream().filter(answer -> answer.status() == 429))
                    .hasSize(100 - LIMIT)
                    .allSatisfy(answer ->
                            assertThat(answer.problem().orElseThrow().getCode()).isEqualTo("rate-limited"));
            assertThat(StoredSession.count(around.database())).isEqualTo(LIMIT);
            assertThat(around.books().initCalls()).isEqualTo(LIMIT);
        }
    }
}

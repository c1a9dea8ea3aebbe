package io.liveness.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.TraceCollector;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Traces arrive at a collector, by nothing but the settings of docs/deployment.md. */
class TraceExportIT {

    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);

    @Test
    void the_spans_of_an_open_arrive_without_what_is_secret() {
        try (Surroundings around = new Surroundings(SandboxSettings.defaults());
                TraceCollector collector = new TraceCollector()) {
            GatewayProcess gateway = around.start(around.environment()
                    .with("quarkus.otel.sdk.disabled", "false")
                    .with("quarkus.otel.exporter.otlp.endpoint", collector.url()));

            Answer opened = around.callers().open(gateway.url(), "order-4711", "pass");

            Patience.await("the spans of the open to arrive", TO_ARRIVE)
                    .untilAsserted(() -> assertThat(all(collector))
                            .contains(
                                    "POST /v1/liveness-sessions", "insert into liveness_session", "liveness-gateway"));
            assertThat(all(collector))
                    .doesNotContain(
                            around.callers().accessToken(),
                            opened.session().orElseThrow().getToken(),
                            "capture.html",
                            "order-4711");
        }
    }

    private static String all(TraceCollector collector) {
        return String.join("\n", collector.received());
    }
}

package io.liveness.gateway.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.GatewayProcess;
import io.liveness.gateway.testsupport.Surroundings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** A counter that appears with its first event is one whose first increase no alert sees. */
class FreshMetricsIT {

    @Test
    void every_metric_of_ours_is_there_before_the_first_request() throws IOException, InterruptedException {
        try (Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            GatewayProcess gateway = around.start(around.environment());

            MetricsPage page = new MetricsPage(metrics(gateway));

            assertThat(page.metrics().keySet())
                    .containsAll(MetricsDocument.read().metrics().keySet());
        }
    }

    private static String metrics(GatewayProcess gateway) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.managementUrl() + "/q/metrics"))
                .header("Accept", "text/plain; version=0.0.4")
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }
}

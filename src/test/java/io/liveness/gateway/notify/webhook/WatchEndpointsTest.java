package io.liveness.gateway.notify.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.liveness.gateway.notify.WebhookApi;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import org.junit.jupiter.api.Test;

@QuarkusTest
class WatchEndpointsTest {

    private final WebhookApi webhooks = new WebhookApi(Api.asNewCaller());

    @Inject
    WatchEndpoints watch;

    @Inject
    MeterRegistry registry;

    @Inject
    Stored stored;

    @Test
    void an_endpoint_is_shown_in_every_scrape_while_it_fails() throws SQLException {
        WebhookApi.Endpoint endpoint = webhooks.created();
        failingSince(endpoint, "now() - interval '1 hour'");
        read();
        Gauge failing = shown(endpoint).iterator().next();
        assertThat(failing.value()).isCloseTo(3_600, within(600.0));

        failingSince(endpoint, "now() - interval '2 hours'");
        read();
        assertThat(shown(endpoint))
                .singleElement()
                .as("not removed and added again")
                .isSameAs(failing);
        assertThat(failing.value()).isCloseTo(7_200, within(600.0));

        failingSince(endpoint, "null");
        read();
        assertThat(shown(endpoint)).isEmpty();
    }

    private void failingSince(WebhookApi.Endpoint endpoint, String since) throws SQLException {
        stored.execute("update webhook_endpoint set failing_since = " + since + " where id = ?::uuid", endpoint.id());
    }

    private void read() {
        watch.watch().await().atMost(Duration.ofSeconds(10));
    }

    private Collection<Gauge> shown(WebhookApi.Endpoint endpoint) {
        return registry.find("liveness.webhook.endpoint.failing")
                .tag("endpoint", endpoint.id())
                .gauges();
    }
}

package io.liveness.gateway.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.events.WebhookApi;
import io.liveness.gateway.events.webhook.WatchEndpoints;
import io.liveness.gateway.monitoring.MetricsDocument.Metric;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Management;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The metrics of a running service equal those of the document. */
@QuarkusTest
class MetricsTest {

    private static final Predicate<String> OURS =
            Pattern.compile("^(liveness|jumdata)_").asPredicate();

    private final MetricsDocument document = MetricsDocument.read();
    private String text;

    @Inject
    WatchEndpoints endpoints;

    @Inject
    Stored stored;

    @BeforeEach
    void settle_a_session_and_read_the_metrics() throws SQLException {
        Api api = Api.asNewCaller();
        api.check(api.opened("pass")).then().statusCode(200);
        String failing = new WebhookApi(api).created().id();
        stored.execute("update webhook_endpoint set failing_since = now() where id = '" + failing + "'");
        endpoints.watch().await().atMost(Duration.ofSeconds(10));
        text = Management.metrics();
    }

    @Test
    void the_document_has_every_metric_of_ours_as_it_is_and_no_other() {
        Map<String, Metric> shown = new TreeMap<>(new MetricsPage(text).metrics());
        shown.keySet().removeIf(OURS.negate());
        document.metrics().forEach((name, metric) -> {
            if (metric.type().equals("histogram")) {
                assertThat(shown.remove(name + "_max"))
                        .as(name + "_max")
                        .isEqualTo(new Metric("gauge", metric.labels()));
            }
        });

        assertThat(shown).isEqualTo(document.metrics());
    }

    @Test
    void the_two_pools_of_connections_are_told_apart() {
        assertThat(text).contains("sql_pool_active{pool_name=\"shared\",", "sql_pool_active{pool_name=\"reserved\",");
    }

    @Test
    void promtool_finds_nothing_to_complain_about() {
        Promtool.write("metrics.txt", text);

        Promtool.run("metrics.txt", "check", "metrics").assertWell();
    }
}

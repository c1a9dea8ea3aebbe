package io.liveness.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.monitoring.AlertRules;
import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.liveness.gateway.testsupport.process.Prometheus;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Prometheus reads a running gateway, and faults of it make an alert fire. Alerts fire at once here, without a waiting time. */
class PrometheusIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Surroundings around;
    private GatewayProcess gateway;
    private Prometheus prometheus;

    @BeforeEach
    void start() {
        around = new Surroundings(SandboxSettings.defaults());
        gateway = around.start(around.environment());
        prometheus = Prometheus.reading(
                gateway, AlertRules.read().with(rule -> rule.remove("for")).file());
    }

    @AfterEach
    void end() {
        if (prometheus != null) {
            prometheus.close();
        }
        around.close();
    }

    @Test
    void books_that_differ_make_an_alert_fire_until_they_are_mended() throws SQLException {
        String id = around.callers().open(gateway.url(), "order", "pass").id();
        around.callers().checkLater(gateway.url(), id).join();
        await("the books to be known", "liveness_ledger_imbalance == 0");
        assertThat(fires("LivenessBooksDiffer", Map.of())).isFalse();

        database("update liveness_session set fee_amount = fee_amount - 1");
        Patience.await("the alert", PATIENCE)
                .until(() -> fires("LivenessBooksDiffer", Map.of("kind", "amount-wrong", "namespace", "test")));

        database("update liveness_session set fee_amount = fee_amount + 1");
        Patience.await("the end of the alert", PATIENCE).until(() -> !fires("LivenessBooksDiffer", Map.of()));
    }

    @Test
    void a_vendor_that_refuses_our_address_makes_an_alert_fire_by_its_first_answer() {
        await("the gateway to be read", "liveness_vendor_calls_seconds_count{call=\"init\",code=\"607\"} == 0");
        assertThat(fires("LivenessVendorAccount", Map.of())).isFalse();

        assertThat(around.callers().open(gateway.url(), "order", "code-607").status())
                .isEqualTo(502);

        Patience.await("the alert", PATIENCE).until(() -> fires("LivenessVendorAccount", Map.of("code", "607")));
        assertThat(prometheus.rules())
                .isNotEmpty()
                .allSatisfy(rule ->
                        assertThat(rule.getString("health")).as(rule.encode()).isEqualTo("ok"));
    }

    private void await(String what, String expression) {
        Patience.await(what, PATIENCE)
                .until(() -> prometheus.query(expression).findAny().isPresent());
    }

    private boolean fires(String alert, Map<String, String> labels) {
        return prometheus
                .firing()
                .filter(firing -> firing.getString("alertname").equals(alert))
                .anyMatch(firing -> firing.getMap().entrySet().containsAll(labels.entrySet()));
    }

    private void database(String sql) throws SQLException {
        try (Connection connection = around.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

package io.liveness.gateway.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.monitoring.Expression.Selector;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.load.GatewayMetrics;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The packaged service shows what alerts, the dashboard, the autoscaler and the runbook ask for. */
class PackagedMetricsIT {

    /** Of Prometheus, kube-state-metrics and cert-manager. */
    private static final Set<String> OF_SCRAPING = Set.of(
            "up",
            "kube_horizontalpodautoscaler_status_desired_replicas",
            "kube_horizontalpodautoscaler_spec_max_replicas",
            "kube_job_failed",
            "certmanager_certificate_expiration_timestamp_seconds");

    private static final Set<String> LABELS_OF_SCRAPING = Set.of(
            "namespace",
            "pod",
            "instance",
            "job",
            "le",
            "horizontalpodautoscaler",
            "job_name",
            "condition",
            "exported_namespace",
            "name");
    /** Of metrics of Quarkus and Java. */
    private static final Set<String> LABELS_OF_OTHERS = Set.of("uri", "method", "status", "area", "pool_name");

    /** Gauges of what fails, as {@link MetricsTest} sees them: their alerts look at the value, not at an increase. */
    private static final Set<String> OF_FAILURES = Set.of("liveness_webhook_endpoint_failing_seconds");

    private static final MetricsDocument DOCUMENT = MetricsDocument.read();
    private static final AlertRules RULES = AlertRules.read();
    private static final List<Expression> ASKED = Stream.of(
                    RULES.expressions(), Dashboard.read().expressions(), AdapterRules.expressions())
            .flatMap(List::stream)
            .map(Expression::of)
            .toList();
    private static final List<Expression> MENTIONED =
            Runbook.expressions().stream().map(Expression::of).toList();

    private static Surroundings around;
    private static MetricsPage fresh;
    private static MetricsPage page;

    @BeforeAll
    static void a_check_from_beginning_to_end() {
        around = new Surroundings(SandboxSettings.defaults());
        GatewayProcess gateway =
                around.start(around.environment().with("liveness.finance.budgets", "shop=1000.00 CNY"));
        GatewayMetrics metrics = new GatewayMetrics(gateway);
        fresh = new MetricsPage(metrics.page());
        String id = around.callers().open(gateway.url(), "order", "pass").id();
        around.callers().checkLater(gateway.url(), id).join();
        page = new MetricsPage(metrics.page());
    }

    @AfterAll
    static void end() {
        around.close();
    }

    /** A counter that appears with its first event is one whose first increase no alert sees. */
    @Test
    void every_metric_exists_before_the_first_request() {
        Set<String> expected = new TreeSet<>(DOCUMENT.metrics().keySet());
        expected.removeAll(OF_FAILURES);
        assertThat(fresh.metrics().keySet()).containsAll(expected);
    }

    @Test
    void every_metric_that_is_asked_for_exists() {
        Set<String> known = new TreeSet<>(OF_SCRAPING);
        known.addAll(OF_FAILURES);
        known.addAll(page.series());
        known.addAll(RULES.records());
        assertThat(known).containsAll(metrics(ASKED));

        // A histogram is spoken of by its own name too.
        known.addAll(page.metrics().keySet());
        assertThat(known).containsAll(metrics(MENTIONED));
    }

    @Test
    void every_label_that_is_asked_for_exists() {
        Set<String> known = new TreeSet<>(LABELS_OF_SCRAPING);
        known.addAll(LABELS_OF_OTHERS);
        known.addAll(DOCUMENT.labels());

        assertThat(known)
                .containsAll(all().flatMap(expression -> expression.labels().stream())
                        .toList());
    }

    @Test
    void every_value_that_a_label_must_have_is_one_that_it_has() {
        assertThat(all().flatMap(expression -> expression.selectors().stream())
                        .filter(selector -> !OF_SCRAPING.contains(selector.metric()))
                        .filter(selector -> !RULES.records().contains(selector.metric()))
                        .distinct())
                .isNotEmpty()
                .allMatch(selector -> page.shows(selector.metric(), ofTheService(selector)));
    }

    private static Stream<Expression> all() {
        return Stream.concat(ASKED.stream(), MENTIONED.stream());
    }

    private static Set<String> metrics(List<Expression> expressions) {
        assertThat(expressions).isNotEmpty();
        return expressions.stream()
                .flatMap(expression -> expression.metrics().stream())
                .collect(Collectors.toSet());
    }

    private static Map<String, String> ofTheService(Selector selector) {
        Map<String, String> labels = new HashMap<>(selector.equal());
        LABELS_OF_SCRAPING.stream().filter(label -> !label.equals("le")).forEach(labels::remove);
        return labels;
    }
}

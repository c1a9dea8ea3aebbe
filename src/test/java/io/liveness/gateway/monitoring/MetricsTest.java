package io.liveness.gateway.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.monitoring.MetricsDocument.Metric;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.Management;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a running service shows is what the document says, and what alerts and the dashboard ask for. */
@QuarkusTest
@QuarkusTestResource(GatewayTestResource.class)
class MetricsTest {

    private static final Predicate<String> OURS =
            Pattern.compile("^(liveness|jumdata)_").asPredicate();
    private static final Pattern BOUND = Pattern.compile("\\ble=\"[^\"]*\"");
    /** Of Prometheus and Kubernetes. */
    private static final Set<String> OF_SCRAPING = Set.of("up");

    private static final Set<String> LABELS_OF_SCRAPING = Set.of("namespace", "pod", "instance", "job", "le");
    /** Of metrics of Quarkus and Java. */
    private static final Set<String> LABELS_OF_OTHERS = Set.of("uri", "method", "status", "area", "pool_name");

    private final MetricsDocument document = MetricsDocument.read();
    private final AlertRules rules = AlertRules.read();
    private String text;

    @BeforeEach
    void everything_has_happened_once() {
        Api api = Api.asNewCaller();
        api.check(api.opened("pass")).then().statusCode(200);
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

    @Test
    void alerts_and_dashboard_ask_for_what_there_is() {
        Set<String> known = new TreeSet<>(OF_SCRAPING);
        known.addAll(document.series());
        known.addAll(rules.records());
        new MetricsPage(text).series().stream().filter(OURS.negate()).forEach(known::add);
        Set<String> labels = new TreeSet<>(LABELS_OF_SCRAPING);
        labels.addAll(LABELS_OF_OTHERS);
        labels.addAll(document.labels());

        assertThat(expressions().map(Expression::of)).isNotEmpty().allSatisfy(expression -> {
            assertThat(known).containsAll(expression.metrics());
            assertThat(labels).containsAll(expression.labels());
        });
    }

    @Test
    void bounds_of_histograms_that_are_asked_for_exist() {
        Set<String> bounds = new MetricsPage(text).bounds();

        assertThat(expressions()
                        .flatMap(expression -> BOUND.matcher(expression).results())
                        .map(MatchResult::group))
                .isNotEmpty()
                .allSatisfy(bound -> assertThat(bounds).contains(bound));
    }

    private Stream<String> expressions() {
        return Stream.concat(rules.expressions().stream(), Dashboard.read().expressions().stream());
    }
}

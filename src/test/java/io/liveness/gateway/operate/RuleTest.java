package io.liveness.gateway.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.liveness.gateway.operate.Figures.Growth;
import io.liveness.gateway.operate.Figures.Series;
import io.liveness.gateway.operate.Rule.AlertState;
import io.liveness.gateway.operate.Rule.Figure;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RuleTest {

    private static final Pattern COMPARED = Pattern.compile("(>|==) ([0-9.]+)(?: \\* ([0-9.]+))?");
    private static final Pattern BURN =
            Pattern.compile("liveness:(\\w+):ratio(?:_rate)?(\\w+) > ([0-9.]+) and liveness:\\1:ratio\\w+ > \\3\\b");
    /** How many times what its objective allows fires an alert, by the time that it looks at. */
    private static final Map<String, String> BURNS = Map.of("1h", "14.4", "6h", "6", "1d", "3", "3d", "1");

    private static final Map<String, JsonNode> ALERTS = alerts();

    @ParameterizedTest
    @EnumSource
    void a_rule_has_metric_window_threshold_and_severity_of_its_alert(Rule rule) {
        JsonNode alert = ALERTS.get(rule.alert);
        String expression = alert.path("expr").asText();

        assertThat(expression).contains(rule.figure.meter().replace('.', '_'));
        assertThat(alert.at("/labels/severity").asText()).isEqualTo(rule.state == AlertState.RED ? "page" : "ticket");
        assertThat(thresholds(expression)).contains(rule.threshold - aDayOrMore(alert.path("for")));
        if (rule.figure instanceof Figure.Grown grown) {
            assertThat(expression).contains(window(grown.minutes()), String.join("|", grown.values()));
        }
        if (rule.figure instanceof Figure.Share share) {
            assertThat(expression).contains(window(share.minutes())).contains(share.some());
            assertThat(thresholds(expression)).contains((double) share.least());
        }
    }

    @Test
    void the_dashboard_is_red_above_the_objectives_that_the_alerts_of_a_month_are_multiples_of() throws IOException {
        Map<String, List<BigDecimal>> objectives = ALERTS.values().stream()
                .flatMap(alert -> BURN.matcher(alert.path("expr").asText()).results())
                .collect(Collectors.groupingBy(
                        burn -> burn.group(1),
                        Collectors.mapping(
                                burn -> new BigDecimal(burn.group(3)).divide(new BigDecimal(BURNS.get(burn.group(2)))),
                                Collectors.toList())));
        JsonNode dashboard = new JsonMapper()
                .readTree(Path.of("k8s/base/dashboard/liveness-gateway.json").toFile());
        Map<String, BigDecimal> red = StreamSupport.stream(
                        dashboard.path("panels").spliterator(), false)
                .filter(panel -> panel.path("fieldConfig").findValue("thresholds") != null)
                .collect(Collectors.toMap(
                        panel -> panel.at("/targets/0/expr").asText().split(":")[1],
                        panel -> panel.at("/fieldConfig/defaults/thresholds/steps/1/value")
                                .decimalValue()));

        assertThat(red).containsOnlyKeys(objectives.keySet());
        objectives.forEach((name, four) ->
                assertThat(four).as(name).hasSize(BURNS.size()).allMatch(one -> one.compareTo(red.get(name)) == 0));
    }

    @Test
    void of_the_alerts_that_page_these_have_no_rule() {
        Set<String> pages = ALERTS.values().stream()
                .filter(alert -> alert.at("/labels/severity").asText().equals("page"))
                .map(alert -> alert.path("alert").asText())
                .collect(Collectors.toSet());
        pages.removeAll(Arrays.stream(Rule.values()).map(rule -> rule.alert).toList());

        assertThat(pages)
                .containsExactlyInAnyOrder(
                        // Objectives over a month.
                        "LivenessOpensFailedBurnFast",
                        "LivenessOpensSlowBurnFast",
                        "LivenessVerdictsLostBurnFast",
                        // Shown as unknown differences.
                        "LivenessBooksUnknown",
                        // Compared with hours ago.
                        "LivenessSessionsEndingSoon",
                        "LivenessCallerTakesMost",
                        // Nobody can read or sign in when these fire.
                        "LivenessDatabaseAway",
                        "LivenessIssuerKeysMissing",
                        "LivenessGone");
    }

    /** How long the alert waits, in seconds; 0 for less than a day, for which health does not wait. */
    private static long aDayOrMore(JsonNode wait) {
        Duration whole = wait.isMissingNode() ? Duration.ZERO : Duration.parse("PT" + wait.asText());
        return whole.toDays() > 0 ? whole.toSeconds() : 0;
    }

    private static String window(int minutes) {
        return minutes == 60 ? "[1h]" : "[" + minutes + "m]";
    }

    /** Above what the alert fires; one that is about a 1 is above 0, and so is the number of those that are 0. */
    private static Set<Double> thresholds(String expression) {
        return COMPARED.matcher(expression)
                .results()
                .map(compared -> compared.group(1).equals("==")
                        ? 0
                        : Double.parseDouble(compared.group(2))
                                * (compared.group(3) == null ? 1 : Double.parseDouble(compared.group(3))))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource
    void it_is_green_up_to_its_threshold_and_unknown_where_no_replica_knows(Rule rule) {
        assertThat(rule.of(rule.threshold)).isEqualTo(AlertState.GREEN);
        assertThat(rule.of(rule.threshold + 0.001)).isEqualTo(rule.state);
        assertThat(rule.of(rule.figure.of(Figures.none()))).isEqualTo(AlertState.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"0, 1000, 0", "5, 0, 0", "6, 0, 1", "6, 18, 0.25"})
    void a_share_is_0_while_there_are_too_few_to_tell(int failed, int worked, double share) {
        Figures figures = Figures.none();
        figures.grown().put(calls("result", "no-answer"), growth(failed));
        figures.grown().put(calls("result", "final"), growth(worked));
        figures.grown().put(calls("init", "accepted"), growth(1_000));

        assertThat(Rule.VENDOR_UNAVAILABLE.figure.of(figures)).isEqualTo(share);
    }

    @Test
    void of_all_replicas_the_worst_gauge_counts_and_counters_are_added_up() {
        Figures figures = Figures.none();
        for (double skew : List.of(0.1, -31.0)) {
            Figures replica = Figures.none();
            replica.gauges().put(new Series(Rule.SKEW, Map.of()), List.of(skew));
            replica.gauges().put(new Series(Rule.LISTENING, Map.of()), List.of(skew > 0 ? 1.0 : 0.0));
            replica.grown().put(calls("init", "refused", "606"), growth(3));
            replica.grown().put(calls("init", "refused", "609"), growth(1));
            figures.add(replica.toJson());
        }

        assertThat(Rule.CLOCK_SKEW.figure.of(figures)).isEqualTo(31);
        assertThat(Rule.LISTENER_AWAY.figure.of(figures)).isEqualTo(1);
        assertThat(Rule.VENDOR_THROTTLES.figure.of(figures))
                .as("each code by itself")
                .isEqualTo(6);
    }

    private static Series calls(String call, String outcome) {
        return calls(call, outcome, "200");
    }

    private static Series calls(String call, String outcome, String code) {
        return new Series("liveness.vendor.calls", Map.of("call", call, "outcome", outcome, "code", code));
    }

    private static Growth growth(double count) {
        List<Double> counts = Collections.nCopies(Growth.MINUTES.size(), count);
        return new Growth(counts, counts);
    }

    private static Map<String, JsonNode> alerts() {
        try {
            JsonNode rules = new YAMLMapper()
                    .readTree(Path.of("k8s/base/prometheus-rule.yaml").toFile());
            return StreamSupport.stream(rules.at("/spec/groups").spliterator(), false)
                    .flatMap(group -> StreamSupport.stream(group.path("rules").spliterator(), false))
                    .filter(rule -> rule.has("alert"))
                    .collect(Collectors.toMap(rule -> rule.path("alert").asText(), rule -> rule));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

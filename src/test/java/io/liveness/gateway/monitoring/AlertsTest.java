package io.liveness.gateway.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Prometheus understands each alert, each fires in its scenario and not in a similar one, and each has a section for operations. */
class AlertsTest {

    private static final String RULES = "rules.yaml";
    private static final String SCENARIOS = "alerts.yaml";
    private static final String SECTION = "docs/operations.md#";

    private final AlertRules rules = AlertRules.read();

    @Test
    void prometheus_understands_every_rule() {
        Promtool.write(RULES, rules.file());

        Promtool.run(RULES, "check", "rules", "--lint=all", "--lint-fatal", RULES)
                .assertWell();
    }

    @Test
    @Tag("long")
    void alerts_fire_in_their_scenarios_and_in_no_others() throws IOException {
        // Scenarios tell which alert fires for what; its words are not repeated in them.
        Promtool.write(RULES, rules.with(rule -> rule.remove("annotations")).file());
        Promtool.write(SCENARIOS, Files.readString(scenarios()));

        Promtool.run(SCENARIOS, "test", "rules", SCENARIOS).assertWell();
    }

    @Test
    void each_alert_has_a_scenario_in_which_it_fires_and_one_in_which_it_does_not() throws IOException {
        Set<String> fires = new TreeSet<>();
        Set<String> keepsQuiet = new TreeSet<>();
        for (JsonNode scenario : AlertRules.YAML.readTree(scenarios().toFile()).path("tests")) {
            for (JsonNode question : scenario.path("alert_rule_test")) {
                Set<String> ending = question.path("exp_alerts").isEmpty() ? keepsQuiet : fires;
                ending.add(question.path("alertname").asText());
            }
        }
        List<String> alerts = alerts();

        assertThat(fires).containsExactlyInAnyOrderElementsOf(alerts);
        assertThat(keepsQuiet).containsExactlyInAnyOrderElementsOf(alerts);
    }

    @Test
    void each_alert_leads_to_its_section_and_each_section_is_of_an_alert() throws IOException {
        List<String> text = Files.readAllLines(Runbook.FILE);
        Set<String> sections = text.stream()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring(3).toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(rules.alerts()).allSatisfy(alert -> {
            String section = alert.at("/annotations/runbook_url").asText();
            assertThat(section).startsWith(SECTION);
            assertThat(alert.path("alert").asText().toLowerCase(Locale.ROOT))
                    .startsWith(section.substring(SECTION.length()));
        });
        assertThat(rules.alerts().stream()
                        .map(alert ->
                                alert.at("/annotations/runbook_url").asText().substring(SECTION.length()))
                        .collect(Collectors.toSet()))
                .isEqualTo(sections);
        for (String part : List.of("**Means.**", "**Look at.**", "**Do.**")) {
            assertThat(text.stream().filter(line -> line.startsWith(part)))
                    .as(part)
                    .hasSameSizeAs(sections);
        }
    }

    private List<String> alerts() {
        return rules.alerts().stream()
                .map(alert -> alert.path("alert").asText())
                .toList();
    }

    private static Path scenarios() {
        return Path.of("src", "test", "resources", "prometheus", SCENARIOS);
    }
}

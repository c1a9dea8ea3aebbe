package io.liveness.gateway.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.process.Command;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What alerts, the dashboard, the autoscaler and the documents name is what the packaged service shows. */
class MonitoringIT {

    private static final Path RULES = Path.of("k8s/base/prometheus-rule.yaml");
    private static final Path SCENARIOS = Path.of("src/test/resources/prometheus");
    private static final Path DASHBOARD = Path.of("k8s/base/dashboard/liveness-gateway.json");
    private static final Path ADAPTER = Path.of("k8s/components/autoscale-by-load/prometheus-adapter.yaml");
    private static final Path RUNBOOK = Path.of("docs/operations.md");
    private static final Path DOCUMENT = Path.of("docs/metrics.md");

    private static final Pattern SERIES = Pattern.compile("(?m)^(?:# TYPE )?((?:liveness|jumdata)_\\w+)");
    private static final Pattern ASKED = Pattern.compile("\\b(?:liveness|jumdata)_\\w+");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `((?:liveness|jumdata)_\\w+)` \\|");
    /** The adapter's own, and of SQL. */
    private static final Set<String> NOT_OURS = Set.of("liveness_open_seconds", "liveness_session");

    private static String page;

    @BeforeAll
    static void read_the_metrics() {
        try (Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            GatewayProcess gateway =
                    around.start(around.environment().with("liveness.finance.budgets", "shop=1000.00 CNY"));
            page = gateway.metrics();
        }
    }

    /** A counter that appears with its first event is one whose first increase no alert sees. */
    @Test
    void every_metric_that_is_asked_for_or_documented_exists_before_the_first_request() throws IOException {
        Set<String> shown = names(SERIES, page, 1);
        Set<String> documented = names(DOCUMENTED, Files.readString(DOCUMENT), 1);

        for (Path asking : new Path[] {RULES, DASHBOARD, ADAPTER, RUNBOOK}) {
            Set<String> asked = names(ASKED, Files.readString(asking), 0);
            asked.removeAll(NOT_OURS);
            assertThat(shown).as("%s", asking).isNotEmpty().containsAll(asked);
        }
        assertThat(shown).containsAll(documented);
        assertThat(shown.stream().map(name -> name.replaceFirst("_(bucket|count|sum|max)$", "")))
                .as("in %s", DOCUMENT)
                .allMatch(documented::contains);
    }

    @Test
    void prometheus_understands_the_alerts(@TempDir Path directory) throws IOException {
        JsonNode rules = new YAMLMapper().readTree(RULES.toFile()).path("spec");
        Path file = Files.writeString(directory.resolve("rules.yaml"), new YAMLMapper().writeValueAsString(rules));

        Command.succeed(directory, "promtool", "check", "rules", "--lint=all", "--lint-fatal", file.toString());
    }

    @Test
    @Tag("long")
    @Tag("once")
    void alerts_fire_in_their_scenarios_and_in_no_others(@TempDir Path directory) throws IOException {
        JsonNode rules = new YAMLMapper().readTree(RULES.toFile()).path("spec");
        // Scenarios tell which alert fires for what; its words are not repeated in them.
        rules.findParents("annotations").forEach(alert -> ((ObjectNode) alert).remove("annotations"));
        Files.writeString(directory.resolve("rules.yaml"), new YAMLMapper().writeValueAsString(rules));
        for (String scenarios : List.of("alerts.yaml", "alerts-of-hours.yaml")) {
            Files.copy(SCENARIOS.resolve(scenarios), directory.resolve(scenarios));
            Command.succeed(directory, "promtool", "test", "rules", scenarios);
        }
    }

    @Test
    void prometheus_finds_nothing_to_complain_about_in_the_metrics(@TempDir Path directory) throws IOException {
        // promtool refuses the comma that the format allows after the last label.
        Files.writeString(directory.resolve("metrics"), page.replace(",}", "}"));

        Command.succeed(directory, "sh", "-c", "promtool check metrics <metrics");
    }

    private static Set<String> names(Pattern pattern, String text, int group) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(group))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

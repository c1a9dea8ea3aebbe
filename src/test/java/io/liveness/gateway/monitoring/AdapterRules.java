package io.liveness.gateway.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The queries of prometheus-adapter for the autoscaler, by {@code k8s/components/autoscale-by-load}. */
final class AdapterRules {

    private static final Path FILE = Path.of("k8s", "components", "autoscale-by-load", "prometheus-adapter.yaml");

    private AdapterRules() {}

    /** As Prometheus is asked, with a value in place of what the adapter fills in. */
    static List<String> expressions() {
        try {
            JsonNode rules = AlertRules.YAML.readTree(FILE.toFile()).at("/rules/custom");
            return Stream.concat(
                            rules.findValuesAsText("seriesQuery").stream(),
                            rules.findValuesAsText("metricsQuery").stream())
                    .map(query -> query.replace("<<.Series>>", "liveness_waiters")
                            .replace("<<.LabelMatchers>>", "namespace=\"shop\"")
                            .replace("<<.GroupBy>>", "pod"))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

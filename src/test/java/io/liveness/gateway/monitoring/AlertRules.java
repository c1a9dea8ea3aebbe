package io.liveness.gateway.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The rules of {@code k8s/base/prometheus-rule.yaml}, whose part {@code spec} is what Prometheus itself reads. */
public final class AlertRules {

    static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final Path FILE = Path.of("k8s", "base", "prometheus-rule.yaml");

    private final ObjectNode spec;

    private AlertRules(ObjectNode spec) {
        this.spec = spec;
    }

    public static AlertRules read() {
        try {
            return new AlertRules((ObjectNode) YAML.readTree(FILE.toFile()).path("spec"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A copy in which each rule is changed. */
    public AlertRules with(Consumer<ObjectNode> change) {
        AlertRules copy = new AlertRules(spec.deepCopy());
        copy.rules().forEach(change);
        return copy;
    }

    /** As a file of rules. */
    public String file() {
        try {
            return YAML.writeValueAsString(spec);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    List<ObjectNode> rules() {
        List<ObjectNode> rules = new ArrayList<>();
        for (JsonNode group : spec.path("groups")) {
            group.path("rules").forEach(rule -> rules.add((ObjectNode) rule));
        }
        return rules;
    }

    List<ObjectNode> alerts() {
        return rules().stream().filter(rule -> rule.has("alert")).toList();
    }

    /** Names of what recording rules make. */
    Set<String> records() {
        Set<String> records = new TreeSet<>();
        rules().stream()
                .filter(rule -> rule.has("record"))
                .forEach(rule -> records.add(rule.path("record").asText()));
        return records;
    }

    List<String> expressions() {
        return rules().stream().map(rule -> rule.path("expr").asText()).toList();
    }
}

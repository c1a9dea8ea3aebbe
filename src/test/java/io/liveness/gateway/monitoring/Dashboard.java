package io.liveness.gateway.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** The dashboard for Grafana. */
final class Dashboard {

    private static final Path FILE = Path.of("k8s", "base", "dashboard", "liveness-gateway.json");

    private final JsonNode json;

    private Dashboard(JsonNode json) {
        this.json = json;
    }

    static Dashboard read() {
        try {
            return new Dashboard(new ObjectMapper().readTree(FILE.toFile()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    List<JsonNode> panels() {
        List<JsonNode> panels = new ArrayList<>();
        json.path("panels").forEach(panels::add);
        return panels;
    }

    JsonNode variable(String name) {
        return StreamSupport.stream(json.at("/templating/list").spliterator(), false)
                .filter(variable -> variable.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** As Prometheus is asked, with a value in place of each variable of Grafana. */
    List<String> expressions() {
        return panels().stream()
                .flatMap(panel -> panel.findValuesAsText("expr").stream())
                .map(expression -> expression
                        .replace("$__rate_interval", "5m")
                        .replace("$namespace", "shop")
                        .replace("$job", "liveness-gateway"))
                .toList();
    }
}

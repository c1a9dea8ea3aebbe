package io.liveness.gateway.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The dashboard, and the autoscaler's adapter, ask what Prometheus understands. */
class DashboardTest {

    private final Dashboard dashboard = Dashboard.read();

    @Test
    void prometheus_understands_every_expression() throws IOException {
        ObjectNode file = AlertRules.YAML.createObjectNode();
        ObjectNode group = file.putArray("groups").addObject().put("name", "dashboard");
        ArrayNode rules = group.putArray("rules");
        List<String> expressions = Stream.of(dashboard.expressions(), AdapterRules.expressions())
                .flatMap(List::stream)
                .toList();
        for (int i = 0; i < expressions.size(); i++) {
            rules.addObject().put("record", "dashboard:expression:" + i).put("expr", expressions.get(i));
        }
        Promtool.write("dashboard.yaml", AlertRules.YAML.writeValueAsString(file));

        Promtool.run("dashboard.yaml", "check", "rules", "dashboard.yaml").assertWell();
    }

    /** Gauges of one database are added up: those of two environments would give a figure of neither. */
    @Test
    void it_shows_one_environment_at_a_time() {
        assertThat(dashboard.variable("namespace").path("includeAll").asBoolean(true))
                .isFalse();
        assertThat(dashboard.variable("namespace").path("multi").asBoolean()).isFalse();
    }
}

package io.liveness.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract says each thing once, with its keys in one order: a change has one place, and a reader knows where to look. */
class ContractPartsTest {

    private static final Set<String> SHARED =
            Set.of("parameters", "requestBody", "requestBodies", "responses", "headers", "examples");
    /** What holds parts by names of ours. */
    private static final Set<String> BY_NAME = Set.of(
            "paths",
            "webhooks",
            "parameters",
            "requestBodies",
            "responses",
            "headers",
            "examples",
            "content",
            "schemas",
            "properties",
            "securitySchemes");
    /** What may hold anything. */
    private static final Set<String> DATA = Set.of("example", "value", "default", "security");

    private static final List<String> ORDER = List.of("""
            openapi info servers tags paths webhooks components
            get put post delete
            title url $ref name in summary description value contact license identifier version operationId
            parameters requestBodies requestBody responses headers content security
            type scheme bearerFormat format enum default minimum maximum minLength maxLength pattern minItems maxItems items maxProperties
            required schema example propertyNames additionalProperties properties examples
            schemas securitySchemes
            """.strip().split("\\s+"));

    private record Part(String at, String in, JsonNode node) {}

    private static final List<Part> PARTS = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException {
        add(
                "",
                "",
                new YAMLMapper()
                        .readTree(Path.of("openapi", "liveness-gateway.yaml").toFile()));
    }

    @Test
    void what_would_stand_twice_is_a_component() {
        Map<JsonNode, List<String>> places = new LinkedHashMap<>();
        PARTS.stream()
                .filter(part -> SHARED.contains(part.in()) && !part.node().has("$ref"))
                .forEach(part -> places.computeIfAbsent(part.node(), node -> new ArrayList<>())
                        .add(part.at()));

        assertThat(places).isNotEmpty();
        assertThat(places.values())
                .as("make one component of equal parts")
                .allSatisfy(at -> assertThat(at).hasSize(1));
    }

    @Test
    void keys_stand_in_one_order() {
        assertThat(PARTS).allSatisfy(part -> {
            List<String> keys = new ArrayList<>();
            part.node().fieldNames().forEachRemaining(keys::add);
            assertThat(keys)
                    .as("keys of %s", part.at())
                    .isSubsetOf(ORDER)
                    .isSortedAccordingTo(Comparator.comparingInt(ORDER::indexOf));
        });
    }

    private static void add(String at, String in, JsonNode node) {
        PARTS.add(new Part(at, in, node));
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            if (DATA.contains(key)) {
                continue;
            }
            if (value.isObject() && !BY_NAME.contains(key)) {
                add(at + "/" + key, key, value);
            } else {
                addEach(at + "/" + key, key, value);
            }
        }
    }

    private static void addEach(String at, String in, JsonNode parts) {
        parts.properties().forEach(named -> add(at + "/" + named.getKey(), in, named.getValue()));
        for (int i = 0; i < parts.size(); i++) {
            if (parts.path(i).isObject()) {
                add(at + "/" + i, in, parts.path(i));
            }
        }
    }
}

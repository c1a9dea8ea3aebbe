package io.liveness.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The description of an enum names each of its values. */
class EnumDescriptionsTest {

    private record Values(String place, List<String> values, String description) {}

    @TestFactory
    List<DynamicTest> every_value_is_described() throws IOException {
        List<Values> found = new ArrayList<>();
        collect(
                "",
                "",
                new YAMLMapper()
                        .readTree(Path.of("openapi", "liveness-gateway.yaml").toFile()),
                found);
        assertThat(found).extracting(Values::place).contains("/components/schemas/EventType");
        return found.stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.place(),
                        () -> assertThat(undescribed(each))
                                .as(each.description())
                                .isEmpty()))
                .toList();
    }

    @Test
    void a_part_of_a_longer_word_describes_nothing() {
        assertThat(undescribed(new Values("", List.of("OPEN", "4h-"), "REOPEN, OPENED, 14h-")))
                .containsExactly("OPEN", "4h-");
    }

    private static List<String> undescribed(Values each) {
        return each.values().stream()
                .filter(value -> !Pattern.compile("(?<![\\w-])" + Pattern.quote(value) + "(?!\\w)")
                        .matcher(each.description())
                        .find())
                .toList();
    }

    /** A schema without a description takes that of its parameter or header. */
    private static void collect(String place, String above, JsonNode node, List<Values> found) {
        JsonNode own = node.path("description");
        String description = own.isTextual() ? own.asText() : above;
        if (node.path("enum").isArray()) {
            List<String> values = new ArrayList<>();
            node.path("enum").forEach(value -> values.add(value.asText()));
            found.add(new Values(place, values, description));
        }
        for (Map.Entry<String, JsonNode> child : node.properties()) {
            String name = place + "/" + child.getKey();
            collect(name, child.getKey().equals("schema") ? description : "", child.getValue(), found);
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(place + "/" + i, "", node.get(i), found);
        }
    }
}

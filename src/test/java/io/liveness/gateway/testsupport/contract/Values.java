package io.liveness.gateway.testsupport.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Text of headers and parameters as the values that schemas speak of. */
public final class Values {

    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:");
    private static final Pattern OUR_TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");

    private Values() {}

    /** A number or a boolean where the schema has one and it looks like one. @param schema without references */
    static JsonNode of(JsonNode schema, String text) {
        String type = schema.path("type").asText();
        if (type.equals("boolean") && List.of("true", "false").contains(text)) {
            return JsonNodeFactory.instance.booleanNode(text.equals("true"));
        }
        return List.of("integer", "number").contains(type) && text.matches("-?(0|[1-9]\\d*)(\\.\\d+)?")
                ? JsonNodeFactory.instance.numberNode(new BigDecimal(text))
                : JsonNodeFactory.instance.textNode(text);
    }

    /** Fields that are a time in another form than that of the API. Cells of bills, which are as they came, are no fields. */
    static List<String> timesInAnotherForm(JsonNode body) {
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            String text = field.getValue().asText();
            if (TIME.matcher(text).lookingAt() && !OUR_TIME.matcher(text).matches()) {
                found.add(field.getKey() + " is " + text);
            }
        }
        body.forEach(part -> found.addAll(timesInAnotherForm(part)));
        return found;
    }

    /** The media type without its parameters; empty when there is none. */
    public static String mediaType(Map<String, List<String>> headers) {
        List<String> types = headers.getOrDefault("Content-Type", List.of());
        return types.isEmpty() ? "" : types.get(0).split(";")[0].strip().toLowerCase(Locale.ROOT);
    }

    /** What is documented for a media type: by itself, or by a range such as {@code image/*}. */
    static Optional<JsonNode> documented(JsonNode content, String type) {
        return content.properties().stream()
                .filter(entry ->
                        type.matches("(?i)" + entry.getKey().replace("+", "\\+").replace("*", ".*")))
                .findFirst()
                .map(Map.Entry::getValue);
    }

    public static boolean isJson(String type) {
        return type.equals("application/json") || type.endsWith("+json");
    }
}

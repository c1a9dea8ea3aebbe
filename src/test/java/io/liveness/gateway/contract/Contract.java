package io.liveness.gateway.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An OpenAPI 3.1 file. */
public final class Contract {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String REF = "$ref";
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    private final JsonNode root;

    private Contract(JsonNode root) {
        this.root = root;
    }

    public static Contract parse(String yaml) {
        try {
            return new Contract(YAML.readTree(yaml));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not YAML", e);
        }
    }

    /** The one that is checked in. */
    public static Contract current() {
        return read(Path.of("openapi", "liveness-gateway.yaml"));
    }

    static Contract read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Version version() {
        return Version.parse(root.at("/info/version").asText());
    }

    /** By method and path, as in {@code GET /v1/things}; what is said for the whole path is said for each. */
    public Map<String, JsonNode> operations() {
        Map<String, JsonNode> operations = new LinkedHashMap<>();
        root.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(entry -> METHODS.contains(entry.getKey()))
                        .forEach(entry -> operations.put(
                                entry.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                withShared(path.getValue(), (ObjectNode) entry.getValue()))));
        return operations;
    }

    private JsonNode withShared(JsonNode path, ObjectNode operation) {
        ObjectNode whole = operation.deepCopy();
        path.path("parameters").forEach(shared -> whole.withArray("parameters").add(shared));
        if (!whole.has("security") && root.has("security")) {
            whole.set("security", root.get("security"));
        }
        return whole;
    }

    /** What it is called, when it refers to something with a name. */
    static Optional<String> name(JsonNode node) {
        String reference = node.path(REF).asText();
        return Optional.of(reference.substring(reference.lastIndexOf('/') + 1)).filter(name -> !name.isEmpty());
    }

    /** The node itself, or what it refers to, with what stands beside the reference on top (allowed since 3.1). */
    JsonNode resolve(JsonNode node) {
        if (!node.has(REF)) {
            return node;
        }
        JsonNode target = root.at(node.get(REF).asText().substring(1));
        if (!target.isObject()) {
            throw new IllegalArgumentException(node.get(REF).asText() + " leads nowhere");
        }
        ObjectNode whole = resolve(target).deepCopy();
        node.properties().stream()
                .filter(entry -> !entry.getKey().equals(REF))
                .forEach(entry -> whole.set(entry.getKey(), entry.getValue()));
        return whole;
    }
}

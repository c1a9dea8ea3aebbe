package io.liveness.gateway.testsupport.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An OpenAPI 3.1 document. */
public final class Contract {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String REF = "$ref";
    private static final Path FILE = Path.of("openapi", "liveness-gateway.yaml");
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "patch", "head", "options", "trace");

    private static final class Checked {
        static final Contract IN = read(FILE);
    }

    private final JsonNode document;
    private final Schemas schemas;
    private final List<Operation> operations = new ArrayList<>();

    private Contract(JsonNode document) {
        this.document = document;
        this.schemas = new Schemas(document);
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                if (METHODS.contains(method.getKey())) {
                    operations.add(new Operation(
                            this,
                            method.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            withShared(path.getValue(), (ObjectNode) method.getValue())));
                }
            }
        }
    }

    /** The operation with the parameters of its path and the security of the whole document. */
    private JsonNode withShared(JsonNode path, ObjectNode operation) {
        ObjectNode whole = operation.deepCopy();
        path.path("parameters").forEach(shared -> whole.withArray("parameters").add(shared));
        if (!whole.has("security") && document.has("security")) {
            whole.set("security", document.get("security"));
        }
        return whole;
    }

    /** The contract that is checked in. */
    public static Contract checkedIn() {
        return Checked.IN;
    }

    public static Contract read(Path file) {
        try {
            return of(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Contract of(String yaml) {
        try {
            return new Contract(YAML.readTree(yaml));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not YAML", e);
        }
    }

    /** The version of the API, {@code info.version}. */
    public String version() {
        return document.at("/info/version").asText();
    }

    /** The operations in the order of the document. */
    public List<Operation> operations() {
        return List.copyOf(operations);
    }

    /** @param path as it was sent, without the query */
    public Optional<Operation> operation(String method, String path) {
        return operations.stream()
                .filter(operation -> operation.method().equals(method) && operation.matches(path))
                // A literal segment wins over a parameter: /lookup before /{id}.
                .min(Comparator.comparingInt(Operation::parametersInPath));
    }

    /** What is wrong with the body of a webhook. */
    public List<String> brokenByWebhook(String body) {
        JsonNode event = parsed(body);
        String type = event.path("type").asText();
        JsonNode content = document.path("webhooks").path(type).at("/post/requestBody/content");
        if (content.isMissingNode()) {
            return List.of(type + " is no webhook of the contract");
        }
        List<String> broken = new ArrayList<>(Values.timesInAnotherForm(event));
        broken.addAll(schemas.brokenInAnswer(content.path("application/json").path("schema"), event));
        return broken;
    }

    private static JsonNode parsed(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON", e);
        }
    }

    /** What is wrong with a text that stands for a value in an address or a header. */
    List<String> brokenByText(JsonNode schema, String text) {
        return schemas.broken(schema, Values.of(resolve(schema), text));
    }

    Schemas schemas() {
        return schemas;
    }

    /** The name that a reference ends with; empty when the node is no reference. */
    public static Optional<String> name(JsonNode node) {
        String reference = node.path(REF).asText();
        return Optional.of(reference.substring(reference.lastIndexOf('/') + 1)).filter(name -> !name.isEmpty());
    }

    /** The target of a reference, with what stands beside the reference on top (allowed since 3.1); another node as it is. */
    public JsonNode resolve(JsonNode node) {
        if (!node.has(REF)) {
            return node;
        }
        String reference = node.get(REF).asText();
        JsonNode target = resolve(document.at(reference.substring(1)));
        if (!target.isObject()) {
            throw new IllegalArgumentException(reference + " leads nowhere");
        }
        if (node.size() == 1) {
            return target;
        }
        ObjectNode whole = target.deepCopy();
        whole.setAll((ObjectNode) node);
        whole.remove(REF);
        return whole;
    }
}

package io.liveness.gateway.testsupport.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
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

/** What an OpenAPI document says, read once. */
public final class Contract {

    private static final Path FILE = Path.of("openapi", "liveness-gateway.yaml");
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "patch", "head", "options", "trace");

    private static final class Checked {
        static final Contract IN = of(read());

        private static String read() {
            try {
                return Files.readString(FILE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
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
                            path.getValue(),
                            method.getValue()));
                }
            }
        }
        // A literal segment wins over a parameter: /lookup before /{id}.
        operations.sort(Comparator.comparingInt(Operation::parametersInPath));
    }

    /** The contract that is checked in. */
    public static Contract checkedIn() {
        return Checked.IN;
    }

    public static Contract of(String yaml) {
        try {
            return new Contract(new ObjectMapper(new YAMLFactory()).readTree(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<Operation> operations() {
        return List.copyOf(operations);
    }

    /** @param path as it was sent, without the query */
    public Optional<Operation> operation(String method, String path) {
        return operations.stream()
                .filter(operation -> operation.method().equals(method) && operation.matches(path))
                .findFirst();
    }

    /** What is wrong with a value by a schema of this contract. */
    public List<String> broken(JsonNode schema, JsonNode value) {
        return schemas.broken(schema, value);
    }

    Schemas schemas() {
        return schemas;
    }

    /** What a reference leads to, the node itself when it is none. */
    public JsonNode resolve(JsonNode node) {
        String reference = node.path("$ref").asText("");
        return reference.startsWith("#") ? resolve(document.at(reference.substring(1))) : node;
    }
}

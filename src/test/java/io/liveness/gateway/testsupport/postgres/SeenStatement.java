package io.liveness.gateway.testsupport.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A statement that a gateway under test has sent, with the values it sent at one time. A file passes them on from the tests to
 * the one that asks for their plans; the build deletes it before they begin.
 *
 * @param values in PostgreSQL's text form, null for null
 */
public record SeenStatement(String sql, List<String> values) {

    private static final Path FILE = Path.of("target", "statements-seen.txt");
    private static final ObjectMapper JSON = new ObjectMapper();
    // Of this class loader: each start of Quarkus has a separate one, and writes some lines again.
    private static final Set<String> WRITTEN = ConcurrentHashMap.newKeySet();

    /** Keeps the statement once for each set of parameters that are null. */
    static void add(String sql, Tuple parameters) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            values.add(text(parameters.getValue(i)));
        }
        String nulls = values.stream().map(value -> value == null ? "0" : "1").collect(Collectors.joining());
        if (WRITTEN.add(nulls + sql)) {
            write(new SeenStatement(sql, values));
        }
    }

    /** Each one once; none when no test has run. */
    public static List<SeenStatement> all() {
        try {
            return Files.exists(FILE)
                    ? Files.readAllLines(FILE).stream()
                            .map(SeenStatement::read)
                            .distinct()
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SeenStatement read(String line) {
        try {
            return JSON.readValue(line, SeenStatement.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(SeenStatement statement) {
        try {
            Files.writeString(
                    FILE,
                    JSON.writeValueAsString(statement) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Buffer bytes) {
            return "\\x" + HexFormat.of().formatHex(bytes.getBytes());
        }
        return value.getClass().isArray() ? array(value) : value.toString();
    }

    private static String array(Object values) {
        return IntStream.range(0, Array.getLength(values))
                .mapToObj(i -> element(text(Array.get(values, i))))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String element(String text) {
        return text == null ? "NULL" : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Override
    public String toString() {
        return sql.strip() + "\n" + values.stream().map(Objects::toString).collect(Collectors.joining(", "));
    }
}

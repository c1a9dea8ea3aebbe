package io.liveness.gateway.testsupport.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveness.gateway.testsupport.SeenLines;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A statement that a gateway under test has sent, with the values it sent at one time.
 *
 * @param values in PostgreSQL's text form, null for null
 */
public record SeenStatement(String sql, List<String> values) {

    private static final SeenLines SEEN = new SeenLines("statements.txt");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Keeps the statement once for each set of parameters that are null. */
    static void add(String sql, Tuple parameters) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            values.add(text(parameters.getValue(i)));
        }
        String nulls = values.stream().map(value -> value == null ? "0" : "1").collect(Collectors.joining());
        try {
            SEEN.add(nulls + sql, JSON.writeValueAsString(new SeenStatement(sql, values)));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every statement once; empty when no test has run. */
    public static List<SeenStatement> all() {
        return SEEN.all().stream().map(SeenStatement::read).toList();
    }

    private static SeenStatement read(String line) {
        try {
            return JSON.readValue(line, SeenStatement.class);
        } catch (JsonProcessingException e) {
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

package io.liveness.gateway.platform.postgres;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Rows, or one row, that a JSON parameter brings to a statement. Each column has its name, its type and its value in one place. */
public final class Records<T> {

    private record Column<T>(String name, String type, Function<T, ?> value) {}

    private static final HexFormat HEX = HexFormat.of();

    private final List<Column<T>> columns = new ArrayList<>();

    /** @param value what the column has of a row; null or an empty Optional is SQL's null */
    public Records<T> with(String name, String type, Function<T, ?> value) {
        columns.add(new Column<>(name, type, value));
        return this;
    }

    /** What a FROM clause reads: the rows of a parameter such as {@code $1}, under a name. */
    public String from(String parameter, String name) {
        return "jsonb_to_recordset(" + parameter + "::jsonb) as " + definition(name);
    }

    /** What a FROM clause reads of a parameter that has one row: PostgreSQL knows that it is one. */
    public String fromOne(String parameter, String name) {
        return "jsonb_to_record(" + parameter + "::jsonb) as " + definition(name);
    }

    /** The names of the columns, as an INSERT or a SELECT lists them. */
    public String columns() {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    private String definition(String name) {
        return columns.stream()
                .map(column -> column.name() + " " + column.type())
                .collect(Collectors.joining(", ", name + " (", ")"));
    }

    public JsonArray of(List<T> rows) {
        JsonArray all = new JsonArray(new ArrayList<>(rows.size()));
        rows.forEach(row -> all.add(of(row)));
        return all;
    }

    public JsonObject of(T row) {
        JsonObject record = new JsonObject();
        for (Column<T> column : columns) {
            Object value = json(column.value().apply(row));
            if (value != null) {
                record.put(column.name(), value);
            }
        }
        return record;
    }

    private static Object json(Object value) {
        if (value instanceof Optional<?> there) {
            return json(there.orElse(null));
        }
        if (value instanceof byte[] bytes) {
            return "\\x" + HEX.formatHex(bytes);
        }
        if (value instanceof Instant time) {
            // PostgreSQL would round what is finer, to a moment that has not come yet.
            return time.truncatedTo(ChronoUnit.MICROS).toString();
        }
        if (value instanceof List<?> several) {
            return new JsonArray(several.stream().map(Records::json).toList());
        }
        return value instanceof UUID || value instanceof Enum<?> || value instanceof Duration
                ? value.toString()
                : value;
    }
}

package io.liveness.gateway.retention.keys;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table with sealed values, and its statements.
 *
 * @param name of the table
 * @param key its primary key, a UUID
 * @param columns those that a rotation writes
 * @param rewriter returns a stored row with its values under the first key
 */
record RotatedTable(String name, String key, List<String> columns, Function<StoredRow, StoredRow.Rewritten> rewriter) {

    /** Rows of a batch. A constant of the statement, because for a parameter PostgreSQL would assume a tenth of the table. */
    static final int AT_A_TIME = 500;

    /** The first row, and the last one. */
    String bounds() {
        return "select (select %1$s from %2$s order by %1$s limit 1) as first, (select %1$s from %2$s order by %1$s desc limit 1) as last"
                .formatted(key, name);
    }

    /** Rows after $1 and up to $2. */
    String read() {
        return "select %1$s, %2$s from %3$s where %1$s > $1 and %1$s <= $2 order by %1$s limit %4$d"
                .formatted(key, String.join(", ", columns), name, AT_A_TIME);
    }

    StoredRow stored(Row row) {
        return new StoredRow(
                row.getUUID(0),
                IntStream.rangeClosed(1, columns.size())
                        .mapToObj(row::getBuffer)
                        .map(bytes -> bytes == null ? null : bytes.getBytes())
                        .toArray(byte[][]::new));
    }

    /** Writes the rows that are as they were read, in the order of their keys, as others lock them. See {@link #changes}. */
    String write() {
        int count = columns.size();
        return """
                with rewritten as materialized (
                    select * from unnest($1::uuid[]%1$s) as r (id, %2$s, %3$s)
                    order by id
                ), found as materialized (
                    select r.* from rewritten r cross join lateral (
                        select from %4$s t where t.%5$s = r.id and %6$s
                        limit 1
                        for no key update
                    ) as_read
                )
                update %4$s t set (%7$s) = (select %3$s from found f where f.id = t.%5$s)
                where t.%5$s = any (array(select id from found))
                """.formatted(
                        IntStream.range(0, 2 * count)
                                .mapToObj(n -> ", $" + (n + 2) + "::bytea[]")
                                .collect(Collectors.joining()),
                        each("was_%1$d", ", "),
                        each("becomes_%1$d", ", "),
                        name,
                        key,
                        each("t.%2$s is not distinct from r.was_%1$d", " and "),
                        String.join(", ", columns));
    }

    private String each(String text, String separator) {
        return IntStream.range(0, columns.size())
                .mapToObj(n -> text.formatted(n, columns.get(n)))
                .collect(Collectors.joining(separator));
    }

    Tuple changes(List<StoredRow.Rewritten> rows) {
        List<Object> arguments = new ArrayList<>();
        arguments.add(rows.stream().map(StoredRow.Rewritten::id).toArray(UUID[]::new));
        IntStream.range(0, columns.size())
                .mapToObj(n -> column(rows, row -> row.was()[n]))
                .forEach(arguments::add);
        IntStream.range(0, columns.size())
                .mapToObj(n -> column(rows, row -> row.becomes()[n]))
                .forEach(arguments::add);
        return Tuple.tuple(arguments);
    }

    private static Buffer[] column(List<StoredRow.Rewritten> rows, Function<StoredRow.Rewritten, byte[]> value) {
        return rows.stream()
                .map(value)
                .map(bytes -> bytes == null ? null : Buffer.buffer(bytes))
                .toArray(Buffer[]::new);
    }
}

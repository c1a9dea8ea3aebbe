package io.liveness.gateway.process.leak;

import io.liveness.gateway.testsupport.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Every column of every table. */
final class Tables {

    private static final String COLUMNS = """
            select quote_ident(c.relname), quote_ident(a.attname)
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relkind in ('r', 'p') and c.relnamespace = current_schema()::regnamespace
            """;

    private final TestDatabase database;

    Tables(TestDatabase database) {
        this.database = database;
    }

    /** What is in the columns in the clear. */
    Map<Datum, Set<String>> search(Marks marks) {
        Map<Datum, Set<String>> found = new TreeMap<>();
        for (List<String> column : database.rows(COLUMNS)) {
            String table = column.get(0);
            String name = column.get(1);
            for (List<String> value : database.rows(
                    "select distinct %1$s::text from %2$s where %1$s is not null".formatted(name, table))) {
                marks.in(value.get(0).getBytes(StandardCharsets.UTF_8))
                        .forEach(datum -> found.computeIfAbsent(datum, none -> new TreeSet<>())
                                .add(table + "." + name));
            }
        }
        return found;
    }

    long count(String sql) {
        return database.count(sql);
    }

    /** What is not null in a column of bytes. */
    List<byte[]> bytes(String column, String table) {
        return database
                .rows("select encode(%1$s, 'hex') from %2$s where %1$s is not null".formatted(column, table))
                .stream()
                .map(row -> HexFormat.of().parseHex(row.get(0)))
                .toList();
    }

    void execute(String... statements) {
        for (String sql : statements) {
            database.execute(sql);
        }
    }
}

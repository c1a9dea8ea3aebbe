package io.liveness.gateway.process.leak;

import io.liveness.gateway.testsupport.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
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
        for (List<String> column : rows(COLUMNS)) {
            String table = column.get(0);
            String name = column.get(1);
            for (List<String> value :
                    rows("select distinct %1$s::text from %2$s where %1$s is not null".formatted(name, table))) {
                marks.in(value.get(0))
                        .forEach(datum -> found.computeIfAbsent(datum, none -> new TreeSet<>())
                                .add(table + "." + name));
            }
        }
        return found;
    }

    long count(String sql) {
        return Long.parseLong(rows(sql).get(0).get(0));
    }

    /** What is not null in a column of bytes. */
    List<byte[]> bytes(String column, String table) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select %1$s from %2$s where %1$s is not null".formatted(column, table))) {
            List<byte[]> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getBytes(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(String... statements) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As text, one character a byte. */
    private List<List<String>> rows(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<List<String>> all = new ArrayList<>();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    row.add(new String(
                            rows.getString(column).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
                }
                all.add(row);
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

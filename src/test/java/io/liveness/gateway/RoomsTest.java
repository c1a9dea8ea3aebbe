package io.liveness.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which room writes and reads which tables, by every SQL text of Java and of the migrations, is as docs/architecture.md shows it. */
class RoomsTest {

    private static final Path JAVA = Path.of("src/main/java/io/liveness/gateway");
    private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");
    private static final Path SHOWN = Path.of("docs/architecture.md");

    private static final Pattern TABLE = Pattern.compile("(?m)^create (?:unlogged )?table (\\w+)");
    private static final Pattern OWNER = Pattern.compile("(?m)^comment on table (\\w+) is '(\\w+)'");
    private static final Pattern ROOM_OF_MIGRATION = Pattern.compile("V\\d+__(\\w+)\\.sql");
    private static final Pattern JAVA_COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|(?m)^\\s*//[^\\n]*$");
    private static final Pattern SQL_COMMENT = Pattern.compile("(?m)--.*$");
    private static final Pattern TEXT = Pattern.compile("(?s)\"\"\"(.*?)\"\"\"|\"((?:[^\"\\\\\\n]|\\\\.)*)\"");
    private static final Pattern WRITTEN =
            Pattern.compile("\\b(?:insert into|update|delete from|copy|truncate)\\s+(?:only\\s+)?(\\w+)");
    private static final Pattern READ = Pattern.compile("\\b(?:from|join|using|table)\\s+(?:only\\s+)?(\\w+)");
    private static final Pattern SHOWN_ROW =
            Pattern.compile("(?m)^\\| `(\\w+)` \\| ([^|]*) \\| ([^|]*) \\| ([^|]*) \\|$");
    private static final Pattern NAME = Pattern.compile("\\w+");

    private record Access(Set<String> writes, Set<String> reads) {

        Access() {
            this(new TreeSet<>(), new TreeSet<>());
        }
    }

    private final Map<String, String> owners = owners();

    @Test
    void each_table_names_its_room_and_stands_in_its_migration() {
        migrations()
                .forEach((room, sql) -> assertThat(found(TABLE, sql))
                        .as("tables of %s", room)
                        .allSatisfy(table -> assertThat(owners).containsEntry(table, room)));
    }

    @Test
    void rooms_write_and_read_what_the_architecture_shows() {
        Map<String, Access> accesses = new TreeMap<>();
        migrations().forEach((room, sql) -> collect(accesses, room, sql));
        sources().forEach((room, sql) -> collect(accesses, room, sql));

        assertThat(rows(accesses)).isEqualTo(shown());
    }

    private String rows(Map<String, Access> accesses) {
        return accesses.entrySet().stream()
                .map(one -> {
                    Set<String> own = owners.entrySet().stream()
                            .filter(table -> table.getValue().equals(one.getKey()))
                            .map(Map.Entry::getKey)
                            .collect(Collectors.toCollection(TreeSet::new));
                    Access access = one.getValue();
                    return row(one.getKey(), own, access.writes(), access.reads());
                })
                .collect(Collectors.joining("\n"));
    }

    private static String row(String room, Set<String> own, Set<String> writes, Set<String> reads) {
        return "| `%s` | %s | %s | %s |".formatted(room, names(own), names(writes), names(reads));
    }

    private static String names(Set<String> tables) {
        return tables.isEmpty()
                ? "–"
                : tables.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    private static String shown() {
        return SHOWN_ROW
                .matcher(read(SHOWN))
                .results()
                .map(row -> row(row.group(1), set(row.group(2)), set(row.group(3)), set(row.group(4))))
                .collect(Collectors.joining("\n"));
    }

    private static Set<String> set(String names) {
        return NAME.matcher(names).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Tables of others alone: what a room does with its own needs no table. */
    private void collect(Map<String, Access> accesses, String room, String sql) {
        Access access = accesses.computeIfAbsent(room, name -> new Access());
        add(access.writes(), room, found(WRITTEN, sql));
        add(access.reads(), room, found(READ, sql));
    }

    private void add(Set<String> to, String room, Set<String> tables) {
        tables.stream()
                .filter(owners::containsKey)
                .filter(table -> !owners.get(table).equals(room))
                .forEach(to::add);
    }

    private static Set<String> found(Pattern what, String sql) {
        return what.matcher(sql).results().map(one -> one.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, String> owners() {
        Map<String, String> owners = new TreeMap<>();
        migrations()
                .values()
                .forEach(sql -> OWNER.matcher(sql).results().forEach(one -> owners.put(one.group(1), one.group(2))));
        return owners;
    }

    private static Map<String, String> migrations() {
        Map<String, String> migrations = new TreeMap<>();
        files(MIGRATIONS).forEach(file -> {
            var room = ROOM_OF_MIGRATION.matcher(file.getFileName().toString());
            if (room.matches()) {
                migrations.put(room.group(1), SQL_COMMENT.matcher(read(file)).replaceAll(""));
            }
        });
        return migrations;
    }

    private static Map<String, String> sources() {
        Map<String, String> sources = new TreeMap<>();
        files(JAVA)
                .filter(file -> file.toString().endsWith(".java"))
                .forEach(file -> sources.merge(
                        JAVA.relativize(file).getName(0).toString(),
                        texts(read(file)),
                        (all, more) -> all + "\n" + more));
        return sources;
    }

    private static String texts(String java) {
        return TEXT.matcher(JAVA_COMMENT.matcher(java).replaceAll(""))
                .results()
                .map(text -> text.group(1) == null ? text.group(2) : text.group(1))
                .flatMap(text -> Arrays.stream(text.split("\n")))
                .map(line -> SQL_COMMENT.matcher(line).replaceAll(""))
                .collect(Collectors.joining("\n"));
    }

    private static Stream<Path> files(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

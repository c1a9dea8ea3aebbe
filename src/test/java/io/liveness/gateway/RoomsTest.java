package io.liveness.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A room alone writes and reads its tables, and others read the views that it publishes, by every SQL text of Java and of the migrations.
 * What stands out of it is in docs/architecture.md, each with its reason.
 */
class RoomsTest {

    private static final Path JAVA = Path.of("src/main/java/io/liveness/gateway");
    private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");
    private static final Path SHOWN = Path.of("docs/architecture.md");

    private static final Pattern TABLE = Pattern.compile("(?m)^create (?:unlogged )?table (\\w+)");
    private static final Pattern VIEW = Pattern.compile("(?m)^create (?:or replace )?view (\\w+)");
    private static final Pattern OWNER = Pattern.compile("(?m)^comment on (?:table|view) (\\w+) is '(\\w+)'");
    private static final Pattern ROOM_OF_MIGRATION = Pattern.compile("V\\d+__(\\w+)\\.sql");
    private static final Pattern JAVA_COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|(?m)^\\s*//[^\\n]*$");
    private static final Pattern SQL_COMMENT = Pattern.compile("(?m)--.*$");
    private static final Pattern TEXT = Pattern.compile("(?s)\"\"\"(.*?)\"\"\"|\"((?:[^\"\\\\\\n]|\\\\.)*)\"");
    private static final Pattern WRITTEN =
            Pattern.compile("\\b(?:insert into|update|delete from|copy|truncate)\\s+(?:only\\s+)?(\\w+)");
    /** The pattern also finds each table of a list after {@code from}, with or without an alias. */
    private static final Pattern READ = Pattern.compile("\\b(?:from|join|using|table)\\s+(?:only\\s+)?(\\w+)"
            + "|\\G(?:\\s+(?:as\\s+)?\\w+)?\\s*,\\s*(\\w+)|'(\\w+)'::regclass");

    /** Panache reads and writes the table of an entity without any SQL here. */
    private static final Pattern ENTITY = Pattern.compile("@Table\\(name = \"(\\w+)\"");

    private static final Pattern SHOWN_ROOM =
            Pattern.compile("(?m)^\\| `([a-z]+)` \\| ([^|]*) \\| ([^|]*) \\| ([^|]*) \\|$");
    private static final Pattern SHOWN_EXCEPTION =
            Pattern.compile("(?m)^\\| `(\\w+\\.[\\w.]+)` \\| ([^|]*) \\| ([^|]*) \\| [^|]+ \\|$");
    private static final Pattern NAME = Pattern.compile("\\w+");

    /** What a text has of other rooms. */
    private record Access(Set<String> writes, Set<String> reads, Set<String> views) {

        Access() {
            this(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        }
    }

    private final Map<String, String> tables = owners(TABLE);
    private final Map<String, String> views = owners(VIEW);

    @Test
    void each_table_and_view_names_its_room_and_stands_in_its_migration() {
        migrations().forEach((file, sql) -> {
            assertThat(found(TABLE, sql))
                    .as("tables of %s", file)
                    .allSatisfy(table -> assertThat(tables).containsEntry(table, room(file)));
            assertThat(found(VIEW, sql))
                    .as("views of %s", file)
                    .allSatisfy(view -> assertThat(views).containsEntry(view, room(file)));
        });
    }

    @Test
    void rooms_own_publish_and_read_what_the_architecture_shows() {
        Map<String, Set<String>> read = new TreeMap<>();
        texts().forEach(text -> read.computeIfAbsent(room(text.file()), room -> new TreeSet<>())
                .addAll(access(text).views()));

        assertThat(read.entrySet().stream()
                        .map(room -> row(
                                room.getKey(), of(tables, room.getKey()), of(views, room.getKey()), room.getValue()))
                        .collect(Collectors.joining("\n")))
                .isEqualTo(shown(SHOWN_ROOM, room -> row(room[1], set(room[2]), set(room[3]), set(room[4]))));
    }

    @Test
    void a_table_of_another_room_is_named_only_where_the_architecture_says_why() {
        Map<String, Access> foreign = new TreeMap<>();
        texts().forEach(text -> {
            Access access = access(text);
            if (!access.writes().isEmpty() || !access.reads().isEmpty()) {
                foreign.put(name(text.file()), access);
            }
        });

        assertThat(foreign.entrySet().stream()
                        .map(one -> row(
                                one.getKey(),
                                one.getValue().writes(),
                                one.getValue().reads()))
                        .collect(Collectors.joining("\n")))
                .isEqualTo(shown(SHOWN_EXCEPTION, one -> row(one[1], set(one[2]), set(one[3]))));
    }

    @SafeVarargs
    private static String row(String name, Set<String>... columns) {
        return "| `%s` | %s |"
                .formatted(name, Arrays.stream(columns).map(RoomsTest::names).collect(Collectors.joining(" | ")));
    }

    private static String names(Set<String> tables) {
        return tables.isEmpty()
                ? "–"
                : tables.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    /** The rows of a table of the document, each made of its groups anew. */
    private static String shown(Pattern rows, Function<String[], String> row) {
        return rows.matcher(read(SHOWN))
                .results()
                .map(found -> IntStream.rangeClosed(0, found.groupCount())
                        .mapToObj(found::group)
                        .toArray(String[]::new))
                .map(row)
                .collect(Collectors.joining("\n"));
    }

    private static Set<String> set(String names) {
        return NAME.matcher(names).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> of(Map<String, String> owners, String room) {
        return owners.entrySet().stream()
                .filter(one -> one.getValue().equals(room))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What a room does with its own needs no row. A view of another is read, and never written. */
    private Access access(Text text) {
        Access access = new Access();
        found(WRITTEN, text.sql()).stream()
                .filter(name -> isForeign(tables, name, text) || isForeign(views, name, text))
                .forEach(access.writes()::add);
        Set<String> read = found(READ, text.sql());
        read.stream().filter(name -> isForeign(tables, name, text)).forEach(access.reads()::add);
        read.stream().filter(name -> isForeign(views, name, text)).forEach(access.views()::add);
        return access;
    }

    private static boolean isForeign(Map<String, String> owners, String name, Text text) {
        return owners.containsKey(name) && !owners.get(name).equals(room(text.file()));
    }

    private static Set<String> found(Pattern what, String sql) {
        return what.matcher(sql)
                .results()
                .flatMap(one -> IntStream.rangeClosed(1, one.groupCount()).mapToObj(one::group))
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, String> owners(Pattern made) {
        Map<String, String> owners = new TreeMap<>();
        migrations().values().forEach(sql -> {
            Set<String> names = found(made, sql);
            OWNER.matcher(sql)
                    .results()
                    .filter(one -> names.contains(one.group(1)))
                    .forEach(one -> owners.put(one.group(1), one.group(2)));
        });
        return owners;
    }

    /** The SQL of a class or a migration. */
    private record Text(Path file, String sql) {}

    private static Stream<Text> texts() {
        return Stream.concat(
                migrations().entrySet().stream().map(file -> new Text(file.getKey(), file.getValue())),
                files(JAVA)
                        .filter(file -> file.toString().endsWith(".java"))
                        .map(file -> new Text(file, texts(read(file)))));
    }

    private static String room(Path file) {
        return file.startsWith(JAVA)
                ? JAVA.relativize(file).getName(0).toString()
                : ROOM_OF_MIGRATION.matcher(name(file)).replaceFirst("$1");
    }

    /** A class with its room, or a migration. */
    private static String name(Path file) {
        return file.startsWith(JAVA)
                ? JAVA.relativize(file).toString().replace(".java", "").replace(File.separatorChar, '.')
                : file.getFileName().toString();
    }

    private static Map<Path, String> migrations() {
        Map<Path, String> migrations = new TreeMap<>();
        files(MIGRATIONS)
                .filter(file -> ROOM_OF_MIGRATION.matcher(name(file)).matches())
                .forEach(file ->
                        migrations.put(file, SQL_COMMENT.matcher(read(file)).replaceAll("")));
        return migrations;
    }

    private static String texts(String java) {
        Stream<String> sql = TEXT.matcher(JAVA_COMMENT.matcher(java).replaceAll(""))
                .results()
                .map(text -> text.group(1) == null ? text.group(2) : text.group(1))
                .flatMap(text -> Arrays.stream(text.split("\n")))
                .map(line -> SQL_COMMENT.matcher(line).replaceAll(""));
        Stream<String> entities = ENTITY.matcher(java).results().map(entity -> "update " + entity.group(1));
        return Stream.concat(sql, entities).collect(Collectors.joining("\n"));
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

package io.liveness.gateway.platform.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What CONTRIBUTING.md says of migrations since the last release: a replica of that release works while they run. */
class MigrationRulesTest {

    /** The newest migration of the last release: raised with each release. Until the first one it is the schema that is edited in place. */
    private static final int RELEASED = 6;

    private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");
    private static final Pattern VERSION = Pattern.compile("V(\\d+)(?:\\.\\d+)?__.*\\.sql");
    // Tables whose history grows without end: what reads them all under a lock takes long.
    private static final String LARGE = "(?:public\\.)?\"?(?:liveness_session|session_event|ledger_entry)\"?(?![a-z_])";
    private static final String ALTER_LARGE = "alter\\s+table\\s+(?:if\\s+exists\\s+)?(?:only\\s+)?" + LARGE + "[^;]*";
    private static final List<Pattern> LOCKING = Stream.of(
                    "create\\s+(?:unique\\s+)?index\\s+(?!concurrently)[^;]*\\bon\\s+(?:only\\s+)?" + LARGE,
                    "drop\\s+index\\s+(?!concurrently)",
                    ALTER_LARGE + "set\\s+not\\s+null",
                    ALTER_LARGE + "(?:check\\s*\\(|foreign\\s+key)(?![^;]*not\\s+valid)",
                    ALTER_LARGE + "add\\s+(?:constraint\\s+\\S+\\s+)?(?:unique|primary\\s+key)\\s*\\(")
            .map(rule -> Pattern.compile(rule, Pattern.CASE_INSENSITIVE))
            .toList();

    // The file of a table changes exactly when it is written anew.
    private static final String FILES = """
            select relname, pg_relation_filenode(oid) as file from pg_class
            where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'flyway_schema_history'
            """;

    @Test
    void no_migration_since_the_last_release_rewrites_a_table() throws SQLException {
        TestDatabase database = TestDatabase.create();
        database.flyway().target(RELEASED + "?").load().migrate();
        Map<String, Long> before = files(database);

        database.flyway().load().migrate();

        assertThat(before).isNotEmpty();
        assertThat(files(database)).containsAllEntriesOf(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table webhook_delivery alter column attempt type bigint",
                "alter table liveness_session add column drawn uuid not null default gen_random_uuid()"
            })
    void a_rewritten_table_is_seen(String migration) throws SQLException {
        TestDatabase database = TestDatabase.create();
        database.flyway().load().migrate();
        Map<String, Long> before = files(database);

        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(migration);
        }

        assertThat(files(database)).isNotEqualTo(before);
    }

    @Test
    void no_migration_since_the_last_release_locks_a_large_table_for_as_long_as_it_reads_it() throws IOException {
        try (Stream<Path> files = Files.list(MIGRATIONS)) {
            assertThat(files.filter(MigrationRulesTest::isNew).filter(file -> locks(read(file))))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create index a on liveness_session (caller)",
                "select 1;\ncreate unique index b on public.ledger_entry (id)",
                "drop index a",
                "alter table \"session_event\" alter column detail set not null",
                "alter table only liveness_session add constraint a check (id is not null)",
                "alter table ledger_entry add foreign key (session_id) references liveness_session",
                "alter table ledger_entry add constraint a unique (id, kind)",
                "ALTER TABLE session_event ADD PRIMARY KEY (id)"
            })
    void a_lock_is_seen(String migration) {
        assertThat(locks(migration)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create unique index concurrently a on liveness_session (caller)",
                "create index a on session_schedule (id)",
                "drop index concurrently if exists a",
                "alter table liveness_session add constraint a check (id is not null) not valid",
                "alter table liveness_session validate constraint a",
                "alter table ledger_entry add constraint a unique using index b",
                "alter table liveness_session add column note text"
            })
    void what_locks_for_a_moment_is_allowed(String migration) {
        assertThat(locks(migration)).isFalse();
    }

    private static boolean isNew(Path file) {
        return VERSION.matcher(file.getFileName().toString())
                .results()
                .anyMatch(match -> Integer.parseInt(match.group(1)) > RELEASED);
    }

    private static boolean locks(String migration) {
        return LOCKING.stream().anyMatch(rule -> rule.matcher(migration).find());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Long> files(TestDatabase database) throws SQLException {
        Map<String, Long> files = new TreeMap<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(FILES)) {
            while (rows.next()) {
                files.put(rows.getString("relname"), rows.getLong("file"));
            }
        }
        return files;
    }
}

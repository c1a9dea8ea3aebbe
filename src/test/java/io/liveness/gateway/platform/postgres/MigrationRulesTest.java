package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What CONTRIBUTING.md says of migrations since the last release: a replica of that release works while they run. */
class MigrationRulesTest {

    /** The newest migration of the last release: raised with each release. */
    private static final int RELEASED = 10;

    private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");
    private static final Pattern VERSION = Pattern.compile("V(\\d+)__.*\\.sql");
    // Tables whose history grows without end: an index on them takes long.
    private static final Pattern LOCKING_INDEX = Pattern.compile(
            "create\\s+(unique\\s+)?index\\s+(?!concurrently)[^;]*\\bon\\s+(liveness_session|session_event|ledger_entry)\\b",
            Pattern.CASE_INSENSITIVE);

    // The file of a table changes exactly when it is written anew.
    private static final String FILES = """
            select relname, pg_relation_filenode(oid) as file from pg_class
            where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'flyway_schema_history'
            """;

    @Test
    void no_migration_since_the_last_release_rewrites_a_table() throws SQLException {
        TestDatabase database = TestDatabase.create();
        flyway(database).target(RELEASED + "?").load().migrate();
        Map<String, Long> before = files(database);

        flyway(database).load().migrate();

        assertThat(before).isNotEmpty();
        assertThat(files(database)).containsAllEntriesOf(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table ledger_entry alter column amount type numeric",
                "alter table liveness_session add column drawn uuid not null default gen_random_uuid()"
            })
    void a_rewritten_table_is_seen(String migration) throws SQLException {
        TestDatabase database = TestDatabase.create();
        flyway(database).load().migrate();
        Map<String, Long> before = files(database);

        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(migration);
        }

        assertThat(files(database)).isNotEqualTo(before);
    }

    @Test
    void indexes_on_tables_with_a_history_are_created_concurrently() throws IOException {
        try (Stream<Path> files = Files.list(MIGRATIONS)) {
            assertThat(files.filter(MigrationRulesTest::isNew).filter(MigrationRulesTest::locksForAnIndex))
                    .isEmpty();
        }
    }

    @Test
    void an_index_that_locks_is_seen() {
        assertThat("create index a on liveness_session (caller);\ncreate index b on ledger_entry (id)")
                .containsPattern(LOCKING_INDEX);
        assertThat("create unique index concurrently a on liveness_session (caller)")
                .doesNotContainPattern(LOCKING_INDEX);
        assertThat("create index a on session_schedule (id)").doesNotContainPattern(LOCKING_INDEX);
    }

    private static boolean isNew(Path file) {
        return VERSION.matcher(file.getFileName().toString())
                .results()
                .anyMatch(match -> Integer.parseInt(match.group(1)) > RELEASED);
    }

    private static boolean locksForAnIndex(Path file) {
        try {
            return LOCKING_INDEX.matcher(Files.readString(file)).find();
        } catch (IOException e) {
            throw new IllegalStateException(e);
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

    private static FluentConfiguration flyway(TestDatabase database) {
        Map<String, String> configuration = database.configuration();
        String user = configuration.get("quarkus.datasource.username");
        return Flyway.configure()
                .dataSource(
                        configuration.get("quarkus.datasource.jdbc.url"),
                        user,
                        configuration.get("quarkus.datasource.password"))
                .placeholders(Map.of("service-role", user));
    }
}

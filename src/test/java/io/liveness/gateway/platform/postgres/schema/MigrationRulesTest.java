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

    /** The newest migration of the last release: raised with each release. */
    private static final int RELEASED = 10;

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
    void the_schedule_which_a_migration_fills_has_statistics() {
        TestDatabase database = TestDatabase.create();
        database.flyway().target("6").load().migrate();
        database.execute("""
                insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url,
                    action_style, actions, action_mutex, anti_camera_hack, attempt, init_at, next_look_at, created_at, updated_at)
                values (gen_random_uuid(), 'shop', 'a', '', 'OPENING', 'NONE', '', '', '', true, true, 1, now(), now(), now(), now())
                """);

        database.flyway().load().migrate();

        assertThat(database.count("select reltuples from pg_class where relname = 'session_schedule'"))
                .as("rows at the last analyze, -1 before the first")
                .isEqualTo(1);
    }

    @Test
    void amounts_of_finance_are_the_same_in_ten_thousandths_of_a_minor_unit() {
        TestDatabase database = TestDatabase.create();
        database.flyway().target("33.2").load().migrate();
        database.execute("insert into caller_budget values ('shop', 100000, 'CNY', true, 'finance', now())");
        database.execute("""
                insert into statement (id, status, dry_run, mapping, definition, definition_hash, currency, invoice, sum_read, imported_by,
                    imported_at, worked_at)
                values ('019e52f0-5a07-7c53-9d3e-5a1f0c4b7a40', 'DONE', false, 'default', '{}', '', 'CNY', 90, null, 'finance', now(), now())
                """);
        database.execute("""
                insert into statement_match (id, statement_id, kind, line, theirs_amount)
                select '019e52f0-5a07-7c53-9d3e-5a1f0c4b7a41', id, 'MISSING_IN_LEDGER', 2, 90 from statement
                """);
        database.execute("""
                insert into statement_acceptance (id, difference_id, statement_id, kind, state, amount, currency, reason, accepted_by,
                    accepted_at, posted_at)
                select gen_random_uuid(), id, statement_id, kind, 'ACCEPTED', 90, 'CNY', 'right', 'finance', now(), now() from statement_match
                """);
        database.execute("""
                insert into match_by_hand (id, difference_id, statement_id, session_id, kind, earlier, reason, matched_by, matched_at,
                    undone_at)
                select gen_random_uuid(), gen_random_uuid(), statement_id, gen_random_uuid(), kind, jsonb_agg(to_jsonb(m)), 'moved',
                    'finance', now(), now()
                from statement_match m group by statement_id, kind
                """);

        database.flyway().load().migrate();

        assertThat(database.count("select amount from caller_budget")).isEqualTo(1_000_000_000);
        assertThat(database.count("select invoice from statement where sum_read is null"))
                .isEqualTo(900_000);
        assertThat(database.count("select theirs_amount from statement_match where ours_amount is null"))
                .isEqualTo(900_000);
        assertThat(database.count("select amount from statement_acceptance")).isEqualTo(900_000);
        assertThat(database.count("select (earlier -> 0 ->> 'theirs_amount')::bigint from match_by_hand"))
                .isEqualTo(900_000);
    }

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
                "alter table ledger_entry alter column amount type numeric",
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

package io.liveness.gateway.platform.postgres.schema;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.liveness.gateway.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

class SchemaRuleTest {

    private static final String LATER = """
            insert into flyway_schema_history
                (installed_rank, version, description, type, script, installed_by, execution_time, success)
            values (1000, '1000', 'of a later release', 'SQL', 'V1000__later.sql', 'test', 0, true)
            """;

    private final TestDatabase database = TestDatabase.create();
    private final Flyway thisRelease = database.flyway().load();

    @Test
    void an_empty_database_is_refused() {
        refused("1 platform, 2 check");
    }

    @Test
    void a_schema_that_lacks_a_migration_is_refused_and_the_migration_is_named() {
        database.flyway().target("7").load().migrate();

        refused("it lacks the migrations 8 privacy, 9 operate", "With quarkus.flyway.migrate-at-start=false");
    }

    @Test
    void a_migration_that_failed_is_lacking() throws SQLException {
        thisRelease.migrate();
        execute("update flyway_schema_history set success = false where version = '5'");

        refused("5 notify");
    }

    @Test
    void this_releases_schema_is_served() {
        thisRelease.migrate();

        served();
    }

    @Test
    void a_later_releases_schema_is_served_whether_its_migration_succeeded_or_not() throws SQLException {
        thisRelease.migrate();
        execute(LATER);
        served();

        execute("update flyway_schema_history set success = false where version = '1000'");
        served();
    }

    private void refused(String... sentences) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SchemaRule.requireMigrated(false, thisRelease))
                .withMessageContainingAll(sentences);
        // A process that migrates itself has nothing to ask.
        assertThatNoException().isThrownBy(() -> SchemaRule.requireMigrated(true, thisRelease));
    }

    private void served() {
        assertThatNoException().isThrownBy(() -> SchemaRule.requireMigrated(false, thisRelease));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

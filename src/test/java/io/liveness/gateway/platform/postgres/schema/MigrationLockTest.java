package io.liveness.gateway.platform.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.testsupport.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationLockTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestDatabase database = TestDatabase.create();

    @TempDir
    Path migrations;

    @Test
    void several_processes_create_an_index_concurrently_once() throws IOException {
        migration("V1__table.sql", "create table visit (id bigint)");
        migration("V2__index.sql", "create index concurrently visit_by_id on visit (id)");
        migration("V2__index.sql.conf", "executeInTransaction=false");

        List<CompletableFuture<Integer>> processes = Stream.generate(this::flyway)
                .limit(2)
                .map(flyway -> CompletableFuture.supplyAsync(() -> flyway.migrate().migrationsExecuted))
                .toList();

        assertThat(processes).allSatisfy(process -> assertThat(process).succeedsWithin(PATIENCE));
        assertThat(processes.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(2);
    }

    /** docs/deployment.md, "Schema". */
    @Test
    void an_index_that_could_not_be_created_is_created_once_its_failure_is_forgotten() throws Exception {
        migration("V1__table.sql", "create table visit (id bigint)");
        migration("V2__index.sql", """
                drop index concurrently if exists visit_by_id;
                create unique index concurrently visit_by_id on visit (id);
                """);
        migration("V2__index.sql.conf", "executeInTransaction=false");
        flyway("1").migrate();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("insert into visit values (1), (1)");
            assertThatThrownBy(() -> flyway().migrate()).isInstanceOf(FlywayException.class);
            statement.execute("truncate visit");
            assertThatThrownBy(() -> flyway().migrate()).hasMessageContaining("failed migration");

            statement.execute("delete from flyway_schema_history where not success");

            assertThat(flyway().migrate().migrationsExecuted).isEqualTo(1);
        }
    }

    private void migration(String name, String text) throws IOException {
        Files.writeString(migrations.resolve(name), text);
    }

    private Flyway flyway() {
        return flyway("latest");
    }

    private Flyway flyway(String target) {
        Map<String, String> configuration = database.configuration();
        FluentConfiguration flyway = Flyway.configure()
                .dataSource(
                        configuration.get("quarkus.datasource.jdbc.url"),
                        configuration.get("quarkus.datasource.username"),
                        configuration.get("quarkus.datasource.password"))
                .target(target)
                .locations("filesystem:" + migrations);
        AwaitDatabase.lockBySession(flyway);
        return flyway.load();
    }
}

package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The tests of processes run on a PostgreSQL with JIT. */
@EnabledIfSystemProperty(named = "test.postgres", matches = "/.*", disabledReason = "no installed PostgreSQL is given")
@Tag("once")
class PackagedPostgresIT {

    @Test
    void the_installed_postgresql_compiles_statements() throws SQLException {
        try (Connection connection = TestDatabase.create().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select version(), pg_jit_available()," + " current_setting('jit_above_cost')")) {
            row.next();
            System.out.printf("%s, jit_above_cost %s%n", row.getString(1), row.getString(3));
            assertThat(row.getBoolean(2)).as("built with LLVM, and JIT is on").isTrue();
        }
    }
}

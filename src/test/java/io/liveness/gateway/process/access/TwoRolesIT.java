package io.liveness.gateway.process.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Migrations run as the owner, the service as a role that owns nothing and may only add to the books. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoRolesIT {

    private static final String NOT_ALLOWED = "42501";
    private static final String PASSWORD = "password-of-a-role-in-tests";

    // Roles belong to the whole server, so no other test may meet these. Letters and signs that only a quoted name can
    // have; the one
    // that cannot be is the apostrophe, which Flyway itself does not quote.
    private static final String OWNER = "Owner of \"" + UUID.randomUUID() + "\"";
    private static final String SERVICE = "Gateway-$ " + UUID.randomUUID() + "\"";

    private static Surroundings around;

    @BeforeAll
    static void two_roles() throws SQLException {
        around = new Surroundings(SandboxSettings.defaults());
        try (Connection connection = around.database().connect();
                Statement superuser = connection.createStatement()) {
            for (String role : List.of(OWNER, SERVICE)) {
                superuser.execute("create role " + quoted(role) + " login password '" + PASSWORD + "'");
            }
            superuser.execute("alter database " + quoted(connection.getCatalog()) + " owner to " + quoted(OWNER));
        }
    }

    @AfterAll
    static void end() {
        around.close();
    }

    @Test
    @Order(1)
    void replicas_that_start_at_once_make_the_schema_and_sessions_live_their_whole_lives() {
        List<GatewayProcess> replicas = Stream.generate(() -> around.launch(asServiceMigratedByOwner()))
                .limit(2)
                .toList();
        replicas.forEach(GatewayProcess::awaitReady);

        replicas.forEach(TwoRolesIT::assertWorks);
        replicas.forEach(GatewayProcess::kill);
    }

    @ParameterizedTest
    @Order(2)
    @ValueSource(
            strings = {
                "update ledger_entry set amount = 0",
                "delete from ledger_entry",
                "truncate ledger_entry",
                "alter table ledger_entry disable trigger ledger_refuses_changes",
                "alter table ledger_entry disable trigger all",
                "drop trigger ledger_refuses_changes on ledger_entry",
                "create trigger quiet before insert on ledger_entry for each row execute function ledger_is_append_only()",
                "create or replace function ledger_is_append_only() returns trigger language plpgsql as 'begin return new; end'",
                "set session_replication_role = replica",
                "drop table ledger_entry",
                "update audit_entry set who = 'nobody'",
                "delete from audit_entry",
                "update audit_list set who = 'nobody'",
                "update ledger set amount = 0",
                "delete from event_log",
                "update event_log set at = now()",
                "delete from period",
                "delete from period_archive",
                "delete from statement_file",
                "alter table period disable trigger all",
                "update finance_request set subject = '2026-01'",
                "delete from liveness_session",
                "truncate liveness_session cascade",
                "delete from session_event",
                "update session_event set at = now()",
                "update face_view set viewed_by = 'somebody'",
                "alter table liveness_session drop constraint ended_has_no_token",
                "create table of_its_own (id integer)",
                "create schema of_its_own",
                "update flyway_schema_history set success = false",
            })
    void the_service_may_do_no_more_than_it_does(String statement) throws SQLException {
        try (Connection connection = connect(SERVICE);
                Statement service = connection.createStatement()) {
            connection.setAutoCommit(false);

            assertThatThrownBy(() -> service.execute(statement))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getSQLState())
                                    .as(refused.getMessage())
                                    .isEqualTo(NOT_ALLOWED));
            connection.rollback();
        }
    }

    @Test
    @Order(3)
    void a_table_of_a_later_migration_is_the_services_too_and_what_was_granted_by_hand_is_taken_back()
            throws SQLException {
        try (Connection connection = connect(OWNER);
                Statement owner = connection.createStatement()) {
            owner.execute("create table \"A later table\" (id integer)");
            owner.execute("grant all on ledger_entry to " + quoted(SERVICE));
        }

        around.start(asServiceMigratedByOwner()).kill();

        try (Connection connection = connect(SERVICE);
                Statement service = connection.createStatement()) {
            service.execute("insert into \"A later table\" values (1)");
            service.execute("update \"A later table\" set id = 2");
            assertThatThrownBy(() -> service.execute("delete from ledger_entry"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    @Order(4)
    void with_the_schema_in_place_the_service_starts_without_the_owners_account() {
        GatewayEnvironment alone =
                asServiceMigratedByOwner().without("quarkus.flyway.username").without("quarkus.flyway.password");

        assertWorks(around.start(alone));
    }

    private static void assertWorks(GatewayProcess gateway) {
        String key = UUID.randomUUID().toString();
        Answer opened = around.callers().open(gateway.url(), key, "pass");
        assertThat(opened.status()).as(gateway.tail()).isEqualTo(201);
        assertThat(around.callers().open(gateway.url(), key, "pass").status()).isEqualTo(200);

        assertThat(around.callers()
                        .checkLater(gateway.url(), opened.id())
                        .join()
                        .sessionStatus())
                .isEqualTo("PASSED");
        assertThat(StoredSession.all(around.database()).stream()
                        .filter(session -> session.key().equals(key)))
                .singleElement()
                .satisfies(session -> assertThat(session.ledger().stream().map(StoredSession.Entry::kind))
                        .containsExactly("PRE_DEDUCT", "CHARGE"));
        // The scheduled work, too, has all the rights it needs.
        assertThat(gateway.output()).noneMatch(line -> line.contains("permission denied"));
    }

    private static GatewayEnvironment asServiceMigratedByOwner() {
        return around.environment()
                .with("quarkus.datasource.username", SERVICE)
                .with("quarkus.datasource.password", PASSWORD)
                .with("quarkus.flyway.username", OWNER)
                .with("quarkus.flyway.password", PASSWORD);
    }

    private static Connection connect(String role) throws SQLException {
        return DriverManager.getConnection(
                around.database().configuration().get("quarkus.datasource.jdbc.url"), role, PASSWORD);
    }

    private static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}

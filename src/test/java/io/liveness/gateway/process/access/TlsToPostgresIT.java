package io.liveness.gateway.process.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.http.TlsKeys;
import io.liveness.gateway.testsupport.postgres.EncryptedPostgres;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Both drivers, with verify-full as in docs/deployment.md, connect to the right server by TLS, and to no other. What
 * the server refuses later is told to callers and to operations, and forgotten when it is mended.
 */
class TlsToPostgresIT {

    private static final String RIGHT = "right";
    private static final String ANOTHER = "another";
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int OPENS = 10;
    /** The alert LivenessDatabaseAway counts the statements of these series, which failed for want of a database. */
    private static final String WITHOUT_DATABASE =
            "liveness_statements_seconds_count\\{.*outcome=\"(unavailable|only-reads)\"";

    private static final TlsKeys KEYS = TlsKeys.inTemporaryDirectory();

    private static EncryptedPostgres postgres;
    private static Surroundings around;

    @BeforeAll
    static void a_server_with_a_certificate() throws Exception {
        KEYS.make(RIGHT, "localhost");
        KEYS.make(ANOTHER, "localhost");
        postgres = EncryptedPostgres.start(KEYS, RIGHT);
        around = new Surroundings(SandboxSettings.defaults());
    }

    @AfterAll
    static void end() {
        around.close();
        postgres.close();
    }

    @Test
    void both_drivers_reach_the_server_whose_certificate_is_right() throws SQLException {
        GatewayProcess gateway =
                around.start(withReactive(withJdbc(around.environment(), "localhost", RIGHT), "localhost", RIGHT));

        assertThat(around.callers().open(gateway.url(), "key", "pass").status()).isEqualTo(201);
        assertThat(connections("ssl")).isPositive();
        assertThat(connections("not ssl")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, another, localhost, right, PKIX path",
        "127.0.0.1, right, localhost, right, could not be verified",
        "localhost, right, localhost, another, SSL handshake failed",
        "localhost, right, 127.0.0.1, right, SSL handshake failed",
    })
    void neither_talks_to_a_server_of_another_certificate_or_name(
            String ofJdbc, String trustedByJdbc, String ofReactive, String trustedByReactive, String reason) {
        GatewayProcess gateway = around.launch(
                withReactive(withJdbc(around.environment(), ofJdbc, trustedByJdbc), ofReactive, trustedByReactive));

        assertThat(gateway.awaitExit()).as(gateway.tail()).isNotZero();
        assertThat(said(gateway)).contains(reason);
    }

    @Test
    void the_start_is_refused_when_the_drivers_lead_to_different_databases() {
        TestDatabase another = TestDatabase.create();
        another.flyway().load().migrate();
        GatewayProcess gateway = around.launch(around.environment()
                .with(
                        "quarkus.datasource.reactive.url",
                        another.configuration().get("quarkus.datasource.reactive.url")));

        assertThat(gateway.awaitExit()).as(gateway.tail()).isNotZero();
        assertThat(said(gateway))
                .contains("quarkus.datasource.jdbc.url and quarkus.datasource.reactive.url lead to different databases")
                .doesNotContain("stackTrace");
    }

    @Test
    void access_that_is_refused_while_it_runs_is_an_answer_and_one_line_and_nothing_is_lost() throws SQLException {
        GatewayProcess gateway =
                around.start(withReactive(withJdbc(around.environment(), "localhost", RIGHT), "localhost", RIGHT));
        String role = "alter role " + EncryptedPostgres.USER;

        assertRefused(
                gateway, role + " password 'another'", role + " password '" + EncryptedPostgres.PASSWORD + "'", "");
        assertRefused(gateway, role + " set search_path = nowhere", role + " reset search_path", "");
        assertRefused(gateway, role + " set lock_timeout = '50ms'", role + " reset lock_timeout", "liveness_session");

        assertThat(gateway.output()).noneMatch(line -> line.contains("stackTrace"));
        assertThat(gateway.output().stream().filter(line -> line.contains("database.")))
                .hasSizeBetween(1, 4)
                .first()
                .asString()
                .contains("database.away")
                // A query may be under way when its connection ends.
                .containsAnyOf(
                        "password authentication failed for user", "Failed to read any response from the server");
    }

    /** @param locked the table that somebody locks meanwhile, if any */
    private static void assertRefused(GatewayProcess gateway, String breaks, String mends, String locked)
            throws SQLException {
        double before = gateway.metric(WITHOUT_DATABASE);
        List<String> keys =
                Stream.generate(() -> UUID.randomUUID().toString()).limit(OPENS).toList();
        try (Connection superuser =
                        DriverManager.getConnection("jdbc:" + postgres.address("localhost"), "postgres", "");
                Statement statement = superuser.createStatement()) {
            statement.execute(breaks);
            // A connection keeps what its role might do when it began, busy or idle, and one is enough to store all
            // opens.
            statement.execute("select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = '"
                    + EncryptedPostgres.USER + "'");
            superuser.setAutoCommit(false);
            if (!locked.isEmpty()) {
                statement.execute("lock table " + locked + " in share mode");
            }

            assertThat(open(gateway, keys)).allSatisfy(answer -> {
                assertThat(answer.status()).as(gateway.tail()).isEqualTo(503);
                assertThat(answer.problem().orElseThrow().getCode()).isEqualTo("unavailable");
                assertThat(answer.retryAfter()).isPresent();
            });
            assertThat(gateway.metric(WITHOUT_DATABASE)).isGreaterThan(before);
            superuser.rollback();
            superuser.setAutoCommit(true);
            statement.execute(mends);
        }

        Patience.await("opens to be accepted", PATIENCE)
                .until(() -> open(gateway, keys).stream()
                        .allMatch(answer -> List.of(200, 201).contains(answer.status())));
        assertThat(keys)
                .allSatisfy(key -> assertThat(around.books().rows().stream()
                                .filter(row -> row.returnUrl().equals(Callers.returnUrl(key))))
                        .as("one fee for each key")
                        .hasSize(1));
    }

    private static List<Answer> open(GatewayProcess gateway, List<String> keys) {
        List<CompletableFuture<Answer>> opens = keys.stream()
                .map(key -> around.callers().openLater(gateway.url(), key, "pass"))
                .toList();
        return opens.stream().map(CompletableFuture::join).toList();
    }

    private static String said(GatewayProcess gateway) {
        return String.join(
                "\n",
                Stream.of(gateway.output(), gateway.errors())
                        .flatMap(List::stream)
                        .toList());
    }

    private static GatewayEnvironment withJdbc(GatewayEnvironment environment, String host, String trusted) {
        return environment
                .with("quarkus.datasource.username", EncryptedPostgres.USER)
                .with("quarkus.datasource.password", EncryptedPostgres.PASSWORD)
                .with(
                        "quarkus.datasource.jdbc.url",
                        "jdbc:" + postgres.address(host) + "?sslmode=verify-full&sslrootcert="
                                + KEYS.certificate(trusted));
    }

    private static GatewayEnvironment withReactive(GatewayEnvironment environment, String host, String trusted) {
        return environment
                .with("quarkus.datasource.reactive.url", postgres.address(host))
                .with("quarkus.datasource.reactive.postgresql.ssl-mode", "verify-full")
                .with("quarkus.datasource.reactive.hostname-verification-algorithm", "HTTPS")
                .with("quarkus.datasource.reactive.trust-certificate-pem", "true")
                .with(
                        "quarkus.datasource.reactive.trust-certificate-pem.certs",
                        KEYS.certificate(trusted).toString());
    }

    private static long connections(String condition) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from pg_stat_ssl join pg_stat_activity using (pid) where usename = '"
                                + EncryptedPostgres.USER + "' and " + condition)) {
            row.next();
            return row.getLong(1);
        }
    }
}

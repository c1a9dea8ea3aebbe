package io.liveness.gateway.process.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.TlsKeys;
import io.liveness.gateway.testsupport.postgres.EncryptedPostgres;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With verify-full, as in docs/deployment.md, both drivers connect to the right server by TLS, and to no other. */
class TlsToPostgresIT {

    private static final String RIGHT = "right";
    private static final String ANOTHER = "another";
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

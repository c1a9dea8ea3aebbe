package io.liveness.gateway.platform.postgres.connection;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No connection to another host is in plaintext unless the configuration allows it. */
class EncryptedConnectionsTest {

    private static final String REACTIVE = "quarkus.datasource.reactive.url";
    private static final String REACTIVE_MODE = "quarkus.datasource.reactive.postgresql.ssl-mode";
    private static final String JDBC = "quarkus.datasource.jdbc.url";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://localhost:5432/liveness",
                "postgresql://127.0.0.1/liveness",
                "postgresql://[::1]:5432/liveness",
                "postgresql:///liveness",
                "postgresql:liveness",
                "postgresql://:5432/liveness",
                "postgresql:///liveness?host=/var/run/postgresql",
                "postgresql://db.example/liveness?sslmode=verify-full",
                "postgresql://db.example/liveness?application_name=a&sslmode=require",
            })
    void this_machine_and_what_is_encrypted(String address) {
        assertThatNoException().isThrownBy(() -> start(Map.of(REACTIVE, address)));
        assertThatNoException().isThrownBy(() -> start(Map.of(REACTIVE, "vertx-reactive:" + address)));
        assertThatNoException().isThrownBy(() -> start(Map.of(JDBC, "jdbc:" + address)));
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://db.example:5432/liveness, db.example",
        "postgresql://10.1.2.3/liveness, 10.1.2.3",
        "postgresql://localhost@db.example/liveness, db.example",
        "postgresql://localhost.example/liveness, localhost.example",
        "postgresql:///liveness?host=db.example, db.example",
        "postgresql://db.example/liveness?sslmode=prefer, db.example",
        "postgresql://db.example/liveness?sslmode=disable, db.example",
        "postgresql://db.example/liveness?sslmode=require&sslmode=allow, db.example",
        "postgresql://db.example/liveness?ssl=false, db.example",
    })
    void another_host_in_plaintext_stops_the_start_and_is_named(String address, String host) {
        refused(Map.of(REACTIVE, address), REACTIVE, host);
        refused(Map.of(JDBC, "jdbc:" + address), JDBC, host);
        assertThatNoException()
                .isThrownBy(() -> start(Map.of(
                        REACTIVE, address, JDBC, "jdbc:" + address, "liveness.database.allow-plaintext", "true")));
    }

    @Test
    void words_of_one_driver() {
        for (String local : List.of(
                "postgresql://user:p%40ss@localhost/liveness", "postgresql://%2Fvar%2Frun%2Fpostgresql/liveness")) {
            assertThatNoException().isThrownBy(() -> start(Map.of(REACTIVE, local)));
        }
        refused(Map.of(REACTIVE, "postgres://db.example"), REACTIVE, "db.example");
        refused(Map.of(REACTIVE, "postgresql://[fd00::1]:5432/liveness"), REACTIVE, "fd00::1");
        refused(Map.of(JDBC, "jdbc:postgresql://[fd00::1]:5432/liveness"), JDBC, "[fd00::1]");
        refused(Map.of(JDBC, "jdbc:postgresql://db.example/sslmode=require"), JDBC, "db.example");
    }

    @Test
    void each_of_several_addresses_is_looked_at() {
        refused(Map.of(JDBC, "jdbc:postgresql://localhost:5432,db.example:5432/liveness"), JDBC, "db.example");
        refused(Map.of(REACTIVE, "postgresql://localhost/a, postgresql://db.example/a"), REACTIVE, "db.example");
        refused(
                Map.of(REACTIVE, "postgresql://one.example/a?sslmode=require,postgresql://two.example/a"),
                REACTIVE,
                "two.example");
    }

    @Test
    void the_reactive_drivers_mode_overrides_its_address() {
        Map<String, String> plain = Map.of(REACTIVE, "postgresql://db.example/a");

        assertThatNoException().isThrownBy(() -> start(with(plain, REACTIVE_MODE, "verify-full")));
        assertThatNoException().isThrownBy(() -> start(with(plain, REACTIVE_MODE, "VERIFY_FULL")));
        refused(with(plain, REACTIVE_MODE, "prefer"), REACTIVE, "db.example");
        refused(
                Map.of(REACTIVE, "postgresql://db.example/a?sslmode=verify-full", REACTIVE_MODE, "disable"),
                REACTIVE,
                "db.example");
    }

    @Test
    void ssl_alone_is_a_word_of_jdbc() {
        assertThatNoException().isThrownBy(() -> start(Map.of(JDBC, "jdbc:postgresql://db.example/a?ssl=true")));
        refused(Map.of(REACTIVE, "postgresql://db.example/a?ssl=true"), REACTIVE, "db.example");
    }

    @Test
    void the_datasources_property_is_none_of_flyways_own_connection() {
        Map<String, String> service = Map.of(
                JDBC,
                "jdbc:postgresql://db.example/a",
                "quarkus.datasource.jdbc.additional-jdbc-properties.sslmode",
                "verify-full");

        assertThatNoException().isThrownBy(() -> start(service));
        refused(with(service, "quarkus.flyway.username", "owner"), JDBC, "db.example");
    }

    @ParameterizedTest
    @CsvSource({
        "quarkus.flyway.jdbc-url, jdbc:postgresql://db.example/a",
        "quarkus.datasource.batch.jdbc.url, jdbc:postgresql://db.example/a",
        "liveness.signals.url, postgresql://db.example/a",
    })
    void the_other_addresses_are_looked_at_too(String property, String address) {
        refused(Map.of(property, address), property, "db.example");
    }

    @Test
    void the_address_to_listen_at_has_the_datasources_mode_unless_it_has_its_own() {
        Map<String, String> plainPooler = Map.of(REACTIVE, "postgresql://localhost/a");
        Map<String, String> encrypted = Map.of(REACTIVE, "postgresql://db.example/a?sslmode=verify-full");
        String signals = "liveness.signals.url";

        refused(with(plainPooler, signals, "postgresql://db.example/a"), signals, "db.example");
        refused(with(encrypted, signals, "postgresql://db.example/a?sslmode=disable"), signals, "db.example");
        assertThatNoException().isThrownBy(() -> start(with(encrypted, signals, "postgresql://db.example/a")));
        assertThatNoException()
                .isThrownBy(() -> start(with(plainPooler, signals, "postgresql://db.example/a?sslmode=verify-full")));
    }

    @Test
    void a_password_in_an_address_is_not_shown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> start(Map.of(
                        REACTIVE,
                        "postgresql://user:hidden@db.example/a?password=hidden",
                        JDBC,
                        "jdbc:postgresql://hidden@db.example/a?password=hidden")))
                .withMessageNotContaining("hidden");
    }

    private static Map<String, String> with(Map<String, String> properties, String property, String value) {
        Map<String, String> changed = new HashMap<>(properties);
        changed.put(property, value);
        return changed;
    }

    private static void refused(Map<String, String> properties, String property, String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> start(properties))
                .withMessageStartingWith(property + " leads to " + host + ",")
                .withMessageContaining("liveness.database.allow-plaintext");
    }

    private static void start(Map<String, String> properties) {
        var configuration = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "given", 100))
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(PostgresConnections.ConnectionLimits.class)
                .build();
        new EncryptedConnections(
                configuration, configuration.getConfigMapping(PostgresConnections.ConnectionLimits.class));
    }
}

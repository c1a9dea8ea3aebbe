package io.liveness.gateway.platform.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.postgres.Database;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of the service's connections to PostgreSQL. */
@QuarkusTest
class ConnectionSettingsTest {

    @Inject
    Database database;

    @ParameterizedTest
    @CsvSource({
        "jit, off",
        "enable_seqscan, off",
        "enable_hashjoin, off",
        "enable_mergejoin, off",
        "application_name, liveness-gateway",
        "statement_timeout, 5s",
        "idle_in_transaction_session_timeout, 3s"
    })
    void each_connection_of_the_pool_has_its_settings(String name, String value) {
        assertThat(database.execute("select current_setting($1)", Tuple.of(name))
                        .await()
                        .atMost(Duration.ofSeconds(10))
                        .iterator()
                        .next()
                        .getString(0))
                .isEqualTo(value);
    }
}

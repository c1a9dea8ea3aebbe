package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
class OldestTransactionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    DatabaseFigures figures;

    @Inject
    Stored stored;

    @Inject
    MeterRegistry registry;

    @Test
    void the_age_of_an_open_snapshot_is_shown_until_it_ends() throws SQLException {
        try (Connection dump = stored.connection();
                Statement snapshot = dump.createStatement()) {
            dump.setAutoCommit(false);
            dump.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            snapshot.execute("select 1");

            Patience.await("a transaction of a second", PATIENCE).until(() -> seconds() > 1);
            dump.rollback();
        }

        assertThat(seconds()).isLessThan(1);
    }

    private double seconds() {
        figures.read().await().indefinitely();
        return registry.get("liveness.oldest.transaction").gauge().value();
    }
}

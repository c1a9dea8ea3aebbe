package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.ShortPatience;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A stalled reader loses its connection and its place. */
@QuarkusTest
@TestProfile(ShortPatience.class)
@QuarkusTestResource(GatewayTestResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StalledExportTest {

    private static final String CSV = "text/csv";

    private final Api finance = Api.as("finance-" + UUID.randomUUID(), "finance");

    @Inject
    Stored stored;

    @BeforeAll
    void write_the_history() throws SQLException {
        ChargeHistory.write(stored);
    }

    @AfterAll
    void remove_it() throws SQLException {
        ChargeHistory.remove(stored);
    }

    @Test
    void a_reader_that_takes_nothing_is_given_up() throws IOException {
        try (SlowReader reader = new SlowReader(finance, "?to=" + ChargeHistory.LATER, CSV)) {
            assertThat(finance.request().accept(CSV).get(Api.CHARGES).statusCode())
                    .isEqualTo(429);

            Patience.await("its place is free", Duration.ofSeconds(20))
                    .until(() -> finance.request()
                                    .accept(CSV)
                                    .queryParam("caller", "none")
                                    .get(Api.CHARGES)
                                    .statusCode()
                            == 200);
            Patience.await("its query to end", Duration.ofSeconds(20))
                    .until(() -> stored.count("select count(*) from pg_stat_activity where datname = current_database()"
                                    + " and query like '%as listed%' and state <> 'idle' and pid <> pg_backend_pid()")
                            == 0);
            assertThat(reader.readsToTheEnd()).isFalse();
        }
    }
}

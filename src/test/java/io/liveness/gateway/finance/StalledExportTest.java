package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A file whose reader has stopped is ended by {@code quarkus.http.idle-timeout}, long before it takes too long. */
@QuarkusTest
@TestProfile(OptionsOn.class)
class StalledExportTest {

    private static final String CSV = "text/csv";

    private final Api finance = Api.as("finance-" + UUID.randomUUID(), "finance");

    @Inject
    Stored stored;

    @BeforeEach
    void write_the_history() throws SQLException {
        ChargeHistory.write(stored);
    }

    @AfterEach
    void remove_it() throws SQLException {
        ChargeHistory.remove(stored);
    }

    @Test
    void a_reader_that_takes_nothing_has_abandoned_its_file_and_its_place_is_free() throws IOException {
        double before = ExportFigures.files("csv", "abandoned");
        try (SlowReader reader = new SlowReader(finance, "?to=" + ChargeHistory.LATER, CSV)) {
            assertThat(reader.firstLine()).contains("200");

            Patience.await("its end", Duration.ofMinutes(2))
                    .until(() -> ExportFigures.files("csv", "abandoned") - before == 1);
            assertThat(reader.readsToTheEnd()).isFalse();
        }
        assertThat(finance.request()
                        .accept(CSV)
                        .queryParam("caller", "none")
                        .get(Api.CHARGES)
                        .statusCode())
                .isEqualTo(200);
    }
}

package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LogRecorder;
import io.liveness.gateway.testsupport.LowLimits;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A file whose reader has stopped, or that takes too long, is given up: its connections and its place are free again. */
@QuarkusTest
@TestProfile(LowLimits.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GivenUpExportTest {

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
    void a_reader_that_takes_nothing_is_given_up_in_time_counted_and_in_the_log() throws IOException {
        double before = ExportFigures.files("csv", "too-long");
        try (LogRecorder log = LogRecorder.start();
                SlowReader reader = new SlowReader(finance, "?to=" + ChargeHistory.LATER, CSV)) {
            assertThat(reader.firstLine()).contains("200");
            assertThat(finance.request().accept(CSV).get(Api.CHARGES).statusCode())
                    .isEqualTo(429);

            Patience.await("its end", Duration.ofSeconds(20))
                    .until(() -> log.lines().stream().anyMatch(this::isTheEnd));
            assertThat(reader.readsToTheEnd()).isFalse();
        }

        assertThat(ExportFigures.files("csv", "too-long") - before).isEqualTo(1);
        Patience.await("its connection to the database is closed", Duration.ofSeconds(20))
                .until(() -> stored.count("select count(*) from pg_stat_activity where datname = current_database()"
                                + " and query like '%as listed%' and pid <> pg_backend_pid()")
                        == 0);
        // The export that was given up has freed its place.
        assertThat(finance.request()
                        .accept(CSV)
                        .queryParam("caller", "none")
                        .get(Api.CHARGES)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void what_has_no_row_in_time_is_refused_while_its_query_waits() throws Exception {
        double before = ExportFigures.files("csv", "too-long");
        finance.token();
        CompletableFuture<Response> file;
        try (Connection other = stored.connection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("lock table ledger_entry");
            file = CompletableFuture.supplyAsync(() ->
                    finance.request().accept(CSV).queryParam("caller", "none").get(Api.CHARGES));
            Patience.await("its query to wait", Duration.ofSeconds(20))
                    .until(() -> stored.count("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                    + " and query like 'copy (%'")
                            == 1);

            // The answer comes while the export's query still waits.
            assertThat(file.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
            other.rollback();
        }

        assertThat(ExportFigures.files("csv", "too-long") - before).isEqualTo(1);
    }

    private boolean isTheEnd(String line) {
        return line.contains("export.ended what=charges caller=" + finance.caller() + " ")
                && line.contains(" outcome=too-long ");
    }
}

package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Files of many portions of rows, complete and interrupted. */
@QuarkusTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongExportTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String CSV = "text/csv";
    private static final String ALL = "?to=" + ChargeHistory.LATER;
    private static final String READING =
            " from pg_stat_activity where datname = current_database() and query like '%as listed%'"
                    + " and pid <> pg_backend_pid()";

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
    void a_file_of_many_portions_has_every_row_once_newest_first() {
        String[] lines = whole(CSV).asString().split("\r\n");

        assertThat(lines).hasSize(ChargeHistory.FEES + 1);
        for (int line = 1; line < lines.length; line++) {
            assertThat(lines[line]).contains(",task-" + (ChargeHistory.FEES + 1 - line) + ",");
        }
        nothingIsRead();
    }

    @Test
    void a_reader_that_leaves_leaves_no_connection_to_the_database() throws IOException {
        Api who = finance();
        try (SlowReader reader = new SlowReader(who, ALL, CSV)) {
            assertThat(reader.firstLine()).contains("200");
            assertThat(reading()).isOne();
        }

        nothingIsRead();
        Patience.await("its place is free again", PATIENCE)
                .until(() -> who.request()
                                .accept(CSV)
                                .queryParam("caller", "none")
                                .get(Api.CHARGES)
                                .statusCode()
                        == 200);
    }

    @Test
    void a_database_that_fails_in_between_does_not_leave_what_looks_like_a_whole_file() throws IOException {
        try (SlowReader reader = new SlowReader(finance(), ALL, CSV)) {
            assertThat(stored.strings("select pg_terminate_backend(pid)" + READING))
                    .containsExactly("t");

            assertThat(reader.readsToTheEnd()).isFalse();
        }
        try (SlowReader reader = new SlowReader(finance(), ALL, CSV)) {
            assertThat(reader.readsToTheEnd()).isTrue();
        }
    }

    @Test
    void more_files_at_once_than_there_are_places_for_are_refused() throws IOException {
        Api first = finance();
        try (SlowReader one = new SlowReader(first, ALL, CSV)) {
            Response ofTheSame = first.request().accept(CSV).get(Api.CHARGES);
            assertThat(ofTheSame.statusCode()).isEqualTo(429);
            assertThat((String) ofTheSame.path("code")).isEqualTo("rate-limited");
            assertThat(ofTheSame.header("Retry-After")).isEqualTo("10");
            assertThat(ofTheSame.header("Content-Disposition")).isNull();
            // The audit list has only the export that is sent.
            assertThat(stored.count("select count(*) from audit_entry where who = ?", first.caller()))
                    .isOne();
            // A page is no file.
            assertThat(first.request().get(Api.CHARGES).statusCode()).isEqualTo(200);
            try (SlowReader two = new SlowReader(finance(), ALL, CSV)) {
                Response ofAnother = finance().request().accept(CSV).get(Api.CHARGES);
                assertThat(ofAnother.statusCode()).isEqualTo(503);
                assertThat((String) ofAnother.path("code")).isEqualTo("busy");
                assertThat(two.readsToTheEnd()).isTrue();
            }
            assertThat(one.readsToTheEnd()).isTrue();
        }
        nothingIsRead();
    }

    private Response whole(String type) {
        Response answer = finance()
                .request()
                .accept(type)
                .queryParam("to", ChargeHistory.LATER.toString())
                .get(Api.CHARGES);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer;
    }

    private static Api finance() {
        return Api.as("finance-" + UUID.randomUUID(), "finance");
    }

    private long reading() {
        return stored.count("select count(*)" + READING);
    }

    private void nothingIsRead() {
        Patience.await("no connection reads", PATIENCE).until(() -> reading() == 0);
    }
}

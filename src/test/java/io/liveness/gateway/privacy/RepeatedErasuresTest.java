package io.liveness.gateway.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A database that was restored from a backup has the data of erased persons again, until the erasures are repeated as
 * {@code docs/operations.md} has it.
 */
@QuarkusTest
class RepeatedErasuresTest {

    private final Api api = Api.asNewCaller();
    private final String mark = "m" + UUID.randomUUID();
    private final ErasureApi erasures = new ErasureApi(api, mark);

    @Inject
    RunErasures job;

    @Inject
    Stored stored;

    @Inject
    DataSource database;

    @BeforeEach
    void without_those_of_other_tests() {
        job.run();
    }

    @Test
    void what_the_backup_has_brought_back_is_erased_again() throws Exception {
        String id = erasures.session(1, "pass");
        String backup = row(id);
        String erasure = erasures.started();
        job.run();
        String requestedAt = erasures.get(erasure).path("requestedAt");
        List<String> list = list(erasure);
        restore(id, backup);
        forget(erasure);
        api.get(id).then().body("reference", equalTo(mark)).body("erasedAt", nullValue());

        repeat(list);
        job.run();

        api.get(id).then().body("reference", nullValue()).body("erasedAt", not(nullValue()));
        assertThat(stored.tablesWith(mark))
                .as("which has the key for another day")
                .containsExactly("liveness_session");
        api.open(erasures.key(1), erasures.body("pass")).then().statusCode(410);
        erasures.get(erasure)
                .then()
                .body("status", equalTo("DONE"))
                .body("requestedAt", equalTo(requestedAt))
                .body("sessionsErased", equalTo(1));
        assertThat(lastEvent(id)).isEqualTo("ERASED/operations");
    }

    @Test
    void a_session_that_is_open_in_the_backup_waits_for_its_end_and_one_that_is_missing_for_nothing() throws Exception {
        String id = api.open(erasures.key(1), erasures.body("pass")).path("id");
        String erasure = UUID.randomUUID().toString();

        List<String> list =
                List.of(line(erasure, id), line(erasure, UUID.randomUUID().toString()));
        repeat(list);
        List<String> before = times(erasure);
        repeat(Stream.concat(list.stream(), list.stream()).toList());
        assertThat(times(erasure)).isEqualTo(before);
        job.run();
        erasures.get(erasure).then().body("status", equalTo("RUNNING")).body("sessionsWaiting", equalTo(1));
        api.check(id).then().body("status", equalTo("PASSED"));
        stored.execute(
                "update erasure set next_run_at = next_run_at - interval '1 minute' where id = ?",
                UUID.fromString(erasure));
        job.run();

        api.get(id).then().body("reference", nullValue());
        erasures.get(erasure).then().body("status", equalTo("DONE")).body("sessionsWaiting", equalTo(0));
    }

    private List<String> times(String erasure) {
        return stored.strings(
                "select concat_ws(' ', begun_at, session_id) from erasure join erasure_session on erasure_id = id"
                        + " where id = ? order by session_id",
                UUID.fromString(erasure));
    }

    /** The lines of the file that is stored with the backups. */
    private List<String> list(String erasure) throws IOException {
        String command = block("psql \"$OWNER\" -c");
        String query = command.substring(command.indexOf('(') + 1, command.indexOf(") to '"));
        return stored.strings(
                "select concat_ws(',', id, caller, requested_at, session_id) from (" + query + ") e where id = ?",
                UUID.fromString(erasure));
    }

    private String line(String erasure, String session) {
        return String.join(",", erasure, api.caller(), "2026-11-26T10:00:00Z", session);
    }

    /** Runs the documented block statement by statement, with inserts in place of psql's {@code \copy}. */
    private void repeat(List<String> list) throws SQLException, IOException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String one : block("create temporary table again").split(";\n|(?<=csv)\n")) {
                if (one.startsWith("\\copy again")) {
                    for (String line : list) {
                        statement.execute("insert into again values ('" + line.replace(",", "','") + "')");
                    }
                } else {
                    statement.execute(one);
                }
            }
            statement.execute("drop table again");
        }
    }

    /** The block of the runbook that begins so. */
    private static String block(String beginning) throws IOException {
        String page = Files.readString(Path.of("docs", "operations.md"));
        int at = page.indexOf("\n" + beginning) + 1;
        return page.substring(at, page.indexOf("```", at)).strip();
    }

    private String row(String id) {
        return stored.strings("select to_jsonb(s)::text from liveness_session s where id = ?", UUID.fromString(id))
                .get(0);
    }

    private void restore(String id, String row) throws SQLException {
        assertThat(stored.execute(
                        "update liveness_session s set idempotency_key = r.idempotency_key, request_hash = r.request_hash,"
                                + " return_url = r.return_url, title = r.title, reference = r.reference, metadata = r.metadata,"
                                + " verdict_message = r.verdict_message, key_hash = null,"
                                + " key_hashed_at = null, erased_at = null,"
                                + " face_url_sealed = r.face_url_sealed, face_redacted_at = null"
                                + " from jsonb_populate_record(null::liveness_session, ?::jsonb) r where s.id = ?",
                        row,
                        UUID.fromString(id)))
                .isEqualTo(1);
    }

    /** Deletes an erasure, which a restored backup lacks when it was made before the request. */
    private void forget(String erasure) throws SQLException {
        stored.execute("delete from erasure_session where erasure_id = ?", UUID.fromString(erasure));
        stored.execute("delete from erasure where id = ?", UUID.fromString(erasure));
    }

    private String lastEvent(String id) {
        List<String> events = stored.strings(
                "select concat_ws('/', type, detail ->> 'by') from session_event where session_id = ? order by seq",
                UUID.fromString(id));
        return events.get(events.size() - 1);
    }
}

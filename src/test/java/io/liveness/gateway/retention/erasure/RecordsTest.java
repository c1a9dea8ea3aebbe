package io.liveness.gateway.retention.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database that was restored from a backup has the data of erased persons again, until the records are repeated. */
@QuarkusTest
@QuarkusTestResource(GatewayTestResource.class)
class RecordsTest {

    private static final String RECORDS = ErasureApi.ERASURES + "/records";

    private final Api api = Api.asNewCaller();
    private final Api operator = Api.as("operations-" + UUID.randomUUID(), "operator");
    private final String mark = "m" + UUID.randomUUID();
    private final ErasureApi erasures = new ErasureApi(api, mark);

    @Inject
    RunErasures job;

    @Inject
    Stored stored;

    @Test
    void a_record_has_the_sessions_of_an_erasure_and_nothing_of_the_person() {
        String done = erasures.session(1, "pass");
        String open = api.open(erasures.key(2), erasures.body("pass")).path("id");
        String erasure = erasures.started();
        run();

        Map<String, Object> record = recordOf(erasure);

        assertThat(record)
                .containsEntry("caller", api.caller())
                .containsEntry("requestedAt", erasures.get(erasure).path("requestedAt"))
                .containsEntry("sessionIds", List.of(done, open));
        assertThat(record.toString()).doesNotContain(mark);
    }

    @Test
    void records_are_listed_oldest_first_from_a_time_on() {
        String before = erasures.started();
        String since = erasures.get(erasures.started()).path("requestedAt");
        String last = erasures.started();

        List<String> all = listed(null);
        List<String> some = listed(Instant.parse(since).toString());

        assertThat(all.indexOf(before)).isNotNegative().isLessThan(all.indexOf(last));
        assertThat(some).contains(last).doesNotContain(before);
    }

    @Test
    void a_repeated_record_erases_again_what_the_backup_has_brought_back() throws SQLException {
        String id = erasures.session(1, "pass");
        String backup = row(id);
        String erasure = erasures.started();
        run();
        Map<String, Object> record = recordOf(erasure);
        restore(id, backup);
        forget(erasure);
        api.get(id).then().body("reference", equalTo(mark)).body("erasedAt", nullValue());

        repeat(record)
                .then()
                .statusCode(202)
                .body("id", equalTo(erasure))
                .body("sessionsFound", equalTo(1))
                .body("sessionsMissing", equalTo(0));
        run();

        api.get(id).then().body("reference", nullValue()).body("erasedAt", not(nullValue()));
        assertThat(stored.tablesWith(mark))
                .as("which has the key for another day")
                .containsExactly("liveness_session");
        api.open(erasures.key(1), erasures.body("pass")).then().statusCode(410);
        erasures.get(erasure)
                .then()
                .body("status", equalTo("DONE"))
                .body("requestedAt", equalTo(record.get("requestedAt")))
                .body("sessionsErased", equalTo(1));
        assertThat(lastEvent(id)).isEqualTo("ERASED/" + operator.caller());
    }

    @Test
    void a_record_that_the_backup_has_is_repeated_too() throws SQLException {
        String id = erasures.session(1, "pass");
        String backup = row(id);
        String erasure = erasures.started();
        run();
        restore(id, backup);

        repeat(recordOf(erasure)).then().statusCode(202);
        run();

        api.get(id).then().body("reference", nullValue());
        erasures.get(erasure).then().body("status", equalTo("DONE"));
    }

    @Test
    void a_record_may_be_repeated_again_and_nothing_more_happens() {
        String id = erasures.session(1, "pass");
        String erasure = erasures.started();
        run();
        String finished = erasures.get(erasure).path("finishedAt");
        Map<String, Object> record = recordOf(erasure);

        for (int time = 0; time < 2; time++) {
            repeat(record).then().statusCode(202).body("sessionsFound", equalTo(1));
            run();
        }

        erasures.get(erasure).then().body("status", equalTo("DONE")).body("finishedAt", equalTo(finished));
        assertThat(stored.count(
                        "select count(*) from session_event where session_id = ? and type = 'ERASED'",
                        UUID.fromString(id)))
                .isEqualTo(1);
    }

    @Test
    void a_session_that_was_open_in_the_backup_is_erased_when_it_has_ended() throws SQLException {
        String id = api.open(erasures.key(1), erasures.body("pass")).path("id");
        String erasure = UUID.randomUUID().toString();

        repeat(record(erasure, api.caller(), id)).then().statusCode(202).body("sessionsFound", equalTo(1));
        run();
        erasures.get(erasure).then().body("status", equalTo("RUNNING")).body("sessionsWaiting", equalTo(1));
        api.check(id).then().body("status", equalTo("PASSED"));
        stored.execute(
                "update erasure set next_run_at = next_run_at - interval '1 minute' where id = ?",
                UUID.fromString(erasure));
        run();

        api.get(id).then().body("reference", nullValue());
        erasures.get(erasure).then().body("status", equalTo("DONE"));
    }

    @Test
    void sessions_that_the_backup_lacks_or_another_caller_has_are_counted_and_left() {
        Api another = Api.asNewCaller();
        String foreign = new ErasureApi(another, mark).session(1, "pass");
        String erasure = UUID.randomUUID().toString();

        repeat(record(erasure, api.caller(), foreign, UUID.randomUUID().toString()))
                .then()
                .statusCode(202)
                .body("sessionsFound", equalTo(0))
                .body("sessionsMissing", equalTo(2));
        run();

        another.get(foreign).then().body("reference", equalTo(mark));
        erasures.get(erasure).then().body("status", equalTo("DONE")).body("sessionsWaiting", equalTo(0));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"another caller", "another session"})
    void a_record_that_is_not_that_of_the_erasure_with_its_id_is_refused(String differs) {
        String listed = erasures.session(1, "pass");
        String erasure = erasures.started();
        String later = erasures.session(2, "pass");

        repeat(
                        differs.equals("another caller")
                                ? record(erasure, "another", listed)
                                : record(erasure, api.caller(), listed, later))
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("id"));
        run();

        erasures.get(erasure).then().body("status", equalTo("DONE")).body("sessionsErased", equalTo(1));
        api.get(later).then().body("reference", equalTo(mark));
    }

    @Test
    void a_broken_record_names_the_field() {
        String id = UUID.randomUUID().toString();
        Map.of("id", "x", "caller", "", "requestedAt", "yesterday", "sessionIds", List.of(id, id))
                .forEach((field, value) -> {
                    Map<String, Object> record = new HashMap<>(record(id, "shop", id));
                    record.put(field, value);
                    String named =
                            repeat(record).then().statusCode(400).extract().path("errors[0].field");
                    assertThat(named).isEqualTo(field.equals("sessionIds") ? "sessionIds[1]" : field);
                });
    }

    @Test
    void records_are_for_operators_alone() {
        api.request().get(RECORDS).then().statusCode(403);
        api.request()
                .contentType(ContentType.JSON)
                .body(record(UUID.randomUUID().toString(), api.caller()))
                .post(RECORDS)
                .then()
                .statusCode(403);
    }

    private void run() {
        job.run();
    }

    private static Map<String, Object> record(String erasure, String caller, String... sessions) {
        return Map.of(
                "id",
                erasure,
                "caller",
                caller,
                "requestedAt",
                "2026-11-26T10:00:00Z",
                "sessionIds",
                List.of(sessions));
    }

    private Response repeat(Map<String, Object> record) {
        return operator.request().contentType(ContentType.JSON).body(record).post(RECORDS);
    }

    private Map<String, Object> recordOf(String erasure) {
        return page(erasures.get(erasure).path("requestedAt"), null).<List<Map<String, Object>>>path("items").stream()
                .filter(record -> record.get("id").equals(erasure))
                .findFirst()
                .orElseThrow();
    }

    /** The ids of all pages. */
    private List<String> listed(String since) {
        Response page = page(since, null);
        List<String> ids = page.path("items.id");
        for (String token = page.path("nextPageToken"); token != null; token = page.path("nextPageToken")) {
            page = page(since, token);
            ids.addAll(page.path("items.id"));
        }
        return ids;
    }

    private Response page(String since, String token) {
        Map<String, String> query = new HashMap<>();
        query.put("pageSize", "100");
        if (since != null) {
            query.put("since", since);
        }
        if (token != null) {
            query.put("pageToken", token);
        }
        Response page = operator.request().queryParams(query).get(RECORDS);
        page.then().statusCode(200);
        return page;
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

    /** As if it had been requested after the backup. */
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

package io.liveness.gateway.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.check.schedule.LeaseWriteOffs;
import io.liveness.gateway.check.settle.Ticks;
import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The data of a person is erased over all sessions of a caller, and the fees stay. */
@QuarkusTest
class ErasureTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Api api = Api.asNewCaller();
    private final String mark = "m" + UUID.randomUUID();
    private final ErasureApi erasures = new ErasureApi(api, mark);

    @Inject
    RunErasures job;

    @Inject
    MeterRegistry meters;

    @Inject
    Thinning thinning;

    @Inject
    LeaseWriteOffs writeOffs;

    @Inject
    Ticks ticks;

    @Inject
    Sandbox sandbox;

    @Inject
    Stored stored;

    @Test
    void the_data_of_the_person_goes_and_the_fee_stays() {
        String id = erasures.session(1, "pass");
        Response before = api.get(id);
        List<String> ledger = entries(id);

        String erasure = erasures.started();
        run();

        erasures.get(erasure)
                .then()
                .statusCode(200)
                .body("status", equalTo("DONE"))
                .body("finishedAt", notNullValue())
                .body("sessionsErased", equalTo(1))
                .body("sessionsWaiting", equalTo(0));
        api.get(id)
                .then()
                .statusCode(200)
                .body("status", equalTo("PASSED"))
                .body("erasedAt", notNullValue())
                .body("returnUrl", equalTo(""))
                .body("verdict.code", equalTo(200))
                .body("verdict.message", equalTo(""))
                .body("reference", nullValue())
                .body("metadata", nullValue())
                .body("title", nullValue())
                .body("charge.status", equalTo("CHARGED"))
                .body("charge.taskNo", equalTo(before.path("charge.taskNo")))
                .body("charge.amount.value", equalTo(before.path("charge.amount.value")));
        assertThat(entries(id)).isEqualTo(ledger).hasSize(2);
        api.request().get(Api.SESSIONS + "/" + id + "/face-image").then().statusCode(410);
    }

    @Test
    void a_read_of_the_feed_that_waits_hears_of_it() throws Exception {
        String id = erasures.session(1, "pass");
        CompletableFuture<Response> feed = CompletableFuture.supplyAsync(() -> api.request()
                .queryParam("from", "latest")
                .queryParam("waitSeconds", "30")
                .get("/v1/events"));
        await().until(() -> meters.get("liveness.waiters").gauge().value() == 1);

        erasures.started();
        run();

        feed.get(10, TimeUnit.SECONDS)
                .then()
                .body("items.type", equalTo(List.of("liveness.session.redacted")))
                .body("items.data.sessionId", equalTo(List.of(id)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pass", "not-pass", "fail", "code-601", "code-609-once"})
    void no_table_has_a_mark_of_the_person_when_the_key_has_gone_too(String scenario) throws SQLException {
        String id = erasures.session(1, scenario);
        assertThat(stored.tablesWith(mark)).isNotEmpty();

        erasures.started();
        run();
        assertThat(stored.tablesWith(mark))
                .as("which has the key for another day")
                .containsExactly("liveness_session");
        thinnedAfterADay(id);

        assertThat(stored.tablesWith(mark)).isEmpty();
        assertThat(stored.strings("select thinned_at::text from liveness_session where id = ?", UUID.fromString(id)))
                .doesNotContainNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pass", "fail", "code-601", "code-609-once"})
    void a_replay_of_its_key_is_gone_at_once_and_for_good(String scenario) throws SQLException {
        String id = erasures.session(1, scenario);
        long calls = sandbox.books().initCalls();

        erasures.started();
        run();
        gone(id, scenario);
        thinnedAfterADay(id);
        gone(id, scenario);

        assertThat(sandbox.books().initCalls()).isEqualTo(calls);
    }

    private void gone(String id, String scenario) {
        api.open(erasures.key(1), erasures.body(scenario))
                .then()
                .statusCode(410)
                .body("code", equalTo("gone"))
                .body("sessionId", equalTo(id));
        Api.as(api.caller(), "importer")
                .importSession(erasures.key(1), Api.openedElsewhere(Instant.now()))
                .then()
                .statusCode(410)
                .body("sessionId", equalTo(id));
    }

    @Test
    void all_sessions_with_exactly_this_reference_are_erased_and_no_others() {
        String one = erasures.session(1, "pass");
        String two = erasures.session(2, "not-pass");
        ErasureApi similar = new ErasureApi(api, mark + "x");
        String other = similar.session(1, "pass");
        Api another = Api.asNewCaller();
        String foreign = new ErasureApi(another, mark).session(1, "pass");

        erasures.started();
        String later = erasures.session(3, "pass");
        run();

        assertThat(List.of(isErased(one), isErased(two))).containsOnly(true);
        assertThat(isErased(other)).as("another reference").isFalse();
        assertThat(isErased(foreign)).as("another caller's").isFalse();
        assertThat(isErased(later)).as("opened afterwards").isFalse();
        another.get(foreign).then().body("reference", equalTo(mark));
    }

    @Test
    void a_session_without_a_verdict_is_erased_when_it_has_one() throws SQLException {
        String open = api.open(erasures.key(1), erasures.body("pass")).path("id");
        String ended = erasures.session(2, "pass");

        String erasure = erasures.started();
        run();
        erasures.get(erasure)
                .then()
                .body("status", equalTo("RUNNING"))
                .body("finishedAt", nullValue())
                .body("sessionsErased", equalTo(1))
                .body("sessionsWaiting", equalTo(1));
        assertThat(isErased(ended)).isTrue();
        api.get(open).then().body("reference", equalTo(mark)).body("status", equalTo("PENDING"));

        api.check(open).then().body("status", equalTo("PASSED"));
        run();
        assertThat(isErased(open)).as("within the minute").isFalse();
        aMinuteLater(erasure);
        run();

        assertThat(isErased(open)).isTrue();
        erasures.get(erasure).then().body("status", equalTo("DONE")).body("sessionsErased", equalTo(2));
    }

    @Test
    void a_lost_init_is_erased_when_its_fee_has_returned() throws SQLException {
        String id = erasures.session(1, "drop-after-fee");
        String erasure = erasures.started();
        run();
        erasures.get(erasure).then().body("sessionsWaiting", equalTo(1));

        stored.execute(
                "update session_schedule set next_poll_at = liveness_now() - interval '1 second' where session_id = ?",
                UUID.fromString(id));
        writeOffs.lease(100).chain(found -> ticks.writeOff(found.due())).await().atMost(PATIENCE);
        aMinuteLater(erasure);
        run();

        assertThat(isErased(id)).isTrue();
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/PRESUMED", "REFUND/PRESUMED");
    }

    @Test
    void two_erasures_of_one_person_erase_each_session_once_and_both_finish() {
        String id = erasures.session(1, "pass");
        String one = erasures.started();
        String two = erasures.started();

        run();

        for (String erasure : List.of(one, two)) {
            erasures.get(erasure)
                    .then()
                    .body("status", equalTo("DONE"))
                    .body("sessionsErased", equalTo(1))
                    .body("sessionsWaiting", equalTo(0));
        }
        assertThat(events(id)).filteredOn(event -> event.startsWith("ERASED")).hasSize(1);
    }

    @Test
    void two_replicas_together_erase_each_session_once() {
        List<String> sessions =
                List.of(erasures.session(1, "pass"), erasures.session(2, "not-pass"), erasures.session(3, "pass"));
        String erasure = erasures.started();
        UUID id = UUID.fromString(erasure);

        CompletableFuture.allOf(
                        CompletableFuture.runAsync(() -> job.eraseSome(id, "a")),
                        CompletableFuture.runAsync(() -> job.eraseSome(id, "b")),
                        CompletableFuture.runAsync(job::run))
                .join();

        for (String session : sessions) {
            assertThat(events(session))
                    .filteredOn(event -> event.startsWith("ERASED"))
                    .hasSize(1);
        }
    }

    @Test
    void what_a_crash_has_left_is_done_by_the_next_run() throws SQLException {
        String first = erasures.session(1, "pass");
        String erasure = erasures.started();
        // A replica has taken the erasure and erased some sessions; then it is gone.
        stored.execute(
                "update erasure set next_run_at = liveness_now() + interval '1 minute' where id = ?",
                UUID.fromString(erasure));
        job.eraseSome(UUID.fromString(erasure), api.caller());

        run();
        erasures.get(erasure).then().body("status", equalTo("RUNNING")).body("sessionsErased", equalTo(1));
        aMinuteLater(erasure);
        run();

        erasures.get(erasure).then().body("status", equalTo("DONE"));
        assertThat(events(first))
                .filteredOn(event -> event.startsWith("ERASED"))
                .hasSize(1);
    }

    @Test
    void a_refused_session_that_is_opened_again_before_its_turn_waits_for_its_new_end() throws SQLException {
        String id = erasures.session(1, "code-609-once");
        String erasure = erasures.started();

        api.open(erasures.key(1), erasures.body("code-609-once"))
                .then()
                .statusCode(201)
                .body("id", equalTo(id));
        run();
        assertThat(isErased(id)).isFalse();
        api.check(id);
        aMinuteLater(erasure);
        run();

        assertThat(isErased(id)).isTrue();
    }

    @Test
    void the_same_key_begins_one_erasure() {
        erasures.session(1, "pass");
        String first =
                erasures.start("erase" + mark).then().statusCode(202).extract().path("id");

        erasures.start("erase" + mark)
                .then()
                .statusCode(202)
                .header("Idempotency-Replayed", "true")
                .body("id", equalTo(first))
                .body("sessionsWaiting", equalTo(1));
        erasures.start("erase" + mark, "another")
                .then()
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        new ErasureApi(Api.asNewCaller(), mark)
                .start("erase" + mark)
                .then()
                .statusCode(202)
                .header("Idempotency-Replayed", nullValue());

        assertThat(stored.count("select count(*) from erasure where caller = ?", api.caller()))
                .isEqualTo(1);
        assertThat(stored.count("select count(*) from erasure e where strpos(e::text, ?) > 0", mark))
                .isZero();
    }

    @Test
    void a_broken_request_names_the_field_and_never_repeats_the_reference() {
        for (String reference : List.of("", "r".repeat(65))) {
            String answer = erasures.start("key", reference)
                    .then()
                    .statusCode(400)
                    .body("errors[0].field", equalTo("reference"))
                    .extract()
                    .asString();
            assertThat(reference.isEmpty() || !answer.contains(reference)).isTrue();
        }
        erasures.start("a key").then().statusCode(400).body("errors[0].field", equalTo("Idempotency-Key"));
        erasures.start("").then().statusCode(400).body("code", equalTo("idempotency-key-missing"));
        assertThat(erasures.start("key").asString()).doesNotContain(mark);
    }

    @Test
    void a_reference_that_too_many_sessions_have_is_refused() throws SQLException {
        String id = erasures.session(1, "pass");
        try {
            copies(id, Erasure.MOST_SESSIONS);
            erasures.start("key").then().statusCode(400).body("errors[0].field", equalTo("reference"));
            assertThat(stored.count("select count(*) from erasure where caller = ?", api.caller()))
                    .isZero();

            stored.execute(
                    "update liveness_session set reference = null where id = ? and caller = ?",
                    UUID.fromString(id),
                    api.caller());
            String erasure = erasures.started();
            run();
            erasures.get(erasure)
                    .then()
                    .body("status", equalTo("DONE"))
                    .body("sessionsErased", equalTo(Erasure.MOST_SESSIONS));
        } finally {
            removeCopies();
        }
    }

    private void copies(String id, int count) throws SQLException {
        stored.execute(
                "insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url,"
                        + " action_style, actions, action_mutex, anti_camera_hack, reference, attempt, init_at, created_at, updated_at)"
                        + " select gen_random_uuid(), caller, 'copy-' || n, request_hash, 'REJECTED', 'NONE', return_url, action_style,"
                        + " actions, action_mutex, anti_camera_hack, reference, 1, init_at, created_at, updated_at"
                        + " from liveness_session, generate_series(1, ?) n where id = ?",
                count,
                UUID.fromString(id));
    }

    private void removeCopies() throws SQLException {
        stored.execute(
                "delete from session_event where session_id in (select id from liveness_session where caller = ? and status = 'REJECTED')",
                api.caller());
        stored.execute("delete from liveness_session where caller = ? and status = 'REJECTED'", api.caller());
    }

    @Test
    void a_caller_lists_its_own_newest_first_page_by_page() {
        String one = erasures.started();
        String two = erasures.started();
        String three = erasures.started();
        new ErasureApi(Api.asNewCaller(), mark).started();

        Response page = api.request().queryParam("pageSize", 2).get(ErasureApi.ERASURES);
        page.then().statusCode(200).body("items.id", equalTo(List.of(three, two)));
        api.request()
                .queryParam("pageSize", 2)
                .queryParam("pageToken", page.<String>path("nextPageToken"))
                .get(ErasureApi.ERASURES)
                .then()
                .statusCode(200)
                .body("items.id", equalTo(List.of(one)))
                .body("nextPageToken", nullValue());
    }

    @Test
    void an_erasure_of_another_caller_does_not_exist() {
        String erasure = erasures.started();

        new ErasureApi(Api.asNewCaller(), mark).get(erasure).then().statusCode(404);
    }

    private void run() {
        job.run();
    }

    private void aMinuteLater(String erasure) throws SQLException {
        stored.execute(
                "update erasure set next_run_at = next_run_at - interval '1 minute' where id = ?",
                UUID.fromString(erasure));
    }

    private void thinnedAfterADay(String id) throws SQLException {
        stored.execute(
                "update liveness_session set key_hashed_at = key_hashed_at - interval '1 day' where id = ?",
                UUID.fromString(id));
        thinning.run();
    }

    private boolean isErased(String id) {
        return stored.count(
                        "select count(*) from liveness_session where id = ? and erased_at is not null and reference is null",
                        UUID.fromString(id))
                == 1;
    }

    /** Each event in the form {@code TYPE/by}. */
    private List<String> events(String id) {
        return stored.strings(
                "select concat_ws('/', type, detail ->> 'by') from session_event where session_id = ? order by seq",
                UUID.fromString(id));
    }

    private List<String> entries(String id) {
        return stored.strings("select e::text from ledger_entry e where session_id = ?", UUID.fromString(id));
    }
}

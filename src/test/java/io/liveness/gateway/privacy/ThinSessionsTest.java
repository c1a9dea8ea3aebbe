package io.liveness.gateway.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.check.schedule.LeaseWriteOffs;
import io.liveness.gateway.check.settle.Ticks;
import io.liveness.gateway.platform.postgres.DatabaseFigures;
import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A year after its end a session loses the data of its request, and its key opens nothing again. */
@QuarkusTest
class ThinSessionsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Api api = Api.asNewCaller();
    private final String mark = "mark-" + UUID.randomUUID();
    private final String key = "key-" + mark;

    @Inject
    DatabaseFigures figures;

    @Inject
    ThinSessions thinning;

    @Inject
    LeaseWriteOffs writeOffs;

    @Inject
    Ticks ticks;

    @Inject
    Sandbox sandbox;

    @Inject
    MeterRegistry registry;

    @Inject
    Stored stored;

    @AfterEach
    void remove_what_seems_old() throws SQLException {
        stored.execute(
                "update liveness_session set updated_at = init_at,"
                        + " verdict_at = case when verdict_at is not null then init_at end,"
                        + " charge_settled_at = case when charge_settled_at is not null then init_at end"
                        + " where caller = ? and updated_at < init_at",
                api.caller());
        stored.execute(
                "update session_end set unhashed_since = liveness_now() where caller = ? and unhashed_since is not null",
                api.caller());
    }

    @Test
    void the_data_of_the_request_goes_and_the_fee_stays() throws SQLException {
        String id = settled("pass");
        api.request().get(Api.SESSIONS + "/" + id + "/face-image").then().statusCode(200);
        assertThat(api.dataEventTypes(id)).containsExactly("FACE_VIEWED");
        Response before = api.get(id);
        List<String> ledger = entries(id);

        thinned(id);

        api.get(id)
                .then()
                .statusCode(200)
                .body("status", equalTo("PASSED"))
                .body("thinnedAt", notNullValue())
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
        assertThat(api.eventTypes(id)).endsWith("SETTLED");
        api.request()
                .get(Api.SESSIONS + "/" + id + "/data-events")
                .then()
                .statusCode(200)
                .body("items.type", contains("THINNED"))
                .body("items.by", contains("retention"));
        assertThat(stored.strings(
                        "select title || verdict_message from liveness_session where id = ?", UUID.fromString(id)))
                .containsExactly((String) null);
    }

    @Test
    void no_table_has_a_mark_of_the_request_afterwards() throws SQLException {
        api.request()
                .contentType(ContentType.JSON)
                .body("{\"url\":\"https://shop.example/webhooks\"}")
                .post("/v1/webhook-endpoints?verify=false")
                .then()
                .statusCode(201);
        String id = settled("pass");
        assertThat(stored.tablesWith(mark)).containsExactly("liveness_session");
        assertThat(stored.tablesWith(id)).contains("webhook_delivery");
        stored.execute(
                "update webhook_delivery"
                        + " set attempts = jsonb_build_array(jsonb_build_object('millis', 1, 'answer', ?))"
                        + " where session_id = ?",
                "unknown: " + mark,
                UUID.fromString(id));

        thinned(id);

        assertThat(stored.tablesWith(mark)).isEmpty();
    }

    @Test
    void its_key_is_gone_and_opens_nothing_again() throws SQLException {
        String id = settled("pass");

        thinned(id);

        for (String scenario : List.of("pass", "fail")) {
            api.open(key, body(scenario))
                    .then()
                    .statusCode(410)
                    .body("code", equalTo("gone"))
                    .body("sessionId", equalTo(id));
        }
        assertThat(inits()).isEqualTo(1);
        assertThat(stored.count("select count(*) from liveness_session where caller = ?", api.caller()))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not-pass", "fail", "code-601", "code-609-once"})
    void every_end_is_thinned_and_its_key_opens_nothing_again(String scenario) throws SQLException {
        String id = ended(scenario);
        long calls = sandbox.books().initCalls();

        thinned(id);

        assertThat(isThinned(id)).isTrue();
        api.open(key, body(scenario)).then().statusCode(410);
        assertThat(sandbox.books().initCalls()).isEqualTo(calls);
    }

    @Test
    void a_lost_init_is_thinned_when_its_fee_has_returned() throws SQLException {
        String id = ended("drop-after-fee");
        thinned(id);
        assertThat(isThinned(id)).isFalse();

        stored.execute(
                "update session_schedule set next_poll_at = liveness_now() - interval '1 second' where session_id = ?",
                UUID.fromString(id));
        writeOffs.lease(100).chain(found -> ticks.writeOff(found.due())).await().atMost(PATIENCE);
        assertThat(api.get(id).<String>path("charge.status")).isEqualTo("REFUNDED");
        thinned(id);

        assertThat(isThinned(id)).isTrue();
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/PRESUMED", "REFUND/PRESUMED");
    }

    @Test
    void the_key_is_hashed_a_day_before_anything_is_erased() throws SQLException {
        String id = settled("pass");
        ended(id, "363 days");
        thin();
        assertThat(keyHash(id)).isNull();

        ended(id, "366 days");
        thin();
        assertThat(keyHash(id)).isNotNull();
        hashed(id, "23 hours");
        thin();
        assertThat(isThinned(id)).isFalse();
        replayed(id);

        hashed(id, "24 hours");
        thin();
        assertThat(isThinned(id)).isTrue();
    }

    @Test
    void a_refused_session_that_is_opened_again_is_not_thinned_before_its_new_end() throws SQLException {
        String id = ended("code-609-once");
        ended(id, "366 days");
        thin();
        assertThat(keyHash(id)).isNotNull();

        api.open(key, body("code-609-once")).then().statusCode(201).body("id", equalTo(id));
        api.check(id);
        thin();

        assertThat(keyHash(id)).isNull();
        assertThat(isThinned(id)).isFalse();
    }

    @Test
    void what_is_due_is_counted_until_it_is_thinned() throws SQLException {
        String id = settled("pass");
        double thinnedBefore =
                registry.get("liveness.sessions.thinned").counter().count();
        ended(id, "366 days");

        assertThat(due()).isEqualTo(1);
        assertThat(registry.get("liveness.thinning.overdue").gauge().value())
                .isCloseTo(Duration.ofDays(1).toSeconds(), within(60.0));
        thin();
        assertThat(due()).isEqualTo(1);
        hashed(id, "1 day");
        thin();

        assertThat(due()).isZero();
        assertThat(registry.get("liveness.thinning.overdue").gauge().value()).isZero();
        assertThat(registry.get("liveness.sessions.thinned").counter().count()).isEqualTo(thinnedBefore + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "idempotency_key = 'x'",
                "request_hash = ''",
                "return_url = 'x'",
                "title = 'x'",
                "reference = 'x'",
                "metadata = '{}'",
                "verdict_message = 'x'",
                "status = 'OPENING'",
                "key_hash = null, key_hashed_at = null"
            })
    void the_database_holds_a_thinned_session_to_it(String change) throws SQLException {
        String id = settled("pass");
        thinned(id);

        assertThatThrownBy(() ->
                        stored.execute("update liveness_session set " + change + " where id = ?", UUID.fromString(id)))
                .hasMessageContaining("thinned_is_erased");
    }

    private String body(String scenario) {
        return """
                {"returnUrl": "https://shop.example/%1$s", "title": "sandbox:%2$s", "reference": "%1$s", "metadata": {"order": "%1$s"}}""".formatted(mark, scenario);
    }

    private String settled(String scenario) {
        String id = ended(scenario);
        assertThat(api.get(id).<String>path("status")).isEqualTo("PASSED");
        return id;
    }

    /** The session of a scenario, which has no token any more. */
    private String ended(String scenario) {
        Response opened = api.open(key, body(scenario));
        if (opened.statusCode() != 201) {
            return opened.path("sessionId");
        }
        api.check(opened.path("id"));
        return opened.path("id");
    }

    private void thinned(String id) throws SQLException {
        ended(id, "366 days");
        thin();
        hashed(id, "1 day");
        thin();
    }

    private void thin() {
        thinning.thin();
    }

    /** Puts the end of a session back. */
    private void ended(String id, String ago) throws SQLException {
        stored.execute(
                "update liveness_session set updated_at = liveness_now() - ?::interval,"
                        + " verdict_at = case when verdict_at is not null then liveness_now() - ?::interval end,"
                        + " charge_settled_at = case when charge_settled_at is not null then liveness_now() - ?::interval end"
                        + " where id = ?",
                ago,
                ago,
                ago,
                UUID.fromString(id));
        stored.execute(
                "update session_end set unhashed_since = liveness_now() - ?::interval"
                        + " where session_id = ? and unhashed_since is not null",
                ago,
                UUID.fromString(id));
    }

    private void hashed(String id, String ago) throws SQLException {
        stored.execute(
                "update liveness_session set key_hashed_at = liveness_now() - ?::interval"
                        + " where id = ? and key_hash is not null",
                ago,
                UUID.fromString(id));
    }

    private void replayed(String id) {
        api.open(key, body("pass"))
                .then()
                .statusCode(200)
                .header("Idempotency-Replayed", "true")
                .body("id", equalTo(id))
                .body("reference", equalTo(mark));
    }

    private boolean isThinned(String id) {
        return stored.count(
                        "select count(*) from liveness_session where id = ? and thinned_at is not null",
                        UUID.fromString(id))
                == 1;
    }

    private String keyHash(String id) {
        return stored.strings("select key_hash::text from liveness_session where id = ?", UUID.fromString(id))
                .get(0);
    }

    private List<String> entries(String id) {
        return stored.strings("select e::text from ledger_entry e where session_id = ?", UUID.fromString(id));
    }

    private double due() {
        figures.read().await().indefinitely();
        return registry.get("liveness.sessions.thinning.due").gauge().value();
    }

    private long inits() {
        return sandbox.books().rows().stream()
                .filter(row -> row.returnUrl().endsWith(mark))
                .count();
    }
}

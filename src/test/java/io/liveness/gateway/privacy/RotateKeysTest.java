package io.liveness.gateway.privacy;

import static io.liveness.gateway.privacy.TwoKeys.NEW;
import static io.liveness.gateway.privacy.TwoKeys.bytes;
import static io.liveness.gateway.privacy.TwoKeys.putUnderOld;
import static io.liveness.gateway.privacy.TwoKeys.underOld;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.notify.WebhookApi;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.security.Encryption;
import io.liveness.gateway.privacy.face.FaceImageTest;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LogRecorder;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An old key is kept until what it has sealed is gone or sealed anew, and then it is free. */
@QuarkusTest
@TestProfile(OptionsOn.class)
class RotateKeysTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final Api api = Api.asNewCaller();
    private final WebhookApi webhooks = new WebhookApi(api);

    @Inject
    RotateKeys rotation;

    @Inject
    KeysInUse keys;

    @Inject
    Batch batch;

    @Inject
    Sealing sealing;

    @Inject
    MeterRegistry registry;

    @Inject
    Stored stored;

    @BeforeEach
    void both_keys_are_in_use() throws SQLException {
        stored.execute("delete from webhook_endpoint");
        stored.execute("delete from session_schedule");
        stored.execute("delete from session_event");
        stored.execute("delete from erasure_session");
        stored.execute("delete from erasure");
        stored.unguarded("delete from ledger_entry");
        stored.execute("delete from liveness_session");
        stored.execute("delete from encryption_key");
        started(OptionsOn.OLD_KEY, OptionsOn.NEW_KEY);
        written("old", "5 minutes");
        keys.check();
    }

    @AfterEach
    void no_key_has_other_bytes() throws SQLException {
        stored.execute("delete from hash_key");
        keys.check();
    }

    @Test
    void secrets_and_the_key_of_hashes_are_sealed_anew_and_sessions_keep_the_old_key_until_they_have_ended()
            throws SQLException {
        String open = api.opened("abandon");
        String passed = api.settled("pass");
        WebhookApi.Endpoint endpoint = webhooks.created();
        webhooks.post(endpoint, "rotate-secret").then().statusCode(200);
        webhooks.post(endpoint, "rotate-secret").then().statusCode(200);
        putUnderOld(stored);
        assertThat(underOld(stored))
                .containsExactly(
                        "check_url",
                        "face_url",
                        "hash_key",
                        "old_secret",
                        "older_secret",
                        "schedule",
                        "secret",
                        "token");

        assertThat(isInUseAfterRotation("old")).isTrue();
        assertThat(underOld(stored)).containsExactly("check_url", "face_url", "schedule", "token");
        assertThat(NEW.open(
                        bytes(stored, "select secrets_sealed[3] from webhook_endpoint"),
                        "webhook-endpoint/" + endpoint.id() + "/secret"))
                .isEqualTo(endpoint.secret());
        assertThat(FaceImageTest.face(api, passed).statusCode()).isEqualTo(200);

        api.request().delete(Api.SESSIONS + "/" + passed + "/face-image").then().statusCode(204);
        assertThat(isInUseAfterRotation("old")).as("for the open session").isTrue();
        api.request().get(Api.SESSIONS + "/" + open).then().statusCode(200);
        stored.execute("delete from session_schedule");
        stored.execute("update liveness_session set status = 'EXPIRED', token_sealed = null, check_url_sealed = null"
                + " where status = 'PENDING'");

        assertThat(isInUseAfterRotation("old")).isFalse();
        assertThat(underOld(stored)).isEmpty();
    }

    @Test
    void sessions_and_erasures_are_found_by_token_and_key_after_a_rotation() throws SQLException {
        Response session = api.open("pass");
        api.check(session.path("id"));
        String erasure =
                erase("leave", "person").then().statusCode(202).extract().path("id");
        String thinnedKey = UUID.randomUUID().toString();
        String thinned = thinned(thinnedKey);
        putUnderOld(stored);
        stored.execute("update liveness_session set face_url_sealed = null");

        assertThat(isInUseAfterRotation("old")).isFalse();

        api.request()
                .contentType(ContentType.JSON)
                .body(Map.of("token", session.<String>path("token")))
                .post(Api.SESSIONS + "/lookup")
                .then()
                .statusCode(200)
                .body("id", equalTo(session.path("id")));
        api.open(thinnedKey, Api.scenario("pass")).then().statusCode(410).body("sessionId", equalTo(thinned));
        erase("leave", "person").then().statusCode(202).body("id", equalTo(erasure));
        erase("leave", "another").then().statusCode(422).body("code", equalTo("idempotency-key-reused"));
    }

    @Test
    void a_key_of_hashes_that_is_lost_is_made_anew() throws SQLException {
        stored.execute("update hash_key set sealed = '\\x00'");
        try (LogRecorder log = LogRecorder.start()) {
            assertThat(started(OptionsOn.OLD_KEY, OptionsOn.NEW_KEY).lookupHash("token"))
                    .isEqualTo(TwoKeys.OLD.lookupHash("token"));
            assertThat(log.lines()).anyMatch(line -> line.contains("hash-key.unreadable nth=1"));
        }

        assertThat(started(OptionsOn.NEW_KEY, OptionsOn.OLD_KEY).lookupHash("token"))
                .as("under the key that was made meanwhile")
                .isEqualTo(TwoKeys.OLD.lookupHash("token"));
    }

    @Test
    void a_secret_that_the_owner_changes_meanwhile_is_not_brought_back() throws Exception {
        WebhookApi.Endpoint endpoint = webhooks.created();
        putUnderOld(stored);
        CompletableFuture<Void> rotated;
        try (Connection other = stored.connection();
                PreparedStatement change = other.prepareStatement("update webhook_endpoint"
                        + " set secrets_sealed = '\\x036e657700'::bytea || secrets_sealed where id = ?::uuid")) {
            other.setAutoCommit(false);
            change.setString(1, endpoint.id());
            assertThat(change.executeUpdate()).isEqualTo(1);
            rotated = CompletableFuture.runAsync(rotation::rotate);
            Patience.await("the rotation to wait for the row", PATIENCE).until(() -> waiting() > 0);
            other.commit();
        }
        rotated.join();
        assertThat(bytes(stored, "select secrets_sealed[1] from webhook_endpoint"))
                .isEqualTo(new byte[] {3, 'n', 'e', 'w', 0});
        assertThat(isInUse("old")).isTrue();

        assertThat(isInUseAfterRotation("old")).isFalse();
        assertThat(NEW.open(
                        bytes(stored, "select secrets_sealed[2] from webhook_endpoint"),
                        "webhook-endpoint/" + endpoint.id() + "/secret"))
                .isEqualTo(endpoint.secret());
    }

    @Test
    void the_row_of_a_key_that_stays_in_use_is_in_every_scrape() {
        rotation.rotate();
        Gauge before = gaugeOf("new");

        rotation.rotate();

        assertThat(gaugeOf("new")).as("not removed and added again").isSameAs(before);
    }

    @Test
    void a_secret_that_cannot_be_opened_keeps_the_key_in_use_and_stops_no_other() throws SQLException {
        WebhookApi.Endpoint damaged = webhooks.created();
        webhooks.created();
        putUnderOld(stored);
        stored.execute(
                "update webhook_endpoint set secrets_sealed[1] = substring(secrets_sealed[1] from 1 for 30) where id = ?::uuid",
                damaged.id());
        try (LogRecorder log = LogRecorder.start()) {
            rotation.rotate();
            rotation.rotate();

            assertThat(log.lines().stream().filter(line -> line.contains("key-rotation.unreadable")))
                    .singleElement()
                    .asString()
                    .contains("table=webhook_endpoint row=" + damaged.id());
        }
        assertThat(stored.count("select count(*) from webhook_endpoint"
                        + " where substring(secrets_sealed[1] from 2 for 3) = 'old'::bytea"))
                .isEqualTo(1);
        assertThat(isInUse("old")).isTrue();
    }

    @Test
    void a_start_without_a_key_that_is_needed_is_refused_until_it_is_free() throws SQLException {
        api.open("abandon");
        putUnderOld(stored);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> started(OptionsOn.NEW_KEY))
                .withMessageContaining("liveness.encryption.keys lacks the key old, which stored values need");

        stored.execute("delete from session_schedule");
        stored.execute("update liveness_session set status = 'EXPIRED', token_sealed = null, check_url_sealed = null");
        assertThat(isInUseAfterRotation("old")).isFalse();

        assertThat(started(OptionsOn.NEW_KEY).keyIds()).containsExactly("new");
    }

    @Test
    void a_start_with_other_bytes_under_a_known_id_is_refused_and_records_nothing() {
        started(OptionsOn.NEW_KEY, OptionsOn.OLD_KEY);
        List<String> before = keysAsStored();
        String otherBytes = "new:" + OptionsOn.key("other").split(":")[1];

        assertThatIllegalArgumentException()
                .isThrownBy(() -> started(otherBytes, OptionsOn.OLD_KEY))
                .withMessageContaining("liveness.encryption.keys has other bytes under the id new");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> started(OptionsOn.OLD_KEY, otherBytes))
                .withMessageContaining("under the id new");

        assertThat(keysAsStored()).isEqualTo(before);
    }

    private List<String> keysAsStored() {
        return stored.strings("select k::text from encryption_key k order by id");
    }

    @Test
    void nothing_is_freed_while_a_replica_writes_under_another_key() throws SQLException {
        written("old", "4 minutes");
        assertThat(isInUseAfterRotation("old")).isTrue();

        written("old", "5 minutes");
        assertThat(isInUseAfterRotation("old")).isFalse();
    }

    private Response erase(String key, String reference) {
        return api.request()
                .header("Idempotency-Key", key)
                .contentType(ContentType.JSON)
                .body(Map.of("reference", reference))
                .post("/v1/erasures");
    }

    private String thinned(String key) throws SQLException {
        UUID id = UUID.fromString(api.open(key, Api.scenario("pass")).path("id"));
        api.check(id.toString());
        stored.execute(
                "update liveness_session set key_hash = ?, key_hashed_at = liveness_now(), thinned_at = liveness_now(),"
                        + " idempotency_key = null, request_hash = null, return_url = null, title = null, verdict_message = null,"
                        + " token_hash = null, face_url_sealed = null where id = ?",
                sealing.keyHash(api.caller(), key),
                id);
        return id.toString();
    }

    /** What another replica has after its start. */
    private Encryption started(String... configured) {
        Encryption replica = new Encryption(List.of(configured));
        new KeysInUse(batch, replica);
        return replica;
    }

    private long waiting() {
        return stored.count(
                "select count(*) from pg_locks where not granted"
                        + " and (database is null or database = (select oid from pg_database where datname = current_database()))");
    }

    /** How long ago a replica said that it writes under the key. */
    private void written(String key, String ago) throws SQLException {
        stored.execute(
                "update encryption_key set last_written_at = liveness_now() - ?::interval where id = ?", ago, key);
    }

    private boolean isInUseAfterRotation(String key) {
        rotation.rotate();
        boolean inUse = isInUse(key);
        assertThat(gauge(key)).isEqualTo(inUse ? 1 : 0);
        return inUse;
    }

    private boolean isInUse(String key) {
        return stored.count("select count(*) from encryption_key where unused_since is null and id = ?", key) == 1;
    }

    private double gauge(String key) {
        return gaugeOf(key).value();
    }

    private Gauge gaugeOf(String key) {
        return registry.get("liveness.encryption.key.in.use").tag("key", key).gauge();
    }
}

package io.liveness.gateway.retention.keys;

import static io.liveness.gateway.retention.keys.TwoKeys.NEW;
import static io.liveness.gateway.retention.keys.TwoKeys.OLD;
import static io.liveness.gateway.retention.keys.TwoKeys.bytes;
import static io.liveness.gateway.retention.keys.TwoKeys.column;
import static io.liveness.gateway.retention.keys.TwoKeys.putUnderOld;
import static io.liveness.gateway.retention.keys.TwoKeys.underOld;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.notification.WebhookApi;
import io.liveness.gateway.platform.encryption.Encryption;
import io.liveness.gateway.platform.encryption.KeyedHash;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.session.Sealing;
import io.liveness.gateway.session.face.FaceImageTest;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the key before has sealed and hashed is written anew under the first key, and then the key before is free. */
@QuarkusTest
@QuarkusTestResource(GatewayTestResource.class)
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
    RotatedTables tables;

    @Inject
    KeyMetrics metrics;

    @Inject
    Database database;

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
        stored.execute("alter table ledger_entry disable trigger user");
        stored.execute("delete from ledger_entry");
        stored.execute("alter table ledger_entry enable trigger user");
        stored.execute("delete from liveness_session");
        stored.execute("delete from encryption_key");
        stored.execute("insert into encryption_key (id, from_before) values ('old', true), ('new', false)");
        stored.execute("delete from key_rotation");
        stored.execute("insert into key_rotation default values");
    }

    @Test
    void every_sealed_value_and_every_hash_is_written_under_the_first_key() throws SQLException {
        Response pending = api.open("abandon");
        String passed = passed();
        String thinnedKey = UUID.randomUUID().toString();
        String thinned = thinned(thinnedKey);
        WebhookApi.Endpoint endpoint = webhooks.created();
        webhooks.post(endpoint, "rotate-secret").then().statusCode(200);
        webhooks.post(endpoint, "rotate-secret").then().statusCode(200);
        putUnderOld(stored);
        assertThat(underOld(stored))
                .containsExactly(
                        "check_url",
                        "face_url",
                        "key_digest",
                        "old_secret",
                        "older_secret",
                        "schedule",
                        "secret",
                        "token",
                        "token_digest");
        double before = rewritten();

        pass();

        assertThat(underOld(stored)).isEmpty();
        assertThat(inUse("old")).isFalse();
        assertThat(rewritten() - before).isEqualTo(5);
        assertThat(NEW.open(bytes(stored, "select token_sealed from session_schedule"), id(pending) + "/TOKEN"))
                .isEqualTo(pending.path("token"));
        assertThat(NEW.open(column(stored, "token_sealed", id(pending)), id(pending) + "/TOKEN"))
                .isEqualTo(pending.path("token"));
        assertThat(NEW.open(column(stored, "check_url_sealed", id(pending)), id(pending) + "/CHECK_URL"))
                .isEqualTo(pending.path("checkUrl"));
        assertThat(NEW.open(
                        bytes(stored, "select older_secret_sealed from webhook_endpoint"),
                        "webhook-endpoint/" + endpoint.id() + "/secret"))
                .isEqualTo(endpoint.secret());
        assertThat(FaceImageTest.face(api, passed).statusCode()).isEqualTo(200);
        assertThat(column(stored, "key_hash", thinned)).isEqualTo(NEW.digestHashes(keyOf(thinnedKey))[0]);
        api.open(thinnedKey, Api.scenario("pass")).then().statusCode(410).body("sessionId", equalTo(thinned));
        // An older release can check the token of a session that returns.
        assertThat(column(stored, "token_hash", id(pending))).isEqualTo(NEW.lookupHash(pending.path("token")));
        assertFound(pending.path("token"), id(pending));
    }

    @Test
    void a_session_whose_token_is_erased_is_found_by_it_under_the_first_key() throws SQLException {
        Response session = api.open("pass");
        putUnderOld(stored);
        api.check(id(session));
        assertThat(column(stored, "token_hash", id(session))).isEqualTo(OLD.lookupHash(session.path("token")));

        pass();

        assertThat(column(stored, "token_hash", id(session)))
                .isEqualTo(NEW.digestHash(Encryption.digest(session.path("token"))));
        assertFound(session.path("token"), id(session));
    }

    @Test
    void an_erasure_is_found_by_its_key_under_the_first_key() throws SQLException {
        String erasure =
                erase("leave", "person").then().statusCode(202).extract().path("id");
        assertThat(stored.strings("select hashed_under from erasure")).containsExactly("new");
        putUnderOld(stored);
        assertThat(underOld(stored)).containsExactly("erasure_key", "erasure_request");

        pass();

        assertThat(underOld(stored)).isEmpty();
        assertThat(inUse("old")).isFalse();
        assertThat(bytes(stored, "select key_hash from erasure"))
                .isEqualTo(NEW.digestHashes("erasure-key/" + ofCaller("leave"))[0]);
        assertThat(bytes(stored, "select request_hash from erasure"))
                .isEqualTo(NEW.digestHashes("erasure-request/" + ofCaller("leave person"))[0]);
        erase("leave", "person").then().statusCode(202).body("id", equalTo(erasure));
        erase("leave", "another").then().statusCode(422).body("code", equalTo("idempotency-key-reused"));
    }

    @Test
    void two_erasures_that_one_key_began_during_a_change_of_keys_do_not_stop_a_pass() throws SQLException {
        String first = erase("leave", "person").path("id");
        putUnderOld(stored);
        // As if its replica had written under the old key and had not committed when the second request came.
        stored.execute("update erasure set hashed_under = 'old', caller = 'away'");
        String second = erase("leave", "person").path("id");
        stored.execute("update erasure set caller = ?", api.caller());
        assertThat(second).isNotEqualTo(first);

        pass();

        assertThat(underOld(stored)).isEmpty();
        assertThat(inUse("old")).isFalse();
        assertThat(stored.strings("select hashed_under from erasure order by id"))
                .containsExactly("old", "new");
        erase("leave", "person").then().statusCode(202).body("id", equalTo(first));
    }

    @Test
    void a_damaged_erasure_keeps_the_key_in_use_and_one_without_hashes_stays_as_it_is() throws SQLException {
        erase("repeated", "person");
        stored.execute(
                "update erasure set hashed_under = null, key_hash = null, key_digest_sealed = null, request_hash = null,"
                        + " request_digest_sealed = null");
        String damaged = erase("damaged", "person").path("id");
        erase("leave", "person");
        putUnderOld(stored);
        stored.execute(
                "update erasure set key_digest_sealed = substring(key_digest_sealed from 1 for 30) where id = ?",
                UUID.fromString(damaged));

        pass();

        assertThat(underOld(stored)).containsExactly("erasure_key");
        assertThat(inUse("old")).isTrue();
        assertThat(stored.count("select unreadable from key_rotation")).isEqualTo(1);
        assertThat(stored.count("select count(*) from erasure where hashed_under is null and key_hash is null"))
                .isEqualTo(1);
    }

    @Test
    void rows_under_the_first_key_stay_as_they_are() throws SQLException {
        String id = passed();
        String before = stored.strings(
                        "select s::text || xmin from liveness_session s where id = ?", UUID.fromString(id))
                .get(0);

        pass();

        assertThat(stored.strings("select s::text || xmin from liveness_session s where id = ?", UUID.fromString(id)))
                .containsExactly(before);
        assertThat(inUse("old")).isFalse();
    }

    @Test
    void a_settled_session_does_not_get_its_token_back() throws SQLException {
        String id = id(api.open("abandon"));
        putUnderOld(stored);

        during(
                "update liveness_session set status = 'EXPIRED', token_sealed = null, check_url_sealed = null where id = ?",
                id);

        assertThat(stored.strings(
                        "select token_digest_sealed is not null and token_sealed is null and check_url_sealed is null"
                                + " from liveness_session where id = ?",
                        UUID.fromString(id)))
                .containsExactly("t");
        assertThat(underOld(stored)).isEmpty();
        assertThat(inUse("old")).isFalse();
    }

    @Test
    void a_redacted_face_does_not_come_back() throws SQLException {
        String id = passed();
        putUnderOld(stored);

        during("update liveness_session set face_url_sealed = null where id = ?", id);

        assertThat(stored.count("select count(*) from liveness_session where face_url_sealed is not null"))
                .isZero();
        assertThat(underOld(stored)).isEmpty();
    }

    @Test
    void a_secret_that_becomes_the_old_one_meanwhile_is_written_anew_too() throws SQLException {
        WebhookApi.Endpoint endpoint = webhooks.created();
        putUnderOld(stored);

        during(
                "update webhook_endpoint set old_secret_sealed = secret_sealed, secret_sealed = '\\x036e657700' where id = ?",
                endpoint.id());

        assertThat(underOld(stored)).isEmpty();
        assertThat(NEW.open(
                        bytes(stored, "select old_secret_sealed from webhook_endpoint"),
                        "webhook-endpoint/" + endpoint.id() + "/secret"))
                .isEqualTo(endpoint.secret());
    }

    @Test
    void another_replica_goes_on_where_the_first_one_was_stopped() throws SQLException {
        Response session = api.open("abandon");
        fill(id(session), RotatedTable.AT_A_TIME);
        putUnderOld(stored);
        look();
        int batches = 0;
        while (stored.count("select count(*) from key_rotation where stage = 3 and position is not null") == 0) {
            batch(rotation);
            batches++;
        }
        assertThat(underOld(stored)).contains("token");
        assertThat(progress()).isNotEqualTo(1);

        RotateKeys another = new RotateKeys(database, tables, keys, metrics, registry);
        batch(another);

        assertThat(batches).isEqualTo(4);
        assertThat(underOld(stored)).isEmpty();
        assertThat(inUse("old")).isFalse();
        assertThat(progress()).isEqualTo(1);
    }

    @Test
    void replicas_together_write_a_batch_a_second() {
        look();

        rotation.rotate().await().atMost(PATIENCE);
        rotation.rotate().await().atMost(PATIENCE);

        assertThat(stored.count("select stage from key_rotation")).isEqualTo(1);
    }

    @Test
    void a_start_without_a_key_that_is_needed_is_refused_until_it_is_free() throws SQLException {
        api.open("abandon");
        putUnderOld(stored);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> replica(NEW))
                .withMessageContaining("liveness.encryption.keys lacks the key old, which stored values need");

        pass();

        assertThat(replica(NEW).first()).isEqualTo("new");
    }

    @Test
    void a_start_with_other_bytes_under_a_known_id_is_refused_and_records_nothing() throws SQLException {
        replica(new Encryption(List.of(OptionsOn.NEW_KEY, OptionsOn.OLD_KEY)));
        List<String> before = keysAsStored();
        String otherBytes = "new:" + OptionsOn.key("other").split(":")[1];

        assertThatIllegalArgumentException()
                .isThrownBy(() -> replica(new Encryption(List.of(otherBytes, OptionsOn.OLD_KEY))))
                .withMessageContaining("liveness.encryption.keys has other bytes under the id new");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> replica(new Encryption(List.of(OptionsOn.OLD_KEY, otherBytes))))
                .withMessageContaining("under the id new");

        assertThat(keysAsStored()).isEqualTo(before);
    }

    private List<String> keysAsStored() {
        return stored.strings("select k::text from encryption_key k order by id");
    }

    @Test
    void a_start_waits_for_a_database_that_is_away_for_a_moment() throws Exception {
        CompletableFuture<KeysInUse> start;
        long before = withoutDatabase();
        try (AutoCloseable back =
                TestDatabase.away(stored.strings("select current_database()").get(0))) {
            start = CompletableFuture.supplyAsync(
                    () -> replica(new Encryption(List.of(OptionsOn.NEW_KEY, OptionsOn.OLD_KEY))));
            Patience.await("a statement without a database", PATIENCE).until(() -> withoutDatabase() > before);
            assertThat(start).isNotDone();
        }

        assertThat(start).succeedsWithin(PATIENCE).returns(true, KeysInUse::isChecked);
    }

    @Test
    void a_key_that_is_added_behind_the_first_one_can_be_taken_away_again() throws SQLException {
        replica(new Encryption(List.of(OptionsOn.NEW_KEY, OptionsOn.OLD_KEY, OptionsOn.key("third"))));

        assertThat(stored.strings("select id from encryption_key order by id")).containsExactly("new", "old");
    }

    @Test
    void the_first_start_takes_every_configured_key_for_needed() throws SQLException {
        stored.execute("delete from encryption_key");

        replica(new Encryption(List.of(OptionsOn.NEW_KEY, OptionsOn.OLD_KEY)));

        assertThat(
                        stored.strings(
                                "select id || ' ' || (last_written_at is not null) from encryption_key where unused_since is null order by id"))
                .containsExactly("new true", "old true");
    }

    @Test
    void nothing_begins_while_a_replica_writes_under_another_key() throws SQLException {
        written("old", "4 minutes");
        look();
        assertThat(metrics.isPassUnderWay()).isFalse();

        written("old", "5 minutes");
        look();
        assertThat(metrics.isPassUnderWay()).isTrue();
    }

    @Test
    void a_key_that_is_written_during_a_pass_is_free_after_the_next_one() throws SQLException {
        look();
        batch(rotation);
        replica(new Encryption(List.of(OptionsOn.OLD_KEY, OptionsOn.NEW_KEY)));
        api.open("abandon");
        putUnderOld(stored);
        finish();
        assertThat(inUse("old")).isTrue();
        look();
        assertThat(metrics.isPassUnderWay()).isFalse();

        written("old", "5 minutes");
        // The pass began before.
        stored.execute("update key_rotation set began_at = began_at - interval '6 minutes'");
        pass();

        assertThat(inUse("old")).isFalse();
        assertThat(underOld(stored)).isEmpty();
    }

    @Test
    void a_key_that_is_written_again_is_in_use_again() throws SQLException {
        pass();
        assertThat(inUse("old")).isFalse();

        replica(new Encryption(List.of(OptionsOn.OLD_KEY, OptionsOn.NEW_KEY)));

        assertThat(inUse("old")).isTrue();
    }

    @Test
    void a_hash_of_an_older_release_gets_its_digest_from_the_token() throws SQLException {
        Response session = api.open("abandon");
        putUnderOld(stored);
        stored.execute("update liveness_session set token_digest_sealed = null");

        pass();

        assertThat(column(stored, "token_hash", id(session))).isEqualTo(NEW.lookupHash(session.path("token")));
        assertThat(stored.count("select count(*) from liveness_session where token_digest_sealed is null"))
                .isZero();
        assertThat(inUse("old")).isFalse();
    }

    @Test
    void a_hash_of_an_older_release_without_a_token_needs_the_keys_of_its_time_until_it_is_thinned()
            throws SQLException {
        String id = id(api.open("pass"));
        api.check(id);
        putUnderOld(stored);
        stored.execute("update liveness_session set token_digest_sealed = null");
        stored.execute("insert into encryption_key (id) values ('later')");

        pass();
        assertThat(inUse("old")).isTrue();
        assertThat(inUse("later")).isFalse();
        look();
        assertThat(metrics.isPassUnderWay()).isFalse();

        stored.execute("update liveness_session set token_hash = null");
        stored.execute("update key_rotation set ended_at = ended_at - interval '1 day'");
        pass();
        assertThat(inUse("old")).isFalse();
    }

    @Test
    void a_value_that_cannot_be_opened_keeps_the_key_in_use_and_stops_no_other() throws SQLException {
        String damaged = passed();
        api.open("abandon");
        putUnderOld(stored);
        stored.execute(
                "update liveness_session set face_url_sealed = substring(face_url_sealed from 1 for 30) where id = ?",
                UUID.fromString(damaged));

        pass();

        assertThat(underOld(stored)).containsExactly("face_url");
        assertThat(inUse("old")).isTrue();
        assertThat(stored.count("select unreadable from key_rotation")).isEqualTo(1);
    }

    @Test
    void a_digest_that_is_cut_short_stops_no_other_row() throws SQLException {
        String damaged = passed();
        api.opened("abandon");
        putUnderOld(stored);
        stored.execute(
                "update liveness_session set token_digest_sealed = '\\x7f' where id = ?", UUID.fromString(damaged));

        pass();

        assertThat(underOld(stored)).isEmpty();
        assertThat(inUse("old")).isTrue();
        assertThat(stored.count("select unreadable from key_rotation")).isEqualTo(1);
    }

    private static String id(Response session) {
        return session.path("id");
    }

    private String keyOf(String idempotencyKey) {
        return "idempotency-key/" + ofCaller(idempotencyKey);
    }

    private String ofCaller(String value) {
        return api.caller().length() + "/" + api.caller() + "/" + value;
    }

    private Response erase(String key, String reference) {
        return api.request()
                .header("Idempotency-Key", key)
                .contentType(ContentType.JSON)
                .body(Map.of("reference", reference))
                .post("/v1/erasures");
    }

    private String passed() {
        String id = api.opened("pass");
        api.check(id);
        return id;
    }

    private String thinned(String key) throws SQLException {
        UUID id = UUID.fromString(api.open(key, Api.scenario("pass")).path("id"));
        api.check(id.toString());
        KeyedHash hash = sealing.keyHash(id, api.caller(), key);
        stored.execute(
                "update liveness_session set key_hash = ?, key_digest_sealed = ?, key_hashed_at = liveness_now(),"
                        + " thinned_at = liveness_now(), idempotency_key = null, request_hash = null, return_url = null, title = null,"
                        + " verdict_message = null, token_hash = null, token_digest_sealed = null, face_url_sealed = null where id = ?",
                hash.hash(),
                hash.digestSealed(),
                id);
        return id.toString();
    }

    /** Copies without sealed values, which come before it in the order of ids. */
    private void fill(String model, int copies) throws SQLException {
        stored.execute(
                "insert into liveness_session select (jsonb_populate_record(s, jsonb_build_object("
                        + "'id', lpad(to_hex(n), 32, '0'), 'idempotency_key', n, 'token_sealed', null, 'token_hash', null,"
                        + " 'token_digest_sealed', null, 'check_url_sealed', null))).*"
                        + " from liveness_session s, generate_series(1, ?) n where s.id = ?",
                copies,
                UUID.fromString(model));
    }

    private void assertFound(String token, String id) {
        api.request()
                .contentType(ContentType.JSON)
                .body(Map.of("token", token))
                .post(Api.SESSIONS + "/lookup")
                .then()
                .statusCode(200)
                .body("id", equalTo(id));
    }

    /** The start of another one. */
    private KeysInUse replica(Encryption with) {
        KeysInUse replica = new KeysInUse(database, new KeyMetrics(tables, new SimpleMeterRegistry()), with);
        new RequireKeys(replica);
        return replica;
    }

    private void look() {
        rotation.lookAtKeys().await().atMost(PATIENCE);
    }

    /** A batch, whenever the next one would be due. */
    private void batch(RotateKeys replica) throws SQLException {
        stored.execute("update key_rotation set next_batch_at = '-infinity'");
        replica.rotate().await().atMost(PATIENCE);
    }

    private void pass() throws SQLException {
        look();
        assertThat(metrics.isPassUnderWay()).isTrue();
        finish();
    }

    private void finish() throws SQLException {
        for (int batches = 0; metrics.isPassUnderWay(); batches++) {
            assertThat(batches).isLessThan(20);
            batch(rotation);
        }
    }

    /** A pass, in which a row changes after it was read and before it is written. */
    private void during(String change, String id) throws SQLException {
        look();
        CompletableFuture<Void> pass;
        try (Connection other = stored.connection();
                PreparedStatement statement = other.prepareStatement(change)) {
            other.setAutoCommit(false);
            statement.setObject(1, UUID.fromString(id));
            assertThat(statement.executeUpdate()).isEqualTo(1);
            pass = CompletableFuture.runAsync(() -> {
                try {
                    finish();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            Patience.await("the batch to wait for the row", PATIENCE).until(() -> waiting() > 0);
            other.commit();
        }
        pass.join();
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

    private boolean inUse(String key) {
        boolean stillInUse =
                stored.count("select count(*) from encryption_key where unused_since is null and id = ?", key) == 1;
        look();
        assertThat(registry.get("liveness.encryption.key.in.use")
                        .tag("key", key)
                        .gauge()
                        .value())
                .isEqualTo(stillInUse ? 1 : 0);
        return stillInUse;
    }

    private long withoutDatabase() {
        return registry.get("liveness.statements")
                .tags("connections", "reserved", "outcome", "unavailable")
                .timer()
                .count();
    }

    private double progress() {
        return registry.get("liveness.encryption.rotation.progress").gauge().value();
    }

    private double rewritten() {
        return registry.get("liveness.encryption.rotation.rewritten").counter().count();
    }
}

package io.liveness.gateway.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A key is used while a step of thinning is under way: its transaction is held open, and the open meets it. */
@QuarkusTest
class ThinnedKeyRaceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LOCK = 20_261_126;

    private final Api api = Api.asNewCaller();
    private final String key = UUID.randomUUID().toString();
    private final String body = Api.scenario("pass").replace("done", key);

    @Inject
    ThinSessions thinning;

    @Inject
    Sealing sealing;

    @Inject
    Sandbox sandbox;

    @Inject
    Stored stored;

    private UUID id;

    @BeforeEach
    void a_session_of_last_year() throws SQLException {
        id = UUID.fromString(api.open(key, body).path("id"));
        api.check(id.toString());
        stored.execute(
                "update liveness_session set updated_at = liveness_now() - interval '366 days',"
                        + " verdict_at = liveness_now() - interval '366 days', charge_settled_at = liveness_now() - interval '366 days'"
                        + " where id = ?",
                id);
        stored.execute(
                "update session_end set unhashed_since = liveness_now() - interval '366 days' where session_id = ?",
                id);
        stored.execute("create or replace function hold_thinning() returns trigger language plpgsql as $$ begin"
                + " perform pg_advisory_xact_lock(" + LOCK + "); return new; end $$");
        stored.execute("create trigger hold_thinning before insert on session_event for each row"
                + " when (new.type = 'THINNED') execute function hold_thinning()");
    }

    @AfterEach
    void nothing_is_held() throws SQLException {
        stored.execute("drop trigger hold_thinning on session_event");
        stored.execute("drop function hold_thinning");
        stored.execute(
                "update liveness_session set charge_settled_at = init_at, verdict_at = init_at, updated_at = init_at where id = ?",
                id);
    }

    @Test
    void an_open_that_meets_the_hashing_of_its_key_finds_the_session() throws SQLException {
        CompletableFuture<Response> open;
        try (Connection hashing = stored.connection();
                PreparedStatement hash = hashing.prepareStatement(
                        "update liveness_session set key_hash = ?, key_hashed_at = liveness_now() where id = ?")) {
            hashing.setAutoCommit(false);
            hash.setBytes(1, sealing.keyHash(api.caller(), key));
            hash.setObject(2, id);
            hash.executeUpdate();
            open = CompletableFuture.supplyAsync(() -> api.open(key, body));
            awaitWaiting();
            hashing.commit();
        }

        open.join().then().statusCode(200).body("id", equalTo(id.toString()));
        assertThat(inits()).isEqualTo(1);
    }

    @Test
    void an_open_that_meets_the_erasing_of_its_key_opens_nothing() throws SQLException {
        thin();
        stored.execute(
                "update liveness_session set key_hashed_at = liveness_now() - interval '1 day' where id = ?", id);
        CompletableFuture<Response> open;
        CompletableFuture<Void> thinned;
        try (Connection holder = stored.connection();
                Statement holding = holder.createStatement()) {
            holder.setAutoCommit(false);
            holding.execute("select pg_advisory_xact_lock(" + LOCK + ")");
            thinned = CompletableFuture.runAsync(this::thin);
            awaitWaiting();
            open = CompletableFuture.supplyAsync(() -> api.open(key, body));
            Patience.await("an answer, or a second statement that waits", PATIENCE)
                    .until(() -> open.isDone() || waiting() >= 2);
            holder.rollback();
        }
        thinned.join();

        assertThat(open.join().statusCode()).isIn(200, 410);
        api.open(key, body).then().statusCode(410);
        assertThat(inits()).isEqualTo(1);
        assertThat(stored.count("select count(*) from liveness_session where caller = ?", api.caller()))
                .isEqualTo(1);
    }

    private void thin() {
        thinning.thin();
    }

    private void awaitWaiting() {
        Patience.await("a statement that waits", PATIENCE).until(() -> waiting() >= 1);
    }

    private long waiting() {
        return stored.count(
                "select count(distinct pid) from pg_locks where not granted"
                        + " and (database is null or database = (select oid from pg_database where datname = current_database()))");
    }

    private long inits() {
        return sandbox.books().rows().stream()
                .filter(row -> row.returnUrl().endsWith(key))
                .count();
    }
}

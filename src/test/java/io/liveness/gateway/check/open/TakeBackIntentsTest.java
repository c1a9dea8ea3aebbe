package io.liveness.gateway.check.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.check.schedule.HeldOpenings;
import io.liveness.gateway.check.settle.Ticks;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LogRecorder;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** An intent whose statement failed may be stored nevertheless; no init was sent for it. */
@QuarkusTest
class TakeBackIntentsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Api api = Api.asNewCaller();

    @Inject
    TakeBackIntents takeBack;

    @Inject
    StoreIntent intent;

    @Inject
    SettableClock clock;

    @Inject
    Stored stored;

    @Inject
    Sandbox sandbox;

    @Inject
    DataSource database;

    @Inject
    Database postgres;

    @Inject
    HeldOpenings held;

    @Inject
    Ticks ticks;

    @Test
    void of_a_stored_one_nothing_stays_and_its_key_may_be_used_again() {
        Opening opening = opening("not-sent", UUID.randomUUID());
        store(opening);

        takeBack.later(opening);
        takeBack();

        assertThat(stored.tablesWith(opening.id().toString())).isEmpty();
        assertThat(api.open("not-sent", "{\"returnUrl\":\"wx.history\"}").statusCode())
                .isEqualTo(201);
    }

    @Test
    void a_process_that_ends_waits_for_a_run_under_way() throws SQLException {
        Opening opening = opening("under-way", UUID.randomUUID());
        store(opening);
        takeBack.later(opening);
        CompletableFuture<Void> finished;
        try (Connection other = database.getConnection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("select from liveness_session where id = '" + opening.id() + "' for update");
            takeBack.takeBack().subscribe().with(done -> {});

            finished = takeBack.finish().subscribeAsCompletionStage();

            assertThat(finished).isNotDone();
            other.rollback();
        }
        assertThat(finished).succeedsWithin(PATIENCE);
        assertThat(stored.tablesWith(opening.id().toString())).isEmpty();
    }

    @Test
    void one_whose_row_is_locked_holds_up_no_other() throws SQLException {
        Opening locked = opening("locked", UUID.randomUUID());
        Opening other = opening("other", UUID.randomUUID());
        store(locked);
        store(other);
        takeBack.later(locked);
        takeBack.later(other);
        try (Connection psql = database.getConnection();
                Statement lock = psql.createStatement()) {
            psql.setAutoCommit(false);
            lock.execute("select from liveness_session where id = '" + locked.id() + "' for update");

            takeBack();

            assertThat(stored.tablesWith(other.id().toString())).isEmpty();
            assertThat(status(locked)).isEqualTo("OPENING");
            psql.rollback();
        }
        takeBack();
        assertThat(stored.tablesWith(locked.id().toString())).isEmpty();
    }

    /** A value is reported at once; a fault may pass, and is reported after ten minutes. */
    @Test
    void one_that_the_database_refuses_holds_up_no_other_and_is_reported_and_released() throws SQLException {
        AtomicLong later = new AtomicLong();
        TakeBackIntents tries =
                new TakeBackIntents(postgres, held, Duration.ofSeconds(1), () -> System.nanoTime() + later.get());
        Opening value = opening("value", UUID.randomUUID());
        Opening fault = opening("fault", UUID.randomUUID());
        Opening other = opening("unharmed", UUID.randomUUID());
        List.of(value, fault, other).forEach(opening -> {
            store(opening);
            tries.later(opening);
        });
        stored.execute("""
                create function refuse() returns trigger language plpgsql as $$ begin
                    raise exception 'refused' using errcode = case old.session_id when '%s' then '22000' else 'P0001' end;
                end $$""".formatted(value.id()));
        stored.execute("create trigger refuse before delete on session_schedule for each row when (old.session_id in ('"
                + value.id() + "', '" + fault.id() + "')) execute function refuse()");
        try (LogRecorder log = LogRecorder.start("%s")) {
            String refused = "session.not-taken-back sessionId=";
            tries.takeBack().await().atMost(PATIENCE);
            assertThat(log.lines()).contains(refused + value.id()).doesNotContain(refused + fault.id());

            later.set(Duration.ofMinutes(10).toNanos());
            tries.takeBack().await().atMost(PATIENCE);
            assertThat(log.lines()).contains(refused + fault.id());
        } finally {
            stored.execute("drop function refuse cascade");
        }
        assertThat(stored.tablesWith(other.id().toString())).isEmpty();
        assertThat(tries.finish().subscribeAsCompletionStage())
                .as("none is left")
                .succeedsWithin(PATIENCE);
        clock.advance(Duration.ofMinutes(2));
        ticks.tick();
        assertThat(List.of(status(value), status(fault))).containsOnly("UNKNOWN");
    }

    @Test
    void one_that_is_stored_after_the_first_try_is_taken_back_by_the_next() {
        Opening opening = opening("late", UUID.randomUUID());
        takeBack.later(opening);
        takeBack();
        store(opening);

        takeBack();

        assertThat(stored.tablesWith(opening.id().toString())).isEmpty();
    }

    @Test
    void another_attempt_of_a_refused_one_is_refused_again_as_it_was() {
        String id = api.open("again", Api.scenario("code-609")).path("sessionId");
        List<String> before = refusal(id);
        Opening again = opening("again", UUID.randomUUID()).again(UUID.fromString(id), 2, UUID.randomUUID());
        store(again);
        assertThat(status(again)).isEqualTo("OPENING");

        assertThat(takeBack.now(again).await().atMost(PATIENCE)).isTrue();

        assertThat(refusal(id)).isEqualTo(before);
        assertThat(api.eventTypes(id)).containsExactly("OPENING", "REJECTED");
        assertThat(takeBack.now(again).await().atMost(PATIENCE)).isFalse();
    }

    private List<String> refusal(String id) {
        return stored.strings(
                "select row(s.status, refusal_passing, refusal_code, task_no, updated_at, unhashed_since)::text"
                        + " from liveness_session s join session_end e on e.session_id = s.id where id = ?",
                UUID.fromString(id));
    }

    /** A commit may hang for longer than a statement may take. */
    @Test
    void one_that_is_stored_after_the_tries_becomes_unknown_and_its_key_sends_no_init() {
        AtomicLong nanos = new AtomicLong();
        TakeBackIntents tries = new TakeBackIntents(postgres, held, PATIENCE, nanos::get);
        Opening opening = opening("hung", UUID.randomUUID());
        long inits = sandbox.books().initCalls();
        tries.later(opening);
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        tries.finish().await().atMost(PATIENCE);

        store(opening);
        tries.takeBack().await().atMost(PATIENCE);
        assertThat(status(opening)).isEqualTo("OPENING");
        clock.advance(Duration.ofMinutes(2));
        ticks.tick();

        assertThat(status(opening)).isEqualTo("UNKNOWN");
        api.open("hung", "{\"returnUrl\":\"wx.history\"}")
                .then()
                .statusCode(200)
                .body("status", equalTo("UNKNOWN"));
        assertThat(sandbox.books().initCalls()).isEqualTo(inits);
    }

    @Test
    void one_that_may_yet_be_stored_is_not_written_off() {
        Opening opening = opening("tried", UUID.randomUUID());
        takeBack.later(opening);
        takeBack();
        store(opening);
        clock.advance(Duration.ofMinutes(2));
        ticks.tick();

        assertThat(status(opening)).isEqualTo("OPENING");
        takeBack();
        assertThat(stored.tablesWith(opening.id().toString())).isEmpty();
    }

    @Test
    void one_of_the_same_attempt_that_another_replica_stored_is_not_taken_back() {
        Opening theirs = opening("theirs", UUID.randomUUID());
        store(theirs);

        takeBack.later(opening("theirs", theirs.id()));
        takeBack();

        assertThat(status(theirs)).isEqualTo("OPENING");
    }

    @Test
    void an_intent_of_a_session_that_continued_is_left_alone() {
        String id = api.opened("abandon");
        String intent = stored.strings(
                        "select id::text from session_event where session_id = ? and type = 'OPENING'",
                        UUID.fromString(id))
                .get(0);
        Opening opening = opening("gone-on", UUID.fromString(id), UUID.fromString(intent));

        takeBack.later(opening);
        takeBack();

        assertThat(status(opening)).isEqualTo("PENDING");
    }

    @Test
    void one_is_taken_back_when_the_budget_cannot_be_taken_and_no_init_was_sent() throws SQLException {
        long inits = sandbox.books().initCalls();
        int opened = 0;
        Response refused;
        try (Connection holder = database.getConnection()) {
            holder.setAutoCommit(false);
            try (Statement lock = holder.createStatement()) {
                lock.execute("select pg_advisory_xact_lock(hashtextextended('vendor_budget', 0))");
                // A few places may have been taken ahead.
                while ((refused = api.open("no-budget-" + opened, Api.scenario("pass"))).statusCode() == 201) {
                    opened++;
                }
            }
            holder.rollback();
        }

        takeBack();

        refused.then().statusCode(503).body("code", equalTo("unavailable"));
        assertThat(sandbox.books().initCalls()).isEqualTo(inits + opened);
        assertThat(api.open("no-budget-" + opened, Api.scenario("pass")).statusCode())
                .isEqualTo(201);
    }

    private void store(Opening opening) {
        intent.store(opening).await().atMost(PATIENCE);
    }

    private void takeBack() {
        takeBack.takeBack().await().atMost(PATIENCE);
    }

    private String status(Opening opening) {
        return api.get(opening.id().toString()).path("status");
    }

    private Opening opening(String key, UUID id) {
        return opening(key, id, UUID.randomUUID());
    }

    private Opening opening(String key, UUID id, UUID event) {
        OpenSessionRequest request =
                new OpenSessionRequest("wx.history", null, null, null, null, null, null, null, null).withDefaults();
        return new Opening(
                id,
                new Caller(api.caller()),
                key,
                request,
                request.hash(),
                1,
                clock.instant(),
                clock.instant().plusSeconds(60),
                event);
    }
}

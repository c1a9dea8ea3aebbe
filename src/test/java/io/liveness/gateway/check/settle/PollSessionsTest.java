package io.liveness.gateway.check.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.check.SessionConfig;
import io.liveness.gateway.check.SessionStatus;
import io.liveness.gateway.check.schedule.LeaseSessions;
import io.liveness.gateway.check.schedule.LeaseSessions.DuePolls;
import io.liveness.gateway.check.schedule.LeaseSessions.LeasedPolls;
import io.liveness.gateway.check.schedule.LeasedSession;
import io.liveness.gateway.check.schedule.PollBacklog;
import io.liveness.gateway.check.schedule.PollConfig;
import io.liveness.gateway.check.settle.RecordAnswers.PolledSession;
import io.liveness.gateway.platform.postgres.DatabaseHealth;
import io.liveness.gateway.platform.postgres.DatabaseUnavailable;
import io.liveness.gateway.platform.postgres.DatabaseWatch;
import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every session gets its verdict, even if no person and no caller returns. */
@QuarkusTest
class PollSessionsTest {

    private static final Duration TOKEN_LIFE = Duration.ofHours(2);
    private static final Duration GRACE = Duration.ofHours(1);
    private static final Duration MOMENT = Duration.ofSeconds(10);
    private static final int MANY_ROUNDS = 30_000;

    private final Api api = Api.asNewCaller();

    @Inject
    PollSessions polls;

    @Inject
    WriteOffSessions writeOff;

    @Inject
    LivenessVendor vendor;

    @Inject
    SessionConfig config;

    @Inject
    PollConfig pollConfig;

    @Inject
    DatabaseHealth health;

    @Inject
    DatabaseWatch watch;

    @Inject
    SettableClock clock;

    @Inject
    Sandbox sandbox;

    @Inject
    Stored stored;

    @Inject
    MeterRegistry registry;

    @BeforeEach
    void a_full_budget() throws SQLException {
        stored.fillBudget();
    }

    @Test
    void a_verdict_is_fetched_at_the_first_poll() {
        String id = api.opened("pass");
        tick();
        assertThat(status(id)).as("nothing is due yet").isEqualTo("PENDING");

        clock.advance(MOMENT);
        tick();

        assertThat(status(id)).isEqualTo("PASSED");
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR", "CHARGE/RULE");
    }

    @Test
    void a_session_without_a_verdict_is_asked_about_at_each_step_of_the_timetable() {
        String id = api.opened("abandon");

        for (Duration step : new Duration[] {MOMENT, MOMENT, Duration.ofSeconds(20), Duration.ofSeconds(20)}) {
            clock.advance(step);
            tick();
            tick();
        }

        assertThat(stored.polls(id)).isEqualTo(4);
        assertThat(status(id)).isEqualTo("PENDING");
    }

    @Test
    void while_final_polls_are_late_no_session_is_opened_and_no_init_is_sent() throws SQLException {
        api.opened("pass");
        clock.advance(TOKEN_LIFE.minusMinutes(3));
        stored.spendBudget();
        tick();
        a_full_budget();
        long inits = sandbox.books().initCalls();

        Response refused = api.open("late", Api.scenario("pass"));

        refused.then()
                .statusCode(503)
                .body("code", equalTo("opens-paused"))
                .body("detail", containsString("wait to be polled"));
        assertThat(stored.count("select count(*) from liveness_session where caller = ?", api.caller()))
                .isEqualTo(1);
        assertThat(sandbox.books().initCalls()).isEqualTo(inits);
        tick();
        assertThat(api.open("late", Api.scenario("pass")).statusCode()).isEqualTo(201);
    }

    @Test
    void an_abandoned_session_expires_by_the_vendors_answer_and_is_refunded() {
        double uncounted = uncounted();
        String id = api.opened("abandon");

        clock.advance(TOKEN_LIFE.plus(MOMENT));
        tick();

        assertThat(status(id)).isEqualTo("EXPIRED");
        assertThat(uncounted()).isEqualTo(uncounted);
        assertThat(api.get(id).<Integer>path("verdict.code")).isEqualTo(301);
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR", "REFUND/RULE");
    }

    @Test
    void a_token_that_is_said_to_have_expired_before_its_end_is_asked_about_again() {
        double early = registry.get("liveness.tokens.expired.early").counter().count();
        String id = api.opened("expired-early");

        for (Duration step : new Duration[] {MOMENT, MOMENT, Duration.ofSeconds(20)}) {
            clock.advance(step);
            tick();
            assertThat(status(id)).isEqualTo("PENDING");
        }
        clock.advance(Duration.ofSeconds(20));
        tick();

        assertThat(status(id)).isEqualTo("PASSED");
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR", "CHARGE/RULE");
        assertThat(stored.strings(
                        "select detail ->> 'code' from session_event where session_id = ? and type = 'CHECKED' order by seq",
                        UUID.fromString(id)))
                .containsExactly("301", "301", "301", "200");
        assertThat(registry.get("liveness.tokens.expired.early").counter().count())
                .isEqualTo(early + 3);
    }

    @Test
    void a_vendor_that_cannot_be_asked_is_asked_until_the_grace_is_over_and_then_the_refund_is_presumed() {
        double uncounted = uncounted();
        String id = api.opened("pass");
        sandbox.clear(); // from now on it knows no token and answers 400

        clock.advance(TOKEN_LIFE.plus(MOMENT));
        tick();
        assertThat(status(id)).isEqualTo("PENDING");
        clock.advance(GRACE);
        tick();

        assertThat(status(id)).isEqualTo("EXPIRED");
        Response session = api.get(id);
        assertThat(session.<Object>path("verdict")).isNull();
        assertThat(session.<String>path("charge.status")).isEqualTo("REFUNDED");
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR", "REFUND/PRESUMED");
        assertThat(api.eventTypes(id)).endsWith("CHECKED", "WRITTEN_OFF");
        assertThat(uncounted()).isEqualTo(uncounted);
    }

    @Test
    void a_lost_fee_is_written_off_after_the_tokens_life_and_a_margin() {
        String id = api.open("drop-after-fee").then().statusCode(504).extract().path("sessionId");

        clock.advance(TOKEN_LIFE.plus(MOMENT));
        tick();
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/PRESUMED");
        clock.advance(GRACE);
        tick();

        assertThat(status(id)).as("final for the caller").isEqualTo("UNKNOWN");
        assertThat(api.get(id).<String>path("charge.status")).isEqualTo("REFUNDED");
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/PRESUMED", "REFUND/PRESUMED");
        assertThat(api.eventTypes(id)).containsExactly("OPENING", "OUTCOME_UNKNOWN", "WRITTEN_OFF");
    }

    @Test
    void an_orphaned_opening_becomes_unknown_and_no_init_is_sent_for_it() throws SQLException {
        String id = api.open("code-609").path("sessionId");
        // A process that stops right after the first step of opening leaves a session so.
        stored.execute("update liveness_session set status = 'OPENING' where id = ?", UUID.fromString(id));
        stored.execute("delete from session_end where session_id = ?", UUID.fromString(id));
        stored.execute(
                "insert into session_schedule (caller, session_id, status, attempt, init_at, next_poll_at)"
                        + " select caller, id, status, attempt, init_at, liveness_now() from liveness_session where id = ?",
                UUID.fromString(id));
        long inits = sandbox.books().initCalls();

        clock.advance(MOMENT);
        tick();

        assertThat(status(id)).isEqualTo("UNKNOWN");
        assertThat(api.get(id).<String>path("charge.status")).isEqualTo("UNCONFIRMED");
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/PRESUMED");
        assertThat(sandbox.books().initCalls()).isEqualTo(inits);
    }

    @Test
    void an_unreadable_token_does_not_stop_verdicts_of_other_sessions() throws SQLException {
        String unreadable = api.opened("pass");
        String other = api.opened("pass");
        stored.execute(
                "update session_schedule set token_sealed = set_byte(token_sealed, length(token_sealed) - 1,"
                        + " (get_byte(token_sealed, length(token_sealed) - 1) + 1) % 256) where session_id = ?",
                UUID.fromString(unreadable));

        clock.advance(MOMENT);
        tick();

        assertThat(status(other)).isEqualTo("PASSED");
        clock.advance(TOKEN_LIFE.plus(GRACE).plus(MOMENT));
        tick();
        assertThat(stored.ledger(unreadable)).containsExactly("PRE_DEDUCT/VENDOR", "REFUND/PRESUMED");
    }

    @Test
    void a_settled_session_leaves_nothing_to_do() {
        String id = api.opened("not-pass");
        clock.advance(MOMENT);
        tick();
        long calls = sandbox.books().resultCalls();

        clock.advance(TOKEN_LIFE.plus(GRACE).plus(MOMENT));
        tick();

        assertThat(sandbox.books().rows().stream()
                        .filter(row -> row.taskNo().equals(api.get(id).path("charge.taskNo")))
                        .map(row -> row.resultCalls()))
                .containsExactly(1);
        assertThat(sandbox.books().resultCalls()).isGreaterThanOrEqualTo(calls);
        assertThat(stored.count("select count(*) from session_schedule where session_id = ?", UUID.fromString(id)))
                .isZero();
    }

    @Test
    void a_backlog_of_many_rounds_ends_and_the_next_tick_polls_again() {
        List<LeasedSession> one = List.of(leased());
        AtomicInteger rounds = new AtomicInteger();
        LeaseSessions backlog = new LeaseSessions(null, null, vendor, config, health, clock) {
            @Override
            public Uni<LeasedPolls> forPolls(int finalPolls, int others, int countTo) {
                if (others == 0) {
                    return answered(new LeasedPolls(
                            List.of(), List.of(), new DuePolls(0, countTo, Duration.ZERO, Duration.ZERO)));
                }
                boolean more = rounds.incrementAndGet() % MANY_ROUNDS != 0;
                return answered(new LeasedPolls(
                        List.of(),
                        more ? one : List.of(),
                        new DuePolls(0, more ? countTo : 0, Duration.ZERO, Duration.ZERO)));
            }
        };
        PollSessions polls = polls(backlog, () -> Uni.createFrom().voidItem());

        polls.poll().chain(polls::idle).await().atMost(Duration.ofSeconds(60));
        polls.poll().chain(polls::idle).await().atMost(Duration.ofSeconds(60));

        assertThat(rounds).hasValue(2 * MANY_ROUNDS);
    }

    @Test
    void sessions_whose_answers_cannot_be_recorded_make_room_for_others() {
        AtomicInteger due = new AtomicInteger(3 * pollConfig.batchSize());
        LeaseSessions backlog = new LeaseSessions(null, null, vendor, config, health, clock) {
            @Override
            public Uni<LeasedPolls> forPolls(int finalPolls, int others, int countTo) {
                int before = due.getAndAdd(-others);
                return answered(new LeasedPolls(
                        List.of(),
                        Collections.nCopies(others, leased()),
                        new DuePolls(0, before, Duration.ZERO, Duration.ZERO)));
            }
        };
        PollSessions polls = polls(backlog, () -> Uni.createFrom().failure(DatabaseUnavailable.notInTime()));

        for (int tick = 0; tick < 3; tick++) {
            polls.poll().chain(polls::idle).await().atMost(MOMENT);
        }

        assertThat(due).hasValue(0);
    }

    private LeasedSession leased() {
        return new LeasedSession(
                UUID.randomUUID(), SessionStatus.PENDING, 1, 1, clock.instant(), Optional.empty(), Optional.empty());
    }

    private PollSessions polls(LeaseSessions leases, Supplier<Uni<Void>> recording) {
        RecordAnswers record = new RecordAnswers(null, null, null, null, null, null, null) {
            @Override
            Uni<Void> answers(List<PolledSession> asked, Purpose purpose, IntConsumer ended) {
                return recording.get();
            }
        };
        PollBacklog backlog = new PollBacklog(new SimpleMeterRegistry());
        return new PollSessions(leases, record, vendor, unlimited(), backlog, watch, clock, pollConfig);
    }

    /** Answers on another thread, after the statement was sent, because the database does so. */
    private static <T> Uni<T> answered(T answer) {
        return Uni.createFrom().item(answer).emitOn(Infrastructure.getDefaultExecutor());
    }

    private static VendorBudget unlimited() {
        return new VendorBudget() {
            @Override
            public Uni<Grant> take(Purpose purpose, int wanted) {
                return Uni.createFrom().item(new Grant(wanted, Duration.ZERO, Duration.ZERO));
            }

            @Override
            public Uni<Boolean> takeOne(Purpose purpose) {
                return Uni.createFrom().item(true);
            }

            @Override
            public boolean isSpentForOpens() {
                return false;
            }

            @Override
            public void openRefused() {}

            @Override
            public Uni<Void> giveBack(Purpose purpose, int unused) {
                return Uni.createFrom().voidItem();
            }

            @Override
            public Uni<Void> slowDown(Purpose purpose) {
                return Uni.createFrom().voidItem();
            }
        };
    }

    private void tick() {
        writeOff.writeOff().await().atMost(Duration.ofSeconds(30));
        polls.poll().chain(polls::idle).await().atMost(Duration.ofSeconds(30));
    }

    /** Sessions that were opened and ended without the vendor's word, less those that are counted as such. */
    private double uncounted() {
        long written =
                stored.count("select count(*) from session_event e join liveness_session s on s.id = e.session_id"
                        + " where e.type = 'WRITTEN_OFF' and s.status = 'EXPIRED'");
        return written - registry.get("liveness.verdicts.lost").counter().count();
    }

    private String status(String id) {
        return api.get(id).path("status");
    }
}

package io.liveness.gateway.check.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liveness.gateway.check.ReadSession;
import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.check.SessionConfig;
import io.liveness.gateway.check.SessionStatus;
import io.liveness.gateway.check.open.OpenSessionRequest;
import io.liveness.gateway.check.open.Opening;
import io.liveness.gateway.check.open.RecordInitOutcome;
import io.liveness.gateway.check.open.StoreIntent;
import io.liveness.gateway.check.schedule.LeaseSessions;
import io.liveness.gateway.check.schedule.LeaseSessions.DuePolls;
import io.liveness.gateway.check.schedule.LeasedSession;
import io.liveness.gateway.check.schedule.Timetable;
import io.liveness.gateway.check.settle.RecordAnswers.PolledSession;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.DatabaseHealth;
import io.liveness.gateway.platform.postgres.NoOutageBefore;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LogRecorder;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import io.liveness.gateway.vendor.LivenessVendor.InitParameters;
import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.liveness.gateway.vendor.LivenessVendor.Verdict;
import io.liveness.gateway.vendor.LivenessVendor.VerdictOutcome;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A recorded verdict never changes, and a replica without the lease changes nothing. */
@QuarkusTest
class SettlingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONGER_THAN_A_LEASE = Duration.ofMinutes(1);

    private final Api api = Api.asNewCaller();

    @Inject
    Database database;

    @Inject
    Sealing sealing;

    @Inject
    LivenessVendor vendor;

    @Inject
    SessionConfig config;

    @Inject
    LeaseSessions leases;

    @Inject
    RecordAnswers record;

    @Inject
    WriteOffSessions writeOffs;

    @Inject
    StoreIntent intent;

    @Inject
    RecordInitOutcome conclude;

    @Inject
    SettableClock clock;

    @Inject
    Stored stored;

    @Inject
    DataSource dataSource;

    @Inject
    ReadSession sessions;

    @Inject
    VendorBudget budget;

    @Inject
    Timetable timetable;

    @Test
    void fifty_verdicts_at_once_settle_a_session_once() {
        LeasedSession session = lease(api.opened("pass"));
        List<Uni<Void>> settling = IntStream.range(0, 50)
                .mapToObj(n -> record.answers(List.of(polled(session, verdict(Verdict.PASSED))), Purpose.POLL))
                .toList();

        Uni.join().all(settling).andFailFast().await().atMost(PATIENCE);

        String id = session.id().toString();
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR", "CHARGE/RULE");
        assertThat(api.eventTypes(id).stream().filter("SETTLED"::equals)).hasSize(1);
        assertThat(api.eventTypes(id)).doesNotContain("CONTRADICTED");
    }

    @Test
    void a_later_different_answer_is_kept_as_an_event_only() {
        LeasedSession session = lease(api.opened("abandon"));
        answer(session, verdict(Verdict.PASSED));

        answer(session, verdict(Verdict.EXPIRED));

        String id = session.id().toString();
        assertThat(api.get(id).<String>path("status")).isEqualTo("PASSED");
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR", "CHARGE/RULE");
        assertThat(api.eventTypes(id)).endsWith("SETTLED", "CHECKED", "CONTRADICTED");
    }

    /** Near its token's end a session may be asked about twice at a time, and both answers may come together. */
    @Test
    void two_answers_about_a_session_that_are_recorded_together_are_recorded_one_after_the_other() {
        LeasedSession session = lease(api.opened("abandon"));
        String id = session.id().toString();

        record.answers(
                        List.of(
                                polled(session, verdict(Verdict.PASSED)),
                                polled(session, verdict(Verdict.PASSED)),
                                polled(session, verdict(Verdict.NOT_PASSED))),
                        Purpose.POLL)
                .await()
                .atMost(PATIENCE);

        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR", "CHARGE/RULE");
        assertThat(api.get(id).<String>path("status")).isEqualTo("PASSED");
        assertThat(api.eventTypes(id))
                .endsWith("CHECKED", "SETTLED", "CHECKED", "CONTRADICTED")
                .filteredOn("CHECKED"::equals)
                .hasSize(2);
    }

    @Test
    void an_expiry_that_is_heard_after_a_write_off_contradicts_nothing() {
        LeasedSession session = lease(api.opened("abandon"));
        writeOffs.writeOff(List.of(session)).await().atMost(PATIENCE);

        answer(session, verdict(Verdict.EXPIRED));

        assertThat(api.eventTypes(session.id().toString()))
                .contains("WRITTEN_OFF")
                .doesNotContain("CONTRADICTED");
    }

    /** A fail-over may lose a session that is being polled: the standby had not received it. */
    @Test
    void a_verdict_of_a_session_that_the_database_does_not_have_is_told() {
        LeasedSession session = new LeasedSession(
                UUID.randomUUID(), SessionStatus.PENDING, 1, 1, clock.instant(), Optional.empty(), Optional.empty());

        try (LogRecorder log = LogRecorder.start("%s")) {
            answer(session, verdict(Verdict.PASSED));

            assertThat(log.lines())
                    .contains("session.not-there sessionId=%s answer=PASSED taskNo=1".formatted(session.id()));
        }
    }

    @Test
    void a_fee_ends_when_its_end_is_recorded_however_long_that_was_tried() {
        LeasedSession session = lease(api.opened("abandon"));
        Uni<Void> settling = record.answers(List.of(polled(session, verdict(Verdict.EXPIRED))), Purpose.POLL);
        clock.advance(Duration.ofMinutes(20));

        settling.await().atMost(PATIENCE);

        assertThat(stored.count(
                        "select count(*) from liveness_session where id = ? and charge_status = 'REFUNDED'"
                                + " and charge_settled_at > liveness_now() - interval '3 minutes'",
                        session.id()))
                .isOne();
    }

    /** The second try of each is as if the database's answer to the first had been lost. */
    @Test
    void a_settlement_that_is_tried_again_later_has_the_time_of_its_answer_and_one_contradiction() {
        LeasedSession session = lease(api.opened("abandon"));
        String id = session.id().toString();
        Instant answered = clock.instant();
        Uni<Void> settling = record.answers(List.of(polled(session, verdict(Verdict.PASSED))), Purpose.POLL);
        Uni<Void> contradicting = record.answers(List.of(polled(session, verdict(Verdict.EXPIRED))), Purpose.POLL);
        clock.advance(Duration.ofHours(1));

        Stream.of(settling, settling, contradicting, contradicting)
                .forEach(tried -> tried.await().atMost(PATIENCE));

        assertThat(stored.count(
                        "select count(*) from liveness_session s join session_event e on e.session_id = s.id and e.type = 'SETTLED'"
                                + " where s.id = ? and greatest(verdict_at, updated_at, e.at) < ?::timestamptz + interval '1 minute'",
                        session.id(),
                        answered.atOffset(ZoneOffset.UTC)))
                .isOne();
        assertThat(api.eventTypes(id).stream().filter("CONTRADICTED"::equals)).hasSize(1);
    }

    /** The database is away from the poll before the last until shortly before the token's end. */
    @Test
    void a_final_poll_that_fell_due_while_an_answer_could_not_be_recorded_is_made_at_once() {
        LeasedSession session = lease(api.opened("abandon"));
        Instant end = session.tokenExpiresAt().orElseThrow();
        clock.advance(Duration.between(clock.instant(), end.minusSeconds(60)));
        PolledSession notFinished = polled(session, new VerdictOutcome.NotYet(Optional.of("1")));
        clock.advance(Duration.ofSeconds(55));

        record.answers(List.of(notFinished), Purpose.FINAL_POLL).await().atMost(PATIENCE);

        assertThat(stored.count(
                        "select count(*) from session_schedule where session_id = ? and next_poll_at < ?::timestamptz - interval '4 seconds'",
                        session.id(),
                        end.atOffset(ZoneOffset.UTC)))
                .isOne();
    }

    /** The replicas' time and the database's are an hour apart. */
    @Test
    void the_end_of_a_fee_is_by_the_replicas_clock() throws SQLException {
        LeasedSession session = lease(api.opened("abandon"));
        Instant before = clock.instant();
        stored.execute("create or replace function liveness_now() returns timestamptz language sql stable"
                + " return now() + interval '1 day'");
        try {
            answer(session, verdict(Verdict.PASSED));
        } finally {
            clock.advance(Duration.ZERO);
        }

        assertThat(stored.count(
                        "select count(*) from liveness_session where id = ?"
                                + " and charge_settled_at between ? and ?::timestamptz + interval '1 minute'",
                        session.id(),
                        before.atOffset(ZoneOffset.UTC),
                        before.atOffset(ZoneOffset.UTC)))
                .isOne();
    }

    @Test
    void one_place_at_a_time_asks_about_a_session() {
        String id = api.opened("abandon");
        lease(id);

        assertThat(leased(id)).isEmpty();
        clock.advance(LONGER_THAN_A_LEASE);
        assertThat(leased(id)).isPresent();
    }

    @Test
    void a_lease_whose_holder_dies_leaves_time_for_another_poll_before_the_token_ends() {
        String id = api.opened("abandon");
        clock.advance(Duration.ofHours(2).minusSeconds(20));

        lease(id);

        assertThat(stored.count(
                        "select count(*) from session_schedule"
                                + " where session_id = ? and next_poll_at = token_expires_at - interval '2 seconds'",
                        UUID.fromString(id)))
                .isOne();
    }

    @Test
    void a_lost_lease_prevents_rescheduling_and_writing_off_but_not_a_verdict() {
        String id = api.opened("abandon");
        LeasedSession late = lease(id);
        clock.advance(LONGER_THAN_A_LEASE);
        lease(id);
        String due = due(id);

        answer(late, new VerdictOutcome.NotYet(Optional.empty()));
        assertThat(due(id)).as("the new holder's lease stands").isEqualTo(due);
        writeOffs.writeOff(List.of(late)).await().atMost(PATIENCE);
        assertThat(api.get(id).<String>path("status")).isEqualTo("PENDING");
        answer(late, verdict(Verdict.PASSED));
        assertThat(api.get(id).<String>path("status")).isEqualTo("PASSED");
    }

    @Test
    void an_outcome_of_init_that_comes_after_it_was_given_up_is_kept_as_an_event_only() {
        String id = api.open("drop-after-fee").path("sessionId");

        RecordInitOutcome.SentInit late =
                new RecordInitOutcome.SentInit(UUID.fromString(id), 1, clock.instant(), UUID.randomUUID());
        // The second time as if the database's answer had been lost.
        for (int time = 1; time <= 2; time++) {
            assertThat(conclude.recordOnce(late, accepted())
                            .await()
                            .atMost(PATIENCE)
                            .done())
                    .isFalse();
        }

        assertThat(api.get(id).<String>path("status")).isEqualTo("UNKNOWN");
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/PRESUMED");
        assertThat(api.eventTypes(id)).endsWith("OUTCOME_UNKNOWN", "CONTRADICTED");
        assertThat(api.eventTypes(id).stream().filter("CONTRADICTED"::equals)).hasSize(1);
    }

    /** The price, the month and the time at which it is written off are of that moment. */
    @Test
    void the_fee_of_a_lost_answer_is_of_the_moment_at_which_init_was_sent() {
        Opening opening = opening("waited");
        intent.store(opening).await().atMost(PATIENCE);
        Instant sent = clock.instant().plusSeconds(20).truncatedTo(ChronoUnit.MICROS);

        conclude.record(
                        PATIENCE,
                        opening.id(),
                        1,
                        sent,
                        new OpenOutcome.Unknown(Optional.empty(), "no answer", Optional.empty()))
                .await()
                .atMost(PATIENCE);

        assertThat(stored.strings(
                        "select concat_ws(' ', s.init_at = ?, l.init_at = ?, e.init_at = ?,"
                                + " l.next_poll_at - l.init_at = ? * interval '1 second')"
                                + " from liveness_session s join session_schedule l on l.session_id = s.id"
                                + " join ledger_entry e on e.session_id = s.id where s.id = ?",
                        sent.atOffset(ZoneOffset.UTC),
                        sent.atOffset(ZoneOffset.UTC),
                        sent.atOffset(ZoneOffset.UTC),
                        vendor.tokenLifetime().plus(config.expiryGrace()).toSeconds(),
                        opening.id()))
                .containsExactly("t t t t");
    }

    /** All that takes both locks takes them in this order, so that none waits for another in a circle. */
    @Test
    void a_verdict_locks_its_place_on_the_schedule_before_its_session() throws SQLException {
        LeasedSession session = lease(api.opened("abandon"));
        CompletableFuture<Void> settled;
        try (Connection other = dataSource.getConnection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("select from session_schedule where session_id = '" + session.id() + "' for update");
            settled = record.answers(List.of(polled(session, verdict(Verdict.PASSED))), Purpose.POLL)
                    .subscribeAsCompletionStage();
            await().until(() -> stored.count("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                            + " and query like 'with settlement%'")
                    == 1);

            lock.execute("select from liveness_session where id = '" + session.id() + "' for update nowait");

            other.rollback();
        }
        assertThat(settled).succeedsWithin(PATIENCE);
        assertThat(api.get(session.id().toString()).<String>path("status")).isEqualTo("PASSED");
    }

    /** A kept connection may be dead, and no final poll comes while this one is under way. */
    @ParameterizedTest
    @CsvSource({"PT1H, kept", "PT4M, new"})
    void a_poll_out_of_turn_near_the_tokens_end_takes_a_new_connection(Duration before, String connection) {
        UUID id = UUID.fromString(api.opened("abandon"));
        clock.advance(vendor.tokenLifetime().minus(before));
        List<String> polls = new ArrayList<>();
        LivenessVendor watched = new LivenessVendor() {
            @Override
            public Uni<OpenOutcome> open(InitParameters order) {
                throw new AssertionError();
            }

            @Override
            public Uni<VerdictOutcome> poll(Confidential token) {
                polls.add("kept");
                return Uni.createFrom().item(new VerdictOutcome.NotYet(Optional.empty()));
            }

            @Override
            public Uni<VerdictOutcome> finalPoll(Confidential token) {
                polls.add("new");
                return Uni.createFrom().item(new VerdictOutcome.NotYet(Optional.empty()));
            }

            @Override
            public Duration tokenLifetime() {
                return vendor.tokenLifetime();
            }

            @Override
            public Duration callTimeout() {
                return vendor.callTimeout();
            }
        };

        new PollNow(database, sessions, leases, watched, budget, record, timetable, clock)
                .poll(id, OptionalInt.empty())
                .await()
                .atMost(PATIENCE);

        assertThat(polls).containsExactly(connection);
    }

    @Test
    void an_outcome_recorded_again_since_the_databases_answer_was_lost_counts_as_done() {
        Opening opening = opening("key");
        intent.store(opening).await().atMost(PATIENCE);
        RecordInitOutcome.SentInit conclusion =
                new RecordInitOutcome.SentInit(opening.id(), 1, clock.instant(), UUID.randomUUID());

        List<Boolean> recorded = Stream.generate(() -> conclude.recordOnce(conclusion, accepted()))
                .limit(2)
                .map(recording -> recording.await().atMost(PATIENCE).done())
                .toList();

        String id = opening.id().toString();
        assertThat(recorded).containsExactly(true, true);
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR");
        assertThat(api.eventTypes(id)).containsExactly("OPENING", "OPENED");
    }

    @Test
    void a_value_that_the_database_refuses_fails_alone() throws SQLException {
        LeasedSession poisoned = lease(api.opened("abandon"));
        LeasedSession other = lease(api.opened("abandon"));
        stored.execute("alter table liveness_session add constraint poison check (verdict_message <> 'poison')");
        try {
            record.answers(
                            List.of(
                                    polled(poisoned, verdict(Verdict.PASSED, "poison")),
                                    polled(other, verdict(Verdict.PASSED))),
                            Purpose.POLL)
                    .await()
                    .atMost(PATIENCE);
        } finally {
            stored.execute("alter table liveness_session drop constraint poison");
        }

        assertThat(api.get(other.id().toString()).<String>path("status")).isEqualTo("PASSED");
        assertThat(api.get(poisoned.id().toString()).<String>path("status")).isEqualTo("PENDING");
    }

    @Test
    void a_session_is_written_three_times_however_often_it_is_polled() throws SQLException {
        stored.execute("create table written (id uuid)");
        stored.execute("create function count_write() returns trigger language plpgsql as"
                + " $$ begin insert into written values (new.id); return null; end $$");
        stored.execute("create trigger count_write after insert or update on liveness_session"
                + " for each row execute function count_write()");
        String id = api.opened("abandon");

        for (int look = 0; look < 5; look++) {
            answer(lease(id), new VerdictOutcome.NotYet(Optional.empty()));
            clock.advance(LONGER_THAN_A_LEASE);
        }
        answer(lease(id), verdict(Verdict.PASSED));

        assertThat(stored.polls(id)).isEqualTo(6);
        assertThat(api.eventTypes(id)).containsExactly("OPENING", "OPENED", "CHECKED", "SETTLED");
        assertThat(stored.count("select count(*) from written where id = ?", UUID.fromString(id)))
                .isEqualTo(3);
        stored.execute("drop trigger count_write on liveness_session");
    }

    @ParameterizedTest
    @CsvSource({"PASSED, NOT_BILLED, false", "EXPIRED, BILLED, true"})
    void a_flag_that_contradicts_the_rule_is_kept_and_the_rule_is_booked(
            Verdict verdict, BillingFlag flag, boolean billed) {
        LeasedSession session = lease(api.opened("abandon"));

        answer(session, new VerdictOutcome.Final(verdict, "x", flag, Optional.empty(), Optional.empty()));

        String id = session.id().toString();
        assertThat(api.request()
                        .get("/v1/liveness-sessions/" + id + "/events")
                        .<Boolean>path("items.find { it.type == 'CHECKED' }.detail.billed"))
                .isEqualTo(billed);
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR", billed ? "REFUND/RULE" : "CHARGE/RULE");
    }

    @ParameterizedTest
    @CsvSource({
        "abandon,      PASSED,     BILLED,",
        "abandon,      PASSED,     NOT_BILLED, false",
        "abandon,      NOT_PASSED, ABSENT,",
        "abandon,      NOT_PASSED, NOT_BILLED, false",
        "abandon,      FAILED,     BILLED,     true",
        "abandon,      FAILED,     NOT_BILLED,",
        "abandon,      EXPIRED,    UNCLEAR,",
        "abandon,      EXPIRED,    BILLED,     true",
        "charge-false, PASSED,     BILLED,     true",
        "charge-false, PASSED,     NOT_BILLED,",
        "charge-false, EXPIRED,    BILLED,     true",
        "charge-false, EXPIRED,    NOT_BILLED,",
    })
    void a_flag_is_kept_only_when_it_differs_from_the_booking(
            String scenario, Verdict verdict, BillingFlag flag, Boolean kept) {
        LeasedSession session = lease(api.opened(scenario));

        answer(session, new VerdictOutcome.Final(verdict, "x", flag, Optional.empty(), Optional.empty()));

        assertThat(api.request()
                        .get("/v1/liveness-sessions/" + session.id() + "/events")
                        .<Boolean>path("items.find { it.type == 'CHECKED' }.detail.billed"))
                .isEqualTo(kept);
    }

    /** A row that another transaction committed late may be due since then. */
    @Test
    void what_was_due_before_the_last_count_is_found_from_the_beginning_after_an_outage() throws SQLException {
        NoOutageBefore health = new NoOutageBefore();
        LeaseSessions leases = leases(health);
        stored.execute("delete from session_schedule");
        due(leases);
        UUID late = UUID.fromString(api.opened("abandon"));
        stored.execute(
                "update session_schedule set next_poll_at = liveness_now() - interval '1 minute' where session_id = ?",
                late);

        assertThat(due(leases).others())
                .as("not found, so that dead versions are not read")
                .isZero();
        health.seen();

        assertThat(due(leases).others()).isEqualTo(1);
    }

    @Test
    void soon_after_an_outage_no_session_past_its_end_is_asked_about() {
        NoOutageBefore health = new NoOutageBefore();
        UUID ended = ended();

        health.seen();

        assertThat(leases(health).one(ended, OptionalInt.empty()).await().atMost(PATIENCE))
                .as("a replica may hold its verdict")
                .isEmpty();
        assertThat(leased(ended.toString())).isPresent();
    }

    /** What may not be leased makes no backlog either, which would keep callers from opening. */
    @Test
    void soon_after_an_outage_no_session_past_its_end_counts_as_due() throws SQLException {
        NoOutageBefore health = new NoOutageBefore();
        stored.execute("delete from session_schedule");
        ended();
        assertThat(due(leases(health)).others()).isEqualTo(1);

        health.seen();

        assertThat(due(leases(health)).others()).isZero();
    }

    private UUID ended() {
        UUID session = UUID.fromString(api.opened("abandon"));
        clock.advance(vendor.tokenLifetime().plusSeconds(1));
        return session;
    }

    private static DuePolls due(LeaseSessions leases) {
        return leases.forPolls(0, 0, 10).await().atMost(PATIENCE).due();
    }

    private LeaseSessions leases(DatabaseHealth health) {
        return new LeaseSessions(database, sealing, vendor, config, health, clock);
    }

    private Opening opening(String key) {
        OpenSessionRequest request =
                new OpenSessionRequest("wx.history", null, null, null, null, null, null, null, null).withDefaults();
        return new Opening(
                UUID.randomUUID(),
                new Caller(api.caller()),
                key,
                request,
                request.hash(),
                1,
                clock.instant(),
                clock.instant().plusSeconds(60),
                UUID.randomUUID());
    }

    private static OpenOutcome accepted() {
        return new OpenOutcome.Accepted(
                new Confidential("token"), new Confidential("https://x.example"), BillingFlag.BILLED, Optional.of("1"));
    }

    private List<Map<String, Object>> events(String id) {
        return api.request().get(Api.SESSIONS + "/" + id + "/events").path("items");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> detail(Map<String, Object> event) {
        return (Map<String, Object>) event.get("detail");
    }

    private LeasedSession lease(String id) {
        return leased(id).orElseThrow();
    }

    private Optional<LeasedSession> leased(String id) {
        return leases.one(UUID.fromString(id), OptionalInt.empty()).await().atMost(PATIENCE);
    }

    private void answer(LeasedSession session, VerdictOutcome outcome) {
        record.answers(List.of(polled(session, outcome)), Purpose.POLL).await().atMost(PATIENCE);
    }

    private PolledSession polled(LeasedSession session, VerdictOutcome outcome) {
        return new PolledSession(session, outcome, clock.instant());
    }

    private String due(String id) {
        return stored.strings(
                        "select next_poll_at::text from session_schedule where session_id = ?", UUID.fromString(id))
                .get(0);
    }

    private static VerdictOutcome verdict(Verdict verdict) {
        return verdict(verdict, "said");
    }

    private static VerdictOutcome verdict(Verdict verdict, String message) {
        return new VerdictOutcome.Final(verdict, message, BillingFlag.ABSENT, Optional.empty(), Optional.of("1"));
    }
}

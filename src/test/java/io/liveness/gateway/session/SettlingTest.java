package io.liveness.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.Caller;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.vendor.BillingFlag;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.OpenOutcome;
import io.liveness.gateway.vendor.Verdict;
import io.liveness.gateway.vendor.VerdictOutcome;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is known is never changed, and who lost a lease changes nothing. */
@QuarkusTest
@QuarkusTestResource(GatewayTestResource.class)
class SettlingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONGER_THAN_A_LEASE = Duration.ofMinutes(1);

    private final Api api = Api.asNewCaller();

    @Inject
    LeaseSessions leases;

    @Inject
    RecordAnswers record;

    @Inject
    StoreIntent intent;

    @Inject
    ConcludeOpening conclude;

    @Inject
    SettableClock clock;

    @Inject
    Stored stored;

    @Test
    void fifty_verdicts_at_once_settle_a_session_once() {
        DueSession session = lease(api.opened("pass"));
        List<Uni<Void>> settling = IntStream.range(0, 50)
                .mapToObj(n -> record.answers(List.of(new AskedSession(session, verdict(Verdict.PASSED)))))
                .toList();

        Uni.join().all(settling).andFailFast().await().atMost(PATIENCE);

        String id = session.id().toString();
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR", "CHARGE/RULE");
        assertThat(api.eventTypes(id).stream().filter("SETTLED"::equals)).hasSize(1);
        assertThat(api.eventTypes(id)).doesNotContain("CONTRADICTED");
    }

    @Test
    void many_sessions_settle_in_one_statement() {
        List<AskedSession> asked = Stream.of(
                        Verdict.PASSED, Verdict.NOT_PASSED, Verdict.FAILED, Verdict.EXPIRED, Verdict.PASSED)
                .map(verdict -> new AskedSession(lease(api.opened("abandon")), verdict(verdict)))
                .toList();

        record.answers(asked).await().atMost(PATIENCE);

        assertThat(asked.stream()
                        .map(one -> api.get(one.session().id().toString()).<String>path("charge.status")))
                .containsExactly("CHARGED", "CHARGED", "REFUNDED", "REFUNDED", "CHARGED");
    }

    @Test
    void a_later_different_answer_is_kept_as_an_event_only() {
        DueSession session = lease(api.opened("abandon"));
        answer(session, verdict(Verdict.PASSED));

        answer(session, verdict(Verdict.EXPIRED));

        String id = session.id().toString();
        assertThat(api.get(id).<String>path("status")).isEqualTo("PASSED");
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR", "CHARGE/RULE");
        assertThat(api.eventTypes(id)).endsWith("SETTLED", "CHECKED", "CONTRADICTED");
    }

    @Test
    void the_vendors_flag_is_the_basis_when_it_agrees() {
        DueSession session = lease(api.opened("abandon"));

        answer(
                session,
                new VerdictOutcome.Final(
                        Verdict.FAILED, "x", BillingFlag.NOT_BILLED, Optional.empty(), Optional.empty()));

        assertThat(stored.ledger(session.id().toString())).containsExactly("PRE_DEDUCT/VENDOR", "REFUND/VENDOR");
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
    void who_lost_the_lease_cannot_reschedule_or_write_off_but_brings_a_verdict() {
        String id = api.opened("abandon");
        DueSession late = lease(id);
        clock.advance(LONGER_THAN_A_LEASE);
        lease(id);
        String due = due(id);

        answer(late, new VerdictOutcome.NotYet(Optional.empty()));
        assertThat(due(id)).as("the new holder's lease stands").isEqualTo(due);
        record.writeOff(List.of(late)).await().atMost(PATIENCE);
        assertThat(api.get(id).<String>path("status")).isEqualTo("PENDING");
        answer(late, verdict(Verdict.PASSED));
        assertThat(api.get(id).<String>path("status")).isEqualTo("PASSED");
    }

    @Test
    void an_outcome_of_init_that_comes_after_it_was_given_up_is_kept_as_an_event_only() {
        String id = api.open("drop-after-fee").path("sessionId");

        boolean recorded = conclude(id, accepted());

        assertThat(recorded).isFalse();
        assertThat(api.get(id).<String>path("status")).isEqualTo("UNKNOWN");
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/PRESUMED");
        assertThat(api.eventTypes(id)).endsWith("OUTCOME_UNKNOWN", "CONTRADICTED");
    }

    @Test
    void an_outcome_recorded_again_since_the_databases_answer_was_lost_counts_as_done() {
        OpenSessionRequest request =
                new OpenSessionRequest("wx.history", null, null, null, null, null, null, null).withDefaults();
        Opening opening = new Opening(
                UUID.randomUUID(),
                new Caller(api.caller()),
                "key",
                request,
                RequestHash.of(request),
                1,
                clock.instant());
        intent.first(opening, clock.instant().plusSeconds(60)).await().atMost(PATIENCE);
        ConcludeOpening.Conclusion conclusion =
                new ConcludeOpening.Conclusion(opening.id(), 1, clock.instant(), UUID.randomUUID());

        List<Boolean> recorded = Stream.generate(() -> conclude.record(conclusion, accepted()))
                .limit(2)
                .map(recording -> recording.await().atMost(PATIENCE))
                .toList();

        String id = opening.id().toString();
        assertThat(recorded).containsExactly(true, true);
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR");
        assertThat(api.eventTypes(id)).containsExactly("OPENING", "OPENED");
    }

    private boolean conclude(String id, OpenOutcome outcome) {
        return conclude.conclude(UUID.fromString(id), 1, clock.instant(), outcome)
                .await()
                .atMost(PATIENCE);
    }

    private static OpenOutcome accepted() {
        return new OpenOutcome.Accepted(
                new Confidential("token"), new Confidential("https://x.example"), BillingFlag.BILLED, Optional.of("1"));
    }

    private DueSession lease(String id) {
        return leased(id).orElseThrow();
    }

    private Optional<DueSession> leased(String id) {
        return leases.one(UUID.fromString(id), OptionalInt.empty()).await().atMost(PATIENCE);
    }

    private void answer(DueSession session, VerdictOutcome outcome) {
        record.answers(List.of(new AskedSession(session, outcome))).await().atMost(PATIENCE);
    }

    private String due(String id) {
        return stored.strings(
                        "select next_look_at::text from session_schedule where session_id = ?", UUID.fromString(id))
                .get(0);
    }

    private static VerdictOutcome verdict(Verdict verdict) {
        return new VerdictOutcome.Final(verdict, "said", BillingFlag.ABSENT, Optional.empty(), Optional.of("1"));
    }
}

package io.liveness.gateway.check.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.check.ReadSession;
import io.liveness.gateway.check.SessionMetrics;
import io.liveness.gateway.check.schedule.HeldOpenings;
import io.liveness.gateway.check.schedule.PollBacklog;
import io.liveness.gateway.check.settle.Ticks;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.liveness.gateway.vendor.VendorBudget;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Intents that are stored and whose init is not sent. */
@QuarkusTest
class SendInitTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** A share of fewer opens says nothing. */
    private static final int SOME = 10;

    private final Api api = Api.asNewCaller();

    @Inject
    SendInit init;

    @Inject
    StoreIntent intents;

    @Inject
    TakeBackIntents takeBack;

    @Inject
    RecordInitOutcome outcomes;

    @Inject
    HeldOpenings held;

    @Inject
    ReadSession read;

    @Inject
    LivenessVendor vendor;

    @Inject
    VendorBudget calls;

    @Inject
    PollBacklog backlog;

    @Inject
    ReturnHop returnHop;

    @Inject
    SendInit.OpeningTimes times;

    @Inject
    SessionMetrics metrics;

    @Inject
    Refusals refusals;

    @Inject
    SettableClock clock;

    @Inject
    MeterRegistry registry;

    @Inject
    Sandbox sandbox;

    @Inject
    Stored stored;

    @Inject
    Ticks ticks;

    @BeforeEach
    void the_vendor_takes_all() throws SQLException {
        stored.fillBudget();
    }

    @Test
    void one_whose_order_cannot_be_made_is_taken_back() {
        Opening opening = stored();
        long inits = sandbox.books().initCalls();
        Opening broken = with(opening, null, opening.answeredBy());

        assertThatThrownBy(() -> init.send(broken).await().atMost(PATIENCE)).isInstanceOf(NullPointerException.class);

        takeBack.takeBack().await().atMost(PATIENCE);
        assertThat(stored.tablesWith(opening.id().toString())).isEmpty();
        assertThat(sandbox.books().initCalls()).isEqualTo(inits);
    }

    @Test
    void those_that_come_too_late_give_back_their_places_and_count_in_no_share() {
        SimpleMeterRegistry shares = new SimpleMeterRegistry();
        OpenShare share = new OpenShare(0.5, refusals, shares, System::nanoTime, new Database(null), clock);
        SendInit late = new SendInit(
                takeBack, outcomes, held, read, vendor, calls, share, backlog, returnHop, times, metrics, refusals,
                clock);
        long inits = sandbox.books().initCalls();
        double before = returned();

        for (int open = 0; open < SOME; open++) {
            Opening opening = stored();

            assertThatThrownBy(() -> late.send(late(opening)).await().atMost(PATIENCE))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageStartingWith("It took too long until init could be sent. Nothing was opened");

            assertThat(stored.tablesWith(opening.id().toString())).isEmpty();
        }
        assertThat(sandbox.books().initCalls()).isEqualTo(inits);
        assertThat(returned()).isEqualTo(before + SOME);
        assertThat(shares.get("liveness.opens.largest.share").gauge().value()).isZero();
    }

    /** A process may be held up for so long that others take it for gone and write its opening off. */
    @Test
    void the_fee_of_one_that_was_written_off_meanwhile_is_returned_at_once() {
        Opening opening = stored();
        outcomes.record(
                        PATIENCE,
                        opening.id(),
                        1,
                        opening.startedAt(),
                        new OpenOutcome.Unknown(Optional.empty(), "nobody holds it", Optional.empty()))
                .await()
                .atMost(PATIENCE);

        assertThatThrownBy(() -> init.send(late(opening)).await().atMost(PATIENCE))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("No fee was taken and no check can be made with this key");

        ticks.tick();
        String id = opening.id().toString();
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/PRESUMED", "REFUND/PRESUMED");
        assertThat(api.eventTypes(id)).containsExactly("OPENING", "OUTCOME_UNKNOWN", "CONTRADICTED", "WRITTEN_OFF");
    }

    private double returned() {
        return registry.get("liveness.budget.calls")
                .tags("purpose", "init", "outcome", "returned")
                .counter()
                .count();
    }

    private Opening stored() {
        Opening opening = Openings.of(api.caller(), UUID.randomUUID().toString(), clock.instant());
        assertThat(intents.store(opening).await().atMost(PATIENCE)).isEqualTo(StoreIntent.Stored.STORED);
        return opening;
    }

    private static Opening late(Opening opening) {
        return with(opening, opening.request(), opening.startedAt());
    }

    private static Opening with(Opening opening, OpenSessionRequest request, Instant answeredBy) {
        return new Opening(
                opening.id(),
                opening.caller(),
                opening.idempotencyKey(),
                request,
                opening.requestHash(),
                opening.attempt(),
                opening.startedAt(),
                answeredBy,
                opening.event());
    }
}

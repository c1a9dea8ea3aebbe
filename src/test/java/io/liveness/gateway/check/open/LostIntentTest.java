package io.liveness.gateway.check.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.books.comparison.BooksFixture;
import io.liveness.gateway.check.open.RecordInitOutcome.Recorded;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The database has lost an intent whose init was under way, as by a fail-over to a standby that lags, or by a restore. */
@QuarkusTest
class LostIntentTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Api api = Api.asNewCaller();
    private final String taskNo = UUID.randomUUID().toString();

    @Inject
    RecordInitOutcome outcomes;

    @Inject
    StoreIntent intents;

    @Inject
    SettableClock clock;

    @Inject
    Stored stored;

    @Inject
    BooksFixture books;

    @Test
    void an_accepted_outcome_stores_it_again_and_its_key_leads_to_the_session() {
        Opening lost = opening("lost");

        Recorded recorded = record(lost, accepted());

        assertThat(recorded.session()).isPresent();
        String id = lost.id().toString();
        assertThat(api.eventTypes(id)).containsExactly("OPENING", "OPENED");
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR");
        assertThat(stored.count(
                        "select count(*) from session_schedule where session_id = ? and status = 'PENDING'", lost.id()))
                .isOne();
        api.open("lost", "{\"returnUrl\":\"wx.history\"}")
                .then()
                .statusCode(200)
                .body("id", equalTo(id));
    }

    @Test
    void an_unknown_outcome_stores_it_again_with_its_presumed_fee() {
        Opening lost = opening("no-answer");

        record(lost, new OpenOutcome.Unknown(Optional.empty(), "no answer", Optional.empty()));

        assertThat(stored.ledger(lost.id().toString())).containsExactly("PRE_DEDUCT/PRESUMED");
    }

    @Test
    void a_lost_second_attempt_is_stored_again_after_the_first() {
        Opening first = opening("again");
        intents.store(first).await().atMost(PATIENCE);
        record(first, OpenOutcome.Refused.unsent("not sent"));
        Opening lost = first.again(first.id(), 2, UUID.randomUUID());

        Recorded recorded = record(lost, accepted());

        assertThat(recorded.done()).isTrue();
        assertThat(api.eventTypes(first.id().toString())).containsExactly("OPENING", "REJECTED", "OPENING", "OPENED");
    }

    @Test
    void a_second_attempt_that_is_lost_with_the_first_is_stored_again() {
        Opening lost = opening("both").again(UUID.randomUUID(), 2, UUID.randomUUID());

        Recorded recorded = record(lost, accepted());

        assertThat(recorded.session()).isPresent();
        String id = lost.id().toString();
        assertThat(api.eventTypes(id)).containsExactly("OPENING", "OPENED");
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR");
        assertThat(stored.count(
                        "select count(*) from session_schedule where session_id = ? and attempt = 2", lost.id()))
                .isOne();
        api.open("both", "{\"returnUrl\":\"wx.history\"}")
                .then()
                .statusCode(200)
                .body("id", equalTo(id));
    }

    @Test
    void a_third_attempt_that_is_lost_with_the_second_is_stored_again_after_the_first() {
        Opening first = opening("third");
        intents.store(first).await().atMost(PATIENCE);
        record(first, OpenOutcome.Refused.unsent("not sent"));
        Opening lost = first.again(first.id(), 3, UUID.randomUUID());

        Recorded recorded = record(lost, accepted());

        assertThat(recorded.done()).isTrue();
        assertThat(stored.ledger(first.id().toString())).containsExactly("PRE_DEDUCT/VENDOR");
        assertThat(stored.strings("select status || attempt from liveness_session where id = ?", first.id()))
                .containsExactly("PENDING3");
    }

    @Test
    void a_new_attempt_follows_the_one_before_it_alone() {
        Opening first = opening("skipped");
        intents.store(first).await().atMost(PATIENCE);
        record(first, OpenOutcome.Refused.unsent("not sent"));

        Opening third = first.again(first.id(), 3, UUID.randomUUID());

        assertThat(intents.store(third).await().atMost(PATIENCE)).isEqualTo(StoreIntent.Stored.NOT_STORED);
    }

    @Test
    void an_outcome_whose_key_has_led_to_another_session_stays_visible() throws SQLException {
        api.open("taken", "{\"returnUrl\":\"wx.history\"}").then().statusCode(201);
        Opening lost = opening("taken");

        Recorded recorded = record(lost, accepted());

        assertThat(recorded.done()).isFalse();
        assertThat(stored.strings(
                        "select concat_ws(' ', type, detail ->> 'late', detail ->> 'taskNo') from session_event where session_id = ?",
                        lost.id()))
                .containsExactly("CONTRADICTED accepted " + taskNo);
        // Others compare the books.
        stored.execute("delete from session_event where session_id = ?", lost.id());
    }

    @Test
    void an_outcome_whose_key_went_on_to_another_attempt_is_a_difference() throws SQLException {
        books.beginHere();
        Opening first = opening("went-on");
        intents.store(first).await().atMost(PATIENCE);
        record(first, OpenOutcome.Refused.unsent("not sent"));
        Opening lost = first.again(first.id(), 2, UUID.randomUUID());
        Opening next = first.again(first.id(), 2, UUID.randomUUID());
        intents.store(next).await().atMost(PATIENCE);
        record(next, accepted());

        Recorded recorded = record(lost, accepted());

        assertThat(recorded.done()).isFalse();
        books.pass();
        assertThat(books.differences(first.id())).containsExactly("event-without-session");
        stored.execute("delete from session_event where session_id = ? and type = 'CONTRADICTED'", first.id());
        books.pass();
    }

    @Test
    void an_outcome_that_was_written_off_meanwhile_changes_nothing() {
        Opening writtenOff = opening("late");
        intents.store(writtenOff).await().atMost(PATIENCE);
        outcomes.record(
                        PATIENCE,
                        writtenOff.id(),
                        1,
                        clock.instant(),
                        new OpenOutcome.Unknown(Optional.empty(), "nobody holds it", Optional.empty()))
                .await()
                .atMost(PATIENCE);

        assertThat(record(writtenOff, accepted()).done()).isFalse();

        assertThat(api.eventTypes(writtenOff.id().toString()))
                .containsExactly("OPENING", "OUTCOME_UNKNOWN", "CONTRADICTED");
    }

    private Recorded record(Opening opening, OpenOutcome outcome) {
        return outcomes.record(opening, clock.instant(), outcome).await().atMost(PATIENCE);
    }

    private OpenOutcome accepted() {
        return new OpenOutcome.Accepted(
                new Confidential("token of " + taskNo),
                new Confidential("https://x.example"),
                BillingFlag.BILLED,
                Optional.of(taskNo));
    }

    private Opening opening(String key) {
        return Openings.of(api.caller(), key, clock.instant());
    }
}

package io.liveness.gateway.check.settle;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.vendor.LivenessVendor;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A restore holds every write-off until an operator says so: verdicts may have been told that are not stored. */
@QuarkusTest
class HeldWriteOffsTest {

    private final Api api = Api.asNewCaller();

    @Inject
    Ticks ticks;

    @Inject
    SettableClock clock;

    @Inject
    Stored stored;

    @Inject
    Sandbox sandbox;

    @Inject
    LivenessVendor vendor;

    @Inject
    MeterRegistry registry;

    @BeforeEach
    void hold() throws SQLException {
        stored.execute("delete from session_schedule");
        stored.strings("select hold_write_offs()");
    }

    @AfterEach
    void resume() {
        stored.strings("select resume_write_offs()");
        ticks.tick();
    }

    @Test
    void no_session_past_its_end_is_asked_about_or_written_off() {
        String pending = api.opened("abandon");
        String lost = api.open("drop-after-fee").path("sessionId");
        long asked = sandbox.books().resultCalls();
        clock.advance(vendor.tokenLifetime().plusSeconds(10));
        ticks.tick();
        api.check(pending).then().statusCode(200);
        clock.advance(Duration.ofHours(2));
        ticks.tick();

        assertThat(sandbox.books().resultCalls()).isEqualTo(asked);
        assertThat(api.get(pending).<String>path("status")).isEqualTo("PENDING");
        assertThat(stored.ledger(lost)).containsExactly("PRE_DEDUCT/PRESUMED");
        assertThat(held()).isOne();

        stored.strings("select resume_write_offs()");
        ticks.tick();

        assertThat(api.get(pending).<String>path("status")).isEqualTo("EXPIRED");
        assertThat(stored.ledger(lost)).containsExactly("PRE_DEDUCT/PRESUMED", "REFUND/PRESUMED");
        assertThat(held()).isZero();
    }

    @Test
    void sessions_that_end_while_nothing_is_written_off_are_asked_about_once_it_is_resumed() {
        String session = api.opened("abandon");
        ticks.tick();
        clock.advance(vendor.tokenLifetime().plusSeconds(10));
        ticks.tick();
        clock.advance(Duration.ofMinutes(20));
        ticks.tick();
        stored.strings("select resume_write_offs()");
        long asked = sandbox.books().resultCalls();

        ticks.tick();

        assertThat(sandbox.books().resultCalls()).isEqualTo(asked + 1);
        assertThat(api.eventTypes(session)).endsWith("CHECKED", "SETTLED");
    }

    @Test
    void sessions_whose_token_lives_are_settled_by_their_verdicts() {
        String session = api.opened("pass");
        clock.advance(Duration.ofMinutes(1));

        ticks.tick();

        assertThat(api.get(session).<String>path("status")).isEqualTo("PASSED");
    }

    private double held() {
        return registry.get("liveness.write.offs.held").gauge().value();
    }
}

package io.liveness.gateway.check.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.check.open.Opening;
import io.liveness.gateway.check.open.Openings;
import io.liveness.gateway.check.open.StoreIntent;
import io.liveness.gateway.check.settle.Ticks;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An opening is written off when no process that lives holds it. */
@QuarkusTest
class HeldOpeningsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final Duration GONE = Duration.ofMinutes(1);
    private static final UUID ANOTHER = UUID.randomUUID();

    private final Api api = Api.asNewCaller();

    @Inject
    HeldOpenings held;

    @Inject
    StoreIntent intent;

    @Inject
    Ticks ticks;

    @Inject
    SettableClock clock;

    @Inject
    Stored stored;

    @BeforeEach
    void nobody_has_lived() throws SQLException {
        stored.execute("delete from opener");
    }

    @Test
    void the_process_itself_writes_off_what_it_holds_no_longer() throws SQLException {
        UUID session = opening();
        CompletableFuture<Void> work = new CompletableFuture<>();
        held.during(session, Uni.createFrom().completionStage(work)).subscribe().with(done -> {}, failure -> {});
        held.hold(session);
        clock.advance(GONE);

        ticks.tick();
        assertThat(status(session)).isEqualTo("OPENING");
        work.completeExceptionally(new IllegalStateException("cannot be recorded"));
        ticks.tick();
        assertThat(status(session)).as("held once more").isEqualTo("OPENING");
        held.release(session);
        ticks.tick();

        assertThat(status(session)).isEqualTo("UNKNOWN");
    }

    @Test
    void others_write_it_off_when_its_process_shows_no_sign_of_life_for_a_minute() throws SQLException {
        UUID session = openingOfAnother();
        anotherLives();
        pass(GONE.minusSeconds(5));

        ticks.tick();
        assertThat(status(session)).isEqualTo("OPENING");
        pass(HEARTBEAT.multipliedBy(2));
        ticks.tick();

        assertThat(status(session)).isEqualTo("UNKNOWN");
    }

    @Test
    void others_leave_it_alone_while_its_process_lives_however_long_that_takes() throws SQLException {
        UUID session = openingOfAnother();
        for (int minute = 0; minute < 5; minute++) {
            pass(GONE.minusSeconds(10));
            anotherLives();
            pass(HEARTBEAT);
            ticks.tick();
        }

        assertThat(status(session)).isEqualTo("OPENING");
    }

    /** A locked table, a full disk or a database that is away stops the signs of all processes. */
    @Test
    void what_stops_the_signs_of_all_makes_nobody_look_gone() throws SQLException {
        UUID session = openingOfAnother();
        pass(GONE.multipliedBy(2));
        anotherLives();
        clock.advance(GONE.multipliedBy(2));

        ticks.tick();
        assertThat(status(session)).as("nobody has shown a sign yet").isEqualTo("OPENING");
        pass(GONE.minus(HEARTBEAT));
        ticks.tick();
        assertThat(status(session)).as("it has had no minute to show one").isEqualTo("OPENING");
        pass(HEARTBEAT.multipliedBy(2));
        // What was due this long ago is found each minute of the steady time.
        stored.execute("update session_schedule set next_poll_at = liveness_now() where session_id = ?", session);
        ticks.tick();

        assertThat(status(session)).isEqualTo("UNKNOWN");
    }

    @Test
    void a_process_that_has_never_shown_one_has_a_minute_from_its_intent_on() throws SQLException {
        pass(GONE.multipliedBy(2));
        UUID session = openingOfAnother();
        clock.advance(Duration.ofSeconds(15));
        live();

        ticks.tick();
        assertThat(status(session)).isEqualTo("OPENING");
        pass(GONE);
        ticks.tick();

        assertThat(status(session)).isEqualTo("UNKNOWN");
    }

    @Test
    void signs_of_processes_that_are_long_gone_are_forgotten() throws SQLException {
        anotherLives();
        clock.advance(Duration.ofMinutes(61));

        live();

        assertThat(stored.strings("select id::text from opener"))
                .containsExactly(held.process().toString());
    }

    /** The process shows its signs of life, the first one now. */
    private void pass(Duration time) {
        live();
        for (long beat = 0; beat < time.dividedBy(HEARTBEAT); beat++) {
            clock.advance(HEARTBEAT);
            live();
        }
    }

    private void live() {
        held.live().await().atMost(PATIENCE);
    }

    private void anotherLives() throws SQLException {
        stored.execute(
                "insert into opener values (?, liveness_now(), liveness_now()) on conflict (id) do update set seen_at = excluded.seen_at",
                ANOTHER);
    }

    private UUID openingOfAnother() throws SQLException {
        UUID session = opening();
        stored.execute("update session_schedule set opener = ? where session_id = ?", ANOTHER, session);
        return session;
    }

    /** Due to be written off at once. */
    private UUID opening() throws SQLException {
        Opening opening = Openings.of(api.caller(), UUID.randomUUID().toString(), clock.instant());
        intent.store(opening).await().atMost(PATIENCE);
        stored.execute("update session_schedule set next_poll_at = liveness_now() where session_id = ?", opening.id());
        return opening.id();
    }

    private String status(UUID session) {
        return api.get(session.toString()).path("status");
    }
}

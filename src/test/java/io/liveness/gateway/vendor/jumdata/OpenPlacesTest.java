package io.liveness.gateway.vendor.jumdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.vendor.jumdata.PostgresVendorBudget.OpenPlaces;
import io.liveness.gateway.vendor.jumdata.PostgresVendorBudget.OpenPlaces.TakenPlaces;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The test completes each statement of the budget itself. */
class OpenPlacesTest {

    private static final double AT_ONCE = -1;

    private long nanos;

    private final List<Integer> asked = new ArrayList<>();
    private final List<UniEmitter<? super TakenPlaces>> statements = new ArrayList<>();

    private OpenPlaces places(int callsPerSecond) {
        return new OpenPlaces(
                callsPerSecond,
                wanted -> Uni.createFrom().emitter(statement -> {
                    asked.add(wanted);
                    statements.add(statement);
                }),
                () -> nanos);
    }

    private void answer(int statement, int granted) {
        statements.get(statement).complete(new TakenPlaces(granted, AT_ONCE, AT_ONCE));
    }

    private static CompletableFuture<Optional<Duration>> take(OpenPlaces places) {
        return places.take().subscribeAsCompletionStage().toCompletableFuture();
    }

    private static List<CompletableFuture<Optional<Duration>>> take(OpenPlaces places, int opens) {
        List<CompletableFuture<Optional<Duration>>> taken = new ArrayList<>();
        for (int open = 0; open < opens; open++) {
            taken.add(take(places));
        }
        return taken;
    }

    @Test
    void opens_are_granted_places_in_the_order_in_which_they_came() {
        OpenPlaces places = places(10);
        take(places);
        List<CompletableFuture<Optional<Duration>>> others = take(places, 3);
        answer(0, 1);

        answer(1, 2);

        assertThat(others.stream().map(open -> open.join().isPresent())).containsExactly(true, true, false);
    }

    @Test
    void places_come_at_the_pace_of_opens_or_at_that_of_all_calls_whichever_is_later() {
        OpenPlaces places = places(10);
        take(places);
        List<CompletableFuture<Optional<Duration>>> others = take(places, 4);
        answer(0, 1);

        statements.get(1).complete(new TakenPlaces(4, 0.3, 0.1));

        // The places of all calls are at 0.3, 0.4, 0.5 and 0.6, those of opens at 0.1, 0.3, 0.5 and 0.7: the later one
        // counts.
        assertThat(others.stream()
                        .map(open -> Math.round(open.join().orElseThrow().toNanos() / 1e6)))
                .containsExactly(300L, 400L, 500L, 700L);
    }

    @Test
    void under_load_a_few_places_are_taken_ahead_and_used_without_a_statement() {
        OpenPlaces places = places(2_000);
        take(places);
        take(places, 30);
        answer(0, 1);
        assertThat(asked).containsExactly(1, 60);

        answer(1, 60);
        List<CompletableFuture<Optional<Duration>>> later = take(places, 5);

        assertThat(asked).hasSize(2);
        assertThat(later).allSatisfy(open -> assertThat(open.join()).isPresent());
    }

    @Test
    void a_refusal_is_remembered_for_a_moment() {
        OpenPlaces places = places(1);
        assertThat(places.areSpent()).isFalse();
        take(places);

        statements.get(0).complete(new TakenPlaces(0, 5, 5));

        assertThat(places.areSpent()).isTrue();
        pass(Duration.ofMillis(50));
        assertThat(places.areSpent()).isFalse();
    }

    @Test
    void places_taken_ahead_are_forgotten_when_they_were_not_used_in_time() {
        OpenPlaces places = places(2_000);
        take(places);
        take(places, 30);
        answer(0, 1);
        answer(1, 60);

        pass(Duration.ofMillis(101));
        CompletableFuture<Optional<Duration>> late = take(places);

        assertThat(asked).hasSize(3);
        assertThat(late).isNotDone();
    }

    @Test
    void a_failed_statement_fails_its_opens_and_later_ones_try_again() {
        OpenPlaces places = places(10);
        List<CompletableFuture<Optional<Duration>>> taken = take(places, 3);

        statements.get(0).fail(new IllegalStateException("away"));

        assertThat(taken.get(0)).isCompletedExceptionally();
        assertThat(asked).containsExactly(1, 2);
        answer(1, 2);
        assertThat(taken.get(1).join()).isPresent();
        assertThat(taken.get(2).join()).isPresent();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}

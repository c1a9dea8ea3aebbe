package io.liveness.gateway.platform.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.security.Caller;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BulkheadTest {

    private static final Caller SHOP = new Caller("shop");
    private static final Caller OTHER = new Caller("other");

    private final Bulkhead places = new Bulkhead(3, 2);

    @Test
    void a_caller_has_its_share_and_leaves_the_rest_to_others() {
        assertThat(places.take(SHOP)).isEmpty();
        assertThat(places.take(SHOP)).isEmpty();
        assertThat(places.take(SHOP)).contains(Bulkhead.Full.CALLER);

        assertThat(places.take(OTHER)).isEmpty();
        assertThat(places.take(OTHER)).contains(Bulkhead.Full.ALL);
    }

    @Test
    void a_place_that_is_left_is_free_again() {
        places.take(SHOP);
        places.take(SHOP);
        places.take(OTHER);

        places.leave(SHOP);

        assertThat(places.take(SHOP)).isEmpty();
        assertThat(places.take(OTHER)).contains(Bulkhead.Full.ALL);
    }

    @Test
    void work_leaves_its_place_however_it_ends() {
        for (int times = 0; times < 4; times++) {
            run(Uni.createFrom().item("done")).assertCompleted().assertItem("done");
            run(Uni.createFrom().failure(new IllegalStateException())).assertFailed();
            run(Uni.createFrom().nothing()).cancel();
            run(null).assertFailed();
        }

        assertThat(places.take(SHOP)).isEmpty();
        assertThat(places.take(SHOP)).isEmpty();
        assertThat(places.take(OTHER)).isEmpty();
    }

    @Test
    void work_without_a_place_is_not_begun() {
        run(Uni.createFrom().nothing());
        run(Uni.createFrom().nothing());

        run(Uni.createFrom().item("done")).assertItem("refused: CALLER");
    }

    @Test
    void of_many_at_once_as_many_get_a_place_as_there_are() {
        Bulkhead wide = new Bulkhead(500, 300);

        List<Optional<Bulkhead.Full>> taken = Stream.of(SHOP, OTHER)
                .flatMap(caller -> IntStream.range(0, 1_000).mapToObj(n -> caller))
                .parallel()
                .map(wide::take)
                .toList();

        assertThat(taken.stream().filter(Optional::isEmpty)).hasSize(500);
    }

    private UniAssertSubscriber<String> run(Uni<String> work) {
        return places.run(SHOP, () -> work, full -> Uni.createFrom().item("refused: " + full))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }
}

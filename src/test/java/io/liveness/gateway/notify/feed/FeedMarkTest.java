package io.liveness.gateway.notify.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.notify.feed.ReadFeed.Mark;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How far the feed is complete, without a database. */
class FeedMarkTest {

    @Test
    void with_writers_it_is_complete_up_to_the_newest_event_when_they_have_ended() {
        Mark mark = Mark.NONE.after(0, 7, Set.of("a", "b"));
        assertThat(mark.complete()).isZero();

        mark = mark.after(0, 8, Set.of("b", "c"));
        assertThat(mark.complete()).isZero();

        // Others write meanwhile, and do not hold it back.
        mark = mark.after(0, 9, Set.of("c", "d"));
        assertThat(mark.complete()).isEqualTo(7);

        mark = mark.after(0, 11, Set.of("e"));
        assertThat(mark.complete()).isEqualTo(9);
    }

    @Test
    void after_a_restore_nothing_of_before_counts() {
        Mark before = Mark.NONE.after(0, 7, Set.of());

        Mark mark = before.after(1, 5, Set.of("a"));
        assertThat(mark.complete()).isZero();
        assertThat(mark.after(1, 6, Set.of("b")).complete()).isEqualTo(5);
    }

    @Test
    void what_was_complete_stays_so_when_another_look_has_seen_less() {
        Mark mark = Mark.NONE.after(0, 10, Set.of());

        assertThat(mark.after(0, 8, Set.of()).complete()).isEqualTo(10);
        assertThat(mark.after(0, 8, Set.of("a")).after(0, 8, Set.of("b")).complete())
                .isEqualTo(10);
    }

    /** Writers take numbers and commit in any order; looks overlap, and their answers overtake each other. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void no_event_appears_up_to_a_number_that_was_complete(long seed) {
        Random random = new Random(seed);
        TreeSet<Long> stored = new TreeSet<>();
        List<Writer> writers = new ArrayList<>();
        List<Look> looks = new ArrayList<>();
        Mark mark = Mark.NONE;
        long numbers = 0;
        int transactions = 0;
        long complete = 0;
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    if (writers.size() < 6) {
                        writers.add(new Writer("w" + ++transactions));
                    }
                }
                case 1 -> {
                    if (!writers.isEmpty()) {
                        any(writers, random).numbers.add(++numbers);
                    }
                }
                case 2 -> {
                    if (!writers.isEmpty()) {
                        Writer ended = any(writers, random);
                        writers.remove(ended);
                        if (random.nextInt(5) > 0) {
                            assertThat(ended.numbers).as("step %d", step).allMatch(after(complete));
                            stored.addAll(ended.numbers);
                        }
                    }
                }
                case 3 -> {
                    Set<String> writing = new HashSet<>();
                    writers.forEach(writer -> writing.add(writer.name));
                    looks.add(new Look(mark, stored.isEmpty() ? 0 : stored.last(), writing));
                }
                default -> {
                    if (!looks.isEmpty()) {
                        Look answered = any(looks, random);
                        looks.remove(answered);
                        Mark next = answered.known.after(0, answered.newest, answered.writing);
                        mark = mark == answered.known ? next : mark;
                        complete = Math.max(complete, next.complete());
                    }
                }
            }
        }
        assertThat(complete).as("it goes on").isGreaterThan(numbers / 2);
    }

    private static Predicate<Long> after(long complete) {
        return number -> number > complete;
    }

    private static <T> T any(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    private record Writer(String name, List<Long> numbers) {
        Writer(String name) {
            this(name, new ArrayList<>());
        }
    }

    private record Look(Mark known, long newest, Set<String> writing) {}
}

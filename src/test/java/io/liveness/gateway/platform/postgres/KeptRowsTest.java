package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that one statement records: some are refused, held up by a lock, or the database is slow or away. */
class KeptRowsTest {

    private static final List<Integer> ROWS = IntStream.range(0, 100).boxed().toList();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Set<Integer> troubled = new HashSet<>();
    private final List<Integer> written = new ArrayList<>();
    private final List<Integer> failed = new ArrayList<>();
    private final List<List<Integer>> statements = new ArrayList<>();
    /** The number of statements after which no row is troubled any more. */
    private int mendedAfter = Integer.MAX_VALUE;

    @ParameterizedTest
    @ValueSource(strings = {"22021", "23514", "54011"})
    void a_row_that_is_refused_fails_alone_and_at_once(String sqlState) {
        troubled.addAll(Set.of(17, 42));

        run(Duration.ZERO, sqlState);

        assertThat(failed).containsExactlyInAnyOrder(17, 42);
        assertThat(written).hasSize(98).doesNotContain(17, 42).doesNotHaveDuplicates();
        assertThat(statements).as("found by dividing").hasSizeLessThan(40);
    }

    @Test
    void without_a_failure_it_is_one_statement() {
        run(LONG, "23514");

        assertThat(written).hasSize(100);
        assertThat(statements).hasSize(1);
    }

    /** Each statement that meets the lock takes five seconds. */
    @ParameterizedTest
    @ValueSource(strings = {"57014", "55P03", "40P01", "XX001"})
    void
            a_row_that_a_lock_holds_up_or_a_damaged_page_has_keeps_the_others_for_three_statements_and_is_tried_alone_until_it_goes_through(
                    String sqlState) {
        troubled.add(17);
        mendedAfter = 21;

        run(LONG, sqlState);

        assertThat(written).hasSize(100).endsWith(17).doesNotHaveDuplicates();
        assertThat(failed).isEmpty();
        int last = IntStream.range(0, statements.size())
                .filter(number -> !statements.get(number).contains(17))
                .max()
                .orElseThrow();
        assertThat(statements.subList(0, last).stream().filter(rows -> rows.contains(17)))
                .hasSize(4);
        assertThat(statements.subList(last + 1, statements.size())).containsOnly(List.of(17));
    }

    @Test
    void a_database_that_is_slow_for_all_rows_has_each_of_them_once_and_one_statement_at_a_time() {
        troubled.addAll(ROWS);
        mendedAfter = 1 + 8 + 50;

        run(LONG, "57014");

        assertThat(written).hasSize(100).doesNotHaveDuplicates();
        assertThat(failed).isEmpty();
    }

    @Test
    void for_want_of_a_database_the_whole_is_tried_again_and_in_parts_what_was_parted() {
        troubled.addAll(ROWS);
        mendedAfter = 3;

        run(LONG, "57P01");

        assertThat(statements).containsOnly(ROWS).hasSize(3);
        assertThat(written).isEqualTo(ROWS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"57P01", "57014"})
    void what_is_not_kept_fails_as_a_whole_after_one_statement(String sqlState) {
        troubled.add(17);

        run(Duration.ZERO, sqlState);

        assertThat(statements).hasSize(1);
        assertThat(failed).isEqualTo(ROWS);
    }

    private void run(Duration atMost, String sqlState) {
        KeepTrying.rows(atMost, ROWS, rows -> write(rows, sqlState), (row, failure) -> failed.add(row))
                .await()
                .atMost(PATIENCE);
    }

    private Uni<Void> write(List<Integer> rows, String sqlState) {
        return Uni.createFrom().deferred(() -> {
            statements.add(List.copyOf(rows));
            if (statements.size() >= mendedAfter) {
                troubled.clear();
            }
            if (rows.stream().anyMatch(troubled::contains)) {
                return Uni.createFrom().failure(new PgException("refused", "ERROR", sqlState, "in a test"));
            }
            written.addAll(rows);
            return Uni.createFrom().voidItem();
        });
    }
}

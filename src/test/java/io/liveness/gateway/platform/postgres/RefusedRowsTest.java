package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedRowsTest {

    private static final List<Integer> ROWS = IntStream.range(0, 100).boxed().toList();

    private final List<Integer> written = new ArrayList<>();
    private final List<Integer> refused = new ArrayList<>();
    private int statements;

    @ParameterizedTest
    @ValueSource(strings = {"22021", "23514", "54000"})
    void a_row_that_is_refused_fails_alone(String sqlState) {
        run(Set.of(17, 42), sqlState);

        assertThat(refused).containsExactlyInAnyOrder(17, 42);
        assertThat(written).hasSize(98).doesNotContain(17, 42).doesNotHaveDuplicates();
        assertThat(statements).as("found by halving").isLessThan(40);
    }

    @Test
    void without_a_refusal_it_is_one_statement() {
        run(Set.of(), "23514");

        assertThat(written).hasSize(100);
        assertThat(statements).isEqualTo(1);
    }

    @Test
    void another_failure_is_not_attributed_to_a_row() {
        assertThatThrownBy(() -> run(Set.of(17), "57P01")).isInstanceOf(PgException.class);

        assertThat(statements).isEqualTo(1);
        assertThat(refused).isEmpty();
    }

    private void run(Set<Integer> poisoned, String sqlState) {
        Batcher.RefusedRows.failAlone(ROWS, rows -> write(rows, poisoned, sqlState), (row, failure) -> refused.add(row))
                .await()
                .atMost(Duration.ofSeconds(10));
    }

    private Uni<Void> write(List<Integer> rows, Set<Integer> poisoned, String sqlState) {
        statements++;
        if (rows.stream().anyMatch(poisoned::contains)) {
            return Uni.createFrom().failure(new PgException("refused", "ERROR", sqlState, "in a test"));
        }
        written.addAll(rows);
        return Uni.createFrom().voidItem();
    }
}

package io.liveness.gateway.bill.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.bill.match.Matcher.Fee;
import io.liveness.gateway.bill.match.Matcher.Fee.Elsewhere;
import io.liveness.gateway.bill.match.Matcher.MatchResult;
import io.liveness.gateway.bill.read.Mapping.StatedStatus;
import io.liveness.gateway.bill.read.StatementReader.Line;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class StoreResultsTest {

    private static final Instant AT = Instant.parse("2019-03-01T12:00:00Z");
    private static final Fee FEE = new Fee(
            UUID.randomUUID(),
            Optional.of("0434001"),
            false,
            Fee.CHARGED,
            Optional.of("RULE"),
            800_000,
            "CNY",
            AT,
            Optional.of(AT),
            Elsewhere.NOWHERE);

    @Inject
    Stored stored;

    @Test
    void a_line_with_two_results_is_one_line_of_the_progress() throws SQLException {
        List<Integer> progress = new ArrayList<>();
        try (Connection connection = stored.connection()) {
            StoreResults results = new StoreResults(connection, UUID.randomUUID(), progress::add);

            differing(2).forEach(results);
            differing(3).forEach(results);
        }

        assertThat(progress).containsExactly(1, 2);
    }

    private static List<MatchResult> differing(int number) {
        Line line = new Line(
                number,
                FEE.taskNo(),
                Optional.of(AT),
                Optional.of(StatedStatus.REFUNDED),
                Optional.of(900_000L),
                Optional.empty());
        List<MatchResult> results = Matcher.compare(line, FEE, "CNY", AT, Optional.empty());
        assertThat(results)
                .extracting(MatchResult::kind)
                .containsExactly(MatchKind.AMOUNT_DIFFERS, MatchKind.STATUS_DIFFERS);
        return results;
    }
}

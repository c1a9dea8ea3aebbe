package io.liveness.gateway.statement.difference;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.security.Subject;
import io.liveness.gateway.statement.Work;
import io.liveness.gateway.statement.difference.AcceptDifferences.Which;
import io.liveness.gateway.statement.difference.KeyedWork.Request;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a person accepts of a statement is added up, in however many requests. */
@QuarkusTest
class FourEyesLimitTest {

    private final Work finance = new Work(Api.as("finance-" + UUID.randomUUID(), "finance"));

    @Inject
    KeyedWork keyed;

    @Inject
    Stored stored;

    @AfterEach
    void remove() throws SQLException {
        Work.remove(stored);
    }

    @Test
    void the_third_acceptance_of_080_is_beyond_a_limit_of_200() {
        AcceptDifferences acceptances = new AcceptDifferences(keyed, new FourEyes("2.00 CNY"));
        String statement = finance.imported(
                Work.HEADER + line() + line() + line(), "from=2019-03-01T00:00:00Z&to=2019-03-02T00:00:00Z");
        Subject anna = new Subject("issuer", "anna", true);
        List<UUID> lines = finance.items(statement, "").stream()
                .map(item -> UUID.fromString((String) item.get("id")))
                .toList();

        lines.forEach(line -> acceptances.accept(
                new Request(UUID.fromString(statement), "desk", anna, "key-" + line, "content-" + line),
                Which.these(List.of(line)),
                "their bill is right"));

        assertThat(finance.items(statement, "state=ACCEPTED")).hasSize(2);
        assertThat(finance.items(statement, "state=PROPOSED")).hasSize(1);
        assertThat(stored.count("select sum(amount) from ledger_entry where acceptance_id is not null"))
                .isEqualTo(1_600_000);
    }

    private static String line() {
        return "task-" + UUID.randomUUID() + ",2019-03-01 20:00:00,实扣,0.80\n";
    }
}

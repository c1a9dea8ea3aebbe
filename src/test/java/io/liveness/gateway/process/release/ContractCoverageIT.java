package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.contract.Operation;
import io.liveness.gateway.testsupport.contract.SeenAnswers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every documented status of every operation occurs: the tests before this one have seen it. */
@Tag("once")
@Tag("alone")
class ContractCoverageIT {

    @Test
    void every_documented_answer_was_seen() {
        List<String> seen = SeenAnswers.all();
        assertThat(seen)
                .as("answers that tests have seen: run the whole mvn verify")
                .isNotEmpty();
        List<Operation> operations = Contract.checkedIn().operations();
        List<String> documented = operations.stream()
                .flatMap(operation ->
                        operation.responses().keySet().stream().map(status -> SeenAnswers.line(operation, status)))
                .toList();
        List<String> missing = new ArrayList<>(documented);
        missing.removeAll(seen);

        assertThat(missing)
                .as("documented answers that no test has seen; only the whole mvn verify sees them all")
                .isEmpty();
        System.out.printf("%d operations, %d operation×status pairs, all seen%n", operations.size(), documented.size());
    }
}

package io.liveness.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.contract.ContractChanges.Change;
import io.liveness.gateway.testsupport.contract.Contract;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contract does not break the clients of the one that was released last, unless its version says so. */
class BreakingChangesTest {

    private static final Path RELEASED = Path.of("openapi", "released");

    @Test
    void the_contract_keeps_what_was_released() throws IOException {
        Optional<Contract> last = lastReleased();
        if (last.isEmpty()) {
            return;
        }
        Contract contract = Contract.checkedIn();

        List<Change> changes = ContractChanges.between(last.get(), contract);

        String lines = changes.stream().map(Change::toString).collect(Collectors.joining("\n"));
        assertThat(Version.parse(contract.version()))
                .as(
                        "changes since %s:%n%s%nTake them back, or raise info.version in openapi/liveness-gateway.yaml",
                        last.get().version(), lines)
                .isGreaterThanOrEqualTo(least(last.get().version(), changes));
        // CHANGELOG.md takes these lines.
        System.out.println("Since " + last.get().version() + ":\n" + lines);
    }

    /** A breaking change raises the first number, any other visible change the second. */
    private static Version least(String released, List<Change> changes) {
        String[] numbers = released.split("\\.");
        if (changes.stream().anyMatch(Change::breaking)) {
            return Version.parse(Integer.parseInt(numbers[0]) + 1 + ".0.0");
        }
        return changes.isEmpty()
                ? Version.parse(released)
                : Version.parse(numbers[0] + "." + (Integer.parseInt(numbers[1]) + 1) + ".0");
    }

    private static Optional<Contract> lastReleased() throws IOException {
        if (!Files.isDirectory(RELEASED)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(RELEASED)) {
            return files.map(Contract::read).max(Comparator.comparing(contract -> Version.parse(contract.version())));
        }
    }
}

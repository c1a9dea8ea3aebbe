package io.liveness.gateway.contract;

import io.liveness.gateway.testsupport.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The contract as it is, beside the one that was released last. */
record Release(Version released, Version current, List<Change> changes) {

    static final String WHERE_THE_VERSION_IS = "info.version in openapi/liveness-gateway.yaml";

    static Release of(Contract released, Contract current) {
        return new Release(version(released), version(current), ContractChanges.between(released, current));
    }

    /** @param folder holds each released contract as {@code <version>.yaml}, and need not exist */
    static Optional<Contract> last(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .map(Release::read)
                    .max(Comparator.comparing(Release::version));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Version version(Contract contract) {
        return Version.parse(contract.version());
    }

    private static Contract read(Path file) {
        Contract contract = Contract.read(file);
        if (!file.getFileName().toString().equals(contract.version() + ".yaml")) {
            throw new IllegalStateException(file + " holds version " + contract.version());
        }
        return contract;
    }

    /** What is wrong with the version, and how to mend it. */
    Optional<String> complaint() {
        boolean breaking = changes.stream().anyMatch(Change::breaking);
        Version least = breaking ? released.nextMajor() : changes.isEmpty() ? released : released.nextMinor();
        if (current.compareTo(least) >= 0) {
            return Optional.empty();
        }
        return Optional.of(
                (breaking ? "The contract breaks clients of " : "The contract is no longer that of ") + released
                        + ". Take it back, or set " + WHERE_THE_VERSION_IS + " to " + least
                        + ":\n" + lines());
    }

    /** For the notes of the next release: the version, then a line for each change. */
    String changelog() {
        return changes.isEmpty() ? current + ": nothing that clients notice" : current + "\n" + lines();
    }

    private String lines() {
        return changes.stream().map(Change::toString).collect(Collectors.joining("\n"));
    }
}

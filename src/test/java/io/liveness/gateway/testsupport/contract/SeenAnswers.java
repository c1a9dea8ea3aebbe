package io.liveness.gateway.testsupport.contract;

import io.liveness.gateway.testsupport.contract.Exchange.Answer;
import io.liveness.gateway.testsupport.contract.Exchange.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The answers of the checked-in contract that tests have seen. A file keeps them for the tests that run at the end; the build deletes it
 * before the tests begin.
 */
public final class SeenAnswers {

    private static final Path FILE = Path.of("target", "contract-seen.txt");
    // Of this class loader: each start of Quarkus has a separate one, and writes some lines again.
    private static final Set<String> WRITTEN = ConcurrentHashMap.newKeySet();

    private SeenAnswers() {}

    /** @param answer one that keeps the contract */
    public static void add(Request request, Answer answer) {
        Contract.checkedIn()
                .operation(request.method(), request.path())
                .map(operation -> line(operation, Integer.toString(answer.status())))
                .filter(WRITTEN::add)
                .ifPresent(SeenAnswers::write);
    }

    /** An operation and a status, as they stand in what was seen. */
    public static String line(Operation operation, String status) {
        return operation + " " + status;
    }

    /** @return nothing when no test has run */
    public static Optional<Set<String>> all() {
        try {
            return Files.exists(FILE) ? Optional.of(new TreeSet<>(Files.readAllLines(FILE))) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(String line) {
        try {
            Files.writeString(FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

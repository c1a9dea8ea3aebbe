package io.liveness.gateway.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What tests have seen, in a file of this run of the build: for tests at its end, in another process. */
public final class SeenLines {

    private final Path file;
    // Each start of Quarkus has a separate class loader, and writes some lines again.
    private final Set<String> written = ConcurrentHashMap.newKeySet();

    public SeenLines(String name) {
        file = Path.of(
                "target", "seen", System.getProperty("build.started", "now").replaceAll("\\W", "-"), name);
    }

    /** @param key of which only the first line is kept */
    public void add(String key, String line) {
        if (written.add(key)) {
            try {
                Files.createDirectories(file.getParent());
                Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Every line once; empty when no test has run. */
    public List<String> all() {
        try {
            return Files.exists(file)
                    ? Files.readAllLines(file).stream().distinct().toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

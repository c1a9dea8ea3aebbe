package io.liveness.gateway.testsupport.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A server for one test, from the binaries from Maven. Its files, its log among them, can be read after it has stopped. */
public final class OwnPostgres implements AutoCloseable {

    private final Path data;
    private final EmbeddedPostgres process;

    private OwnPostgres(Path data, EmbeddedPostgres process) {
        this.data = data;
        this.process = process;
    }

    public static OwnPostgres start() {
        try {
            Path data = Files.createTempDirectory("own-postgres");
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setServerConfig("logging_collector", "on")
                    .setServerConfig("log_directory", "log");
            PostgresServer.SETTINGS.forEach(builder::setServerConfig);
            return new OwnPostgres(data, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public PostgresServer server() {
        return new PostgresServer("postgresql://localhost:" + process.getPort(), "postgres", "postgres");
    }

    /** It writes all of its pages first. */
    public void stop() {
        try {
            process.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All but the write-ahead log, relative to {@link #data}. */
    public List<Path> files() {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(Files::isRegularFile)
                    .map(data::relativize)
                    .filter(file -> !file.startsWith("pg_wal"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] content(Path file) {
        try {
            return Files.readAllBytes(data.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it, and deletes its files. */
    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

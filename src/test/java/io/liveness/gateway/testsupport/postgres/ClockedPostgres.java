package io.liveness.gateway.testsupport.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** An installed PostgreSQL whose clock the test sets, by libfaketime. */
public final class ClockedPostgres implements AutoCloseable {

    private final Path directory;
    private final PackagedPostgres process;

    private ClockedPostgres(Path directory, PackagedPostgres process) {
        this.directory = directory;
        this.process = process;
    }

    /** @param fakeTime the library */
    public static ClockedPostgres start(Path programs, Path fakeTime) {
        try {
            Path directory = Files.createTempDirectory("clock");
            // PostgreSQL runs as another user.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            write(directory, "+0");
            Map<String, String> environment = Map.of(
                    "LD_PRELOAD",
                    fakeTime.toString(),
                    "FAKETIME_TIMESTAMP_FILE",
                    directory.resolve("offset").toString(),
                    "FAKETIME_NO_CACHE",
                    "1",
                    "FAKETIME_DONT_FAKE_MONOTONIC",
                    "1");
            return new ClockedPostgres(
                    directory, PackagedPostgres.start(programs, PostgresServer.SETTINGS, environment));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public PostgresServer server() {
        return process.server();
    }

    /** @param offset from the machine's clock, as in {@code +1h} */
    public void set(String offset) {
        try {
            write(directory, offset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In one step, because each look at the clock reads the file. */
    private static void write(Path directory, String offset) throws IOException {
        Path written = Files.writeString(directory.resolve("next"), offset);
        Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(written, directory.resolve("offset"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        process.close();
    }
}

package io.liveness.gateway.testsupport.postgres;

import io.liveness.gateway.testsupport.TestDatabase;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An installed PostgreSQL whose tables are on a small file system of their own, in memory, that can be filled. Its log is elsewhere. */
public final class SmallDiskPostgres implements AutoCloseable {

    private static final int MEBIBYTES = 96;

    private final Path disk;
    private final Path filling;
    private final PackagedPostgres postgres;

    private SmallDiskPostgres(Path disk, PackagedPostgres postgres) {
        this.disk = disk;
        this.filling = disk.resolve("filling");
        this.postgres = postgres;
    }

    /** Empty where nobody may mount a file system. */
    public static Optional<SmallDiskPostgres> start(Path programs) {
        try {
            Path disk = Files.createTempDirectory("liveness-disk.");
            if (!asRoot("mount", "-t", "tmpfs", "-o", "mode=0777,size=" + MEBIBYTES + "m", "tmpfs", disk.toString())) {
                Files.delete(disk);
                return Optional.empty();
            }
            Path space = Files.createDirectory(disk.resolve("space"));
            PackagedPostgres.give(space);
            SmallDiskPostgres small =
                    new SmallDiskPostgres(disk, PackagedPostgres.start(programs, PostgresServer.SETTINGS));
            small.postgres
                    .server()
                    .execute(
                            "postgres",
                            "create tablespace small location '" + space + "'",
                            "alter database template1 set tablespace small");
            return Optional.of(small);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new database on that file system. */
    public TestDatabase database() {
        return TestDatabase.create(postgres::server, postgres.server().address());
    }

    /** From now on no table grows. */
    public void fill() {
        byte[] some = new byte[4096];
        try (OutputStream file = Files.newOutputStream(filling)) {
            while (true) {
                file.write(some);
            }
        } catch (IOException full) {
            // The loop ends when there is no room.
        }
    }

    public void free() {
        try {
            Files.delete(filling);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        postgres.close();
        asRoot("umount", disk.toString());
        disk.toFile().delete();
    }

    private static boolean asRoot(String... command) {
        List<String> whole = new ArrayList<>();
        if (!"root".equals(System.getProperty("user.name"))) {
            whole.addAll(List.of("sudo", "-n"));
        }
        whole.addAll(List.of(command));
        try {
            return new ProcessBuilder(whole)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

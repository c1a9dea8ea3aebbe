package io.liveness.gateway.process.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the model checker on the protocol's model, see docs/model/README.md. */
@Tag("once")
class ModelIT {

    private static final long MINUTES = 10;

    @Test
    void the_protocol_keeps_its_invariants_and_each_planted_mistake_is_found(@TempDir Path directory) throws Exception {
        assumeTrue(
                onPath("spin") && onPath("cc"),
                "The model is checked with spin and a C compiler; on Debian: apt-get install spin gcc libc6-dev");
        Path output = directory.resolve("output");
        Process check = new ProcessBuilder("docs/model/check")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertTrue(check.waitFor(MINUTES, TimeUnit.MINUTES), "docs/model/check does not end");
            assertEquals(0, check.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            check.descendants().forEach(ProcessHandle::destroyForcibly);
            check.destroyForcibly();
        }
    }

    private static boolean onPath(String command) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
    }
}

package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway's root file system may be read-only, {@code /tmp} included. */
@Tag("once")
class NoFilesIT {

    /**
     * A file stands where the directory should be, so that root cannot write there either; what tries and goes on says
     * so in the log.
     */
    @Test
    void a_whole_check_asks_for_no_directory_of_temporary_files(@TempDir Path directory) throws IOException {
        Path noDirectory = Files.createFile(directory.resolve("tmp"));
        try (Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            GatewayProcess gateway =
                    around.start(around.environment().with("java.tool.options", "-Djava.io.tmpdir=" + noDirectory));

            String id =
                    around.callers().open(gateway.url(), "order-4711", "pass").id();

            assertThat(around.callers().checkLater(gateway.url(), id).join().sessionStatus())
                    .as(gateway.tail())
                    .isEqualTo("PASSED");
            assertThat(around.callers().status("GET", gateway.url() + "/v1/liveness-sessions/" + id + "/face-image"))
                    .as(gateway.tail())
                    .isEqualTo(200);
            assertThat(gateway.output()).noneMatch(line -> line.contains(noDirectory.toString()));
        }
    }
}

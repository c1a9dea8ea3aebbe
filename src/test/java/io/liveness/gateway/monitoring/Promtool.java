package io.liveness.gateway.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Prometheus' promtool, in a folder below {@code target}. */
final class Promtool {

    private static final String COMMAND = "promtool";
    private static final Path FOLDER = Path.of("target", "prometheus");
    private static final Duration AT_MOST = Duration.ofMinutes(5);

    /** @param output both streams, in their order */
    record Result(int exitCode, String output) {

        void assertWell() {
            assertThat(exitCode).as(output).isZero();
        }
    }

    private Promtool() {}

    /** Puts a file into the folder. */
    static void write(String name, String text) {
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FOLDER.resolve(name), text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param input a file in the folder, for standard input */
    static Result run(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of(COMMAND));
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile(FOLDER, "output", ".txt");
            Process process = start(new ProcessBuilder(command)
                    .directory(FOLDER.toFile())
                    .redirectInput(FOLDER.resolve(input).toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile()));
            boolean ended = process.waitFor(AT_MOST.toSeconds(), TimeUnit.SECONDS);
            process.destroyForcibly().waitFor();
            String text = Files.readString(output);
            Files.delete(output);
            assertThat(ended).as("%s has ended\n%s", command, text).isTrue();
            return new Result(process.exitValue(), text);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Process start(ProcessBuilder command) {
        try {
            return command.start();
        } catch (IOException e) {
            throw new AssertionError(
                    "promtool is not installed: apt-get install prometheus, or see CONTRIBUTING.md", e);
        }
    }
}

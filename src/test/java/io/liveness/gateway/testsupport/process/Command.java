package io.liveness.gateway.testsupport.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs to their ends. */
public final class Command {

    private static final Duration AT_MOST = Duration.ofMinutes(10);

    /** @param output both streams, in their order */
    public record Result(int exitCode, String output) {}

    private Command() {}

    /** @throws UncheckedIOException when there is no such program */
    public static Result run(Path directory, List<String> command) {
        try {
            Path output = Files.createTempFile("output", ".txt");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toAbsolutePath().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(AT_MOST.toSeconds(), TimeUnit.SECONDS);
            process.destroyForcibly().waitFor();
            String text = Files.readString(output);
            Files.delete(output);
            assertThat(ended).as("%s has ended\n%s", command, text).isTrue();
            return new Result(process.exitValue(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @return what it printed; it must succeed */
    public static String succeed(Path directory, String... command) {
        Result result = run(directory, List.of(command));
        assertThat(result.exitCode()).as("%s\n%s", command[0], result.output()).isZero();
        return result.output();
    }
}

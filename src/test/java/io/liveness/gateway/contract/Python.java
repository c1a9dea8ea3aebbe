package io.liveness.gateway.contract;

import io.liveness.gateway.testsupport.process.Command;
import io.liveness.gateway.testsupport.process.Command.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Debian's Python with the client that the contract makes, for the scripts of {@code src/test/python}. */
public final class Python {

    private static final Path SCRIPTS = Path.of("src", "test", "python");
    private static final Path CLIENT = Path.of("target", "python", "gateway-client");

    private Python() {}

    public static String interpreter() {
        return System.getProperty("python", "/usr/bin/python3");
    }

    public static Result run(String script, String... arguments) {
        return Command.run(SCRIPTS, command(script, arguments));
    }

    /** Does not wait for its end. Its errors are part of its output. */
    public static Process start(String script, String... arguments) throws IOException {
        return new ProcessBuilder(command(script, arguments))
                .directory(SCRIPTS.toFile())
                .redirectErrorStream(true)
                .start();
    }

    private static List<String> command(String script, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("env", "PYTHONPATH=" + CLIENT.toAbsolutePath(), interpreter(), "-B", "-u", script));
        command.addAll(List.of(arguments));
        return command;
    }
}

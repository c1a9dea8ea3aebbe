package io.liveness.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.process.Command;
import io.liveness.gateway.testsupport.process.Command.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Node with the packages of a folder of {@code src/test}, in a folder of that name below {@code target}. */
public final class Node {

    private static final int OLDEST = 20;

    private static final List<String> INSTALL = List.of(
            "npm",
            "install",
            "--no-audit",
            "--no-fund",
            "--no-package-lock",
            // No package needs a script to work.
            "--ignore-scripts",
            "--prefer-offline");

    private final Path sources;
    private final Path folder;

    private Node(String name) {
        this.sources = Path.of("src", "test", name);
        this.folder = Path.of("target", name).toAbsolutePath();
    }

    /**
     * Fails with what to do when Node or npm is missing. Installs only what has changed.
     *
     * @param name the folder's
     */
    public static Node ready(String name) {
        Node node = new Node(name);
        node.copy();
        node.demand("node", version -> Integer.parseInt(version.replaceAll("^v?(\\d{1,6}).*$", "$1")) >= OLDEST);
        node.demand("npm", version -> true);
        node.install();
        return node;
    }

    /** A folder that is {@link #ready}, with its TypeScript compiled into {@code out}. */
    public static Node compiled(String name) {
        Node node = ready(name);
        Result compiled = node.tool("tsc");
        assertThat(compiled.exitCode()).as(compiled.output()).isZero();
        return node;
    }

    /** One of the packages' own commands, such as {@code tsc}. */
    public Result tool(String name, String... arguments) {
        return node(folder.resolve("node_modules").resolve(".bin").resolve(name).toString(), arguments);
    }

    public Result node(String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        return run(command);
    }

    /** Does not wait for its end. Its errors are part of its output. */
    public Process start(String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
    }

    private void demand(String program, Predicate<String> isNewEnough) {
        String need = "These tests need Node " + OLDEST
                + " or newer with npm: apt-get install nodejs npm, or see CONTRIBUTING.md";
        try {
            Result version = run(List.of(program, "--version"));
            assertThat(version.exitCode()).as(need).isZero();
            assertThat(isNewEnough.test(version.output().strip()))
                    .as("%s. Here is %s %s", need, program, version.output())
                    .isTrue();
        } catch (UncheckedIOException e) {
            throw new AssertionError(need, e);
        }
    }

    private void copy() {
        try (Stream<Path> files = Files.list(sources)) {
            Files.createDirectories(folder);
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void install() {
        try {
            String wanted = Files.readString(folder.resolve("package.json"));
            Path installed = folder.resolve("node_modules").resolve("installed.json");
            if (Files.exists(installed) && Files.readString(installed).equals(wanted)) {
                return;
            }
            Result result = run(INSTALL);
            if (result.exitCode() != 0) {
                // A registry may fail once.
                result = run(INSTALL);
            }
            assertThat(result.exitCode()).as("npm install\n%s", result.output()).isZero();
            Files.writeString(installed, wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Result run(List<String> command) {
        return Command.run(folder, command);
    }
}

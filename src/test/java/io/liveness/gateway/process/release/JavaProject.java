package io.liveness.gateway.process.release;

import io.liveness.gateway.testsupport.process.Command;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A Java project of others: it has the client from this release alone, all else from where Maven has it. */
final class JavaProject {

    static final Path RELEASE = Path.of(System.getProperty("release.directory", "target/release"));
    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    // Every project has its own directory, because tests run side by side. It is kept: what Maven lacks is downloaded
    // into it.
    private static final Path REPOSITORIES = Path.of("target", "others").toAbsolutePath();

    private JavaProject() {}

    static void build(Path sources, Path project, String... arguments) {
        copy(sources, project);
        Path repository = REPOSITORIES.resolve(sources.getFileName());
        copy(RELEASE.resolve("maven"), repository);
        Stream<String> maven = Stream.of(
                System.getProperty("maven.home") + "/bin/mvn",
                "-q",
                "-B",
                "-ntp",
                "-Dmaven.repo.local=" + repository,
                "-Dmaven.repo.local.tail=" + System.getProperty("maven.local"));
        Command.succeed(project, Stream.concat(maven, Stream.of(arguments)).toArray(String[]::new));
    }

    static void copy(Path from, Path to) {
        Command.succeed(Path.of(""), "mkdir", "-p", to.toString());
        Command.succeed(Path.of(""), "cp", "-R", from + "/.", to.toString());
    }
}

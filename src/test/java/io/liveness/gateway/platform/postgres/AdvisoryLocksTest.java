package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each advisory lock of two numbers has a name in the list of V1__platform.sql, and a lock that nobody takes is not listed. */
class AdvisoryLocksTest {

    private static final Path MAIN = Path.of("src/main");
    private static final Path LIST = MAIN.resolve("resources/db/migration/V1__platform.sql");

    private static final Pattern TAKEN =
            Pattern.compile("pg_(?:try_)?advisory_xact_lock(?:_shared)?(\\(\\d+, (?:\\d+|hashtext))");
    private static final Pattern LISTED = Pattern.compile("(?m)^-- [A-Z]+ +(\\(\\d+, (?:\\d+|hashtext))");

    @Test
    void locks_that_are_taken_are_those_of_the_list() throws IOException {
        Set<String> taken;
        try (Stream<Path> files = Files.walk(MAIN)) {
            taken = files.filter(file -> file.toString().matches(".*\\.(java|sql)"))
                    .flatMap(file -> keys(TAKEN, file).stream())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        assertThat(taken).isNotEmpty().isEqualTo(keys(LISTED, LIST));
    }

    private static Set<String> keys(Pattern pattern, Path file) {
        try {
            return pattern.matcher(Files.readString(file))
                    .results()
                    .map(key -> key.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

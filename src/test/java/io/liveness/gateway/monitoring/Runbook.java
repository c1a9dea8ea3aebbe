package io.liveness.gateway.monitoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** {@code docs/operations.md}. */
final class Runbook {

    static final Path FILE = Path.of("docs", "operations.md");

    private static final Pattern MENTIONED =
            Pattern.compile("`([^`\n]*\\b(?:liveness|jumdata|http_server|sql_pool|jvm|process|vertx)_\\w+[^`\n]*)`");

    private Runbook() {}

    /** Whatever it says to look at: expressions, and names of metrics alone. */
    static List<String> expressions() {
        try {
            return MENTIONED
                    .matcher(Files.readString(FILE))
                    .results()
                    .map(mention -> mention.group(1))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

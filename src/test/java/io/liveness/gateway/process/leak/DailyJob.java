package io.liveness.gateway.process.leak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The statements of the daily job, as docs/operations.md has them. */
public final class DailyJob {

    private static final Path RUNBOOK = Path.of("docs", "operations.md");
    private static final Pattern STATEMENT = Pattern.compile("-c '([^']+)'");

    private DailyJob() {}

    public static String[] statements() {
        try {
            String job =
                    Files.readString(RUNBOOK).split("### After erasures")[1].split("\n## ")[0];
            return STATEMENT
                    .matcher(job)
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .toArray(String[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

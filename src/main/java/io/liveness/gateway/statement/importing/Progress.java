package io.liveness.gateway.statement.importing;

import io.liveness.gateway.statement.StoreStatements;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Records the progress of an import, for clients that wait, and as a sign of life. */
class Progress {

    private static final Duration EVERY = Duration.ofSeconds(1);

    private final StoreStatements statements;
    private final Clock clock;
    private final UUID statement;
    private long bytesRead;
    private int lines;
    private int linesMatched;
    private Instant next;

    Progress(StoreStatements statements, Clock clock, UUID statement) {
        this.statements = statements;
        this.clock = clock;
        this.statement = statement;
        this.next = clock.instant().plus(EVERY);
    }

    void bytes(long read) {
        bytesRead = read;
        write();
    }

    void lines(int stored) {
        lines = stored;
        write();
    }

    void matched(int count) {
        linesMatched = count;
        write();
    }

    private void write() {
        Instant now = clock.instant();
        if (!now.isBefore(next)) {
            next = now.plus(EVERY);
            statements
                    .progress(statement, bytesRead, lines, linesMatched)
                    .await()
                    .indefinitely();
        }
    }
}

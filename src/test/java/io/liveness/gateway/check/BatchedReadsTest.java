package io.liveness.gateway.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.postgres.StatementTap;
import io.liveness.gateway.testsupport.postgres.TableLock;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Reads that wait for a lock in the database: those after the first two share one statement. */
@QuarkusTest
class BatchedReadsTest {

    private static final String NONE = "none";
    private static final int SESSIONS = 5;

    private record Read(UUID session, Viewer viewer, String expected) {}

    private final Api first = Api.asNewCaller();
    private final Api second = Api.asNewCaller();
    private final Viewer firstCaller = new Viewer(new Caller(first.caller()), true, false, false);
    private final Viewer secondCaller = new Viewer(new Caller(second.caller()), true, false, false);
    private final Viewer operator = new Viewer(new Caller("operator"), false, true, false);

    @Inject
    ReadSession sessions;

    @Inject
    DataSource database;

    @Test
    void each_reader_of_a_shared_statement_is_answered_with_the_session_it_asked_for_or_with_none() {
        List<UUID> firsts = opened(first);
        List<UUID> seconds = opened(second);
        List<Read> reads = new ArrayList<>();
        for (int number = 0; number < SESSIONS; number++) {
            // The newest first: neither the order of ids nor that of the table.
            UUID ofFirst = firsts.get(SESSIONS - 1 - number);
            UUID ofSecond = seconds.get(number);
            reads.add(new Read(ofFirst, firstCaller, ofFirst.toString()));
            reads.add(new Read(ofFirst, secondCaller, NONE));
            reads.add(new Read(ofSecond, operator, ofSecond.toString()));
            reads.add(new Read(ofSecond, firstCaller, NONE));
            reads.add(new Read(ofSecond, secondCaller, ofSecond.toString()));
            reads.add(new Read(ofSecond, secondCaller, ofSecond.toString()));
            reads.add(new Read(UUID.randomUUID(), operator, NONE));
        }
        List<CompletableFuture<String>> answers = new ArrayList<>();

        List<String> sent = StatementTap.during(() -> {
            try (TableLock lock = TableLock.againstReads(database, "liveness_session")) {
                reads.forEach(read -> answers.add(answer(read)));
                lock.release();
                answers.forEach(CompletableFuture::join);
            }
        });

        assertThat(sent).hasSize(3);
        assertThat(answers.stream().map(CompletableFuture::join))
                .containsExactlyElementsOf(reads.stream().map(Read::expected).toList());
    }

    private static List<UUID> opened(Api caller) {
        return Stream.generate(() -> UUID.fromString(caller.opened("abandon")))
                .limit(SESSIONS)
                .toList();
    }

    private CompletableFuture<String> answer(Read read) {
        return sessions.batched(read.session(), read.viewer())
                .map(SessionRow::id)
                .map(UUID::toString)
                .onFailure(ProblemException.class)
                .recoverWithItem(NONE)
                .ifNoItem()
                .after(Duration.ofSeconds(20))
                .fail()
                .subscribeAsCompletionStage();
    }
}

package io.liveness.gateway.testsupport.load;

import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Asks for all of a long poll, again and again: opens a session at one gateway, waits at the other, and lets the first one
 * settle it.
 */
public final class LongPollProbe {

    private static final int ATTEMPTS_A_SECOND = 4;
    private static final Executor A_MOMENT_LATER = CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS);
    // Far less than the longest wait: an answer within it was caused by a signal.
    private static final Duration BY_SIGNAL = Duration.ofSeconds(4);

    private final Callers callers;
    private final Waiters waiters;

    public LongPollProbe(Callers callers, Waiters waiters) {
        this.callers = callers;
        this.waiters = waiters;
    }

    /**
     * How long after the start all of it worked, and its first part.
     *
     * @param opened a session was opened
     * @param told another gateway told of its verdict
     */
    public record Works(Duration opened, Duration told) {}

    /** Starts now. The session is opened and settled at one gateway, and waited for at the other. */
    public Works worksAfter(Instant start, GatewayProcess settling, GatewayProcess waiting, Duration atMost) {
        CompletableFuture<Instant> first = new CompletableFuture<>();
        CompletableFuture<Instant> firstOpened = new CompletableFuture<>();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int attempt = 0; attempt < ATTEMPTS_A_SECOND * atMost.toSeconds(); attempt++) {
            String key = "probe-" + settling.pid() + "-" + attempt;
            Executor inTurn =
                    CompletableFuture.delayedExecutor(1_000L * attempt / ATTEMPTS_A_SECOND, TimeUnit.MILLISECONDS);
            all.add(CompletableFuture.supplyAsync(() -> first.isDone(), inTurn)
                    .thenCompose(done -> done
                            ? CompletableFuture.<Void>completedFuture(null)
                            : probe(key, settling, waiting, firstOpened, first)));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .whenComplete((over, failure) -> first.completeExceptionally(
                        new AssertionError("no long poll worked within " + atMost, failure)));
        Instant told = first.join();
        return new Works(Duration.between(start, firstOpened.join()), Duration.between(start, told));
    }

    private CompletableFuture<Void> probe(
            String key,
            GatewayProcess settling,
            GatewayProcess waiting,
            CompletableFuture<Instant> firstOpened,
            CompletableFuture<Instant> first) {
        return callers.openLater(settling.url(), key, "pass")
                .thenCompose(opened -> {
                    if (opened.session().isEmpty()) {
                        return CompletableFuture.<Void>completedFuture(null);
                    }
                    firstOpened.complete(Instant.now());
                    CompletableFuture<Waiters.Answer> told = waiters.waitFor(waiting.url(), opened.id());
                    return CompletableFuture.runAsync(() -> {}, A_MOMENT_LATER)
                            .thenCompose(now -> callers.checkLater(settling.url(), opened.id()))
                            .thenCompose(checked -> told)
                            .thenAccept(answer -> {
                                if (answer.isPassed()
                                        && Duration.between(answer.asked(), answer.answered())
                                                        .compareTo(BY_SIGNAL)
                                                < 0) {
                                    first.complete(answer.answered());
                                }
                            });
                })
                .exceptionally(failure -> null);
    }
}

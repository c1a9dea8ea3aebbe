package io.liveness.gateway.process;

import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.GatewayProcess;
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
final class LongPollProbe {

    private static final int ATTEMPTS_A_SECOND = 4;
    private static final Executor A_MOMENT_LATER = CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS);
    // Far less than the longest wait: who is told then was told by a signal.
    private static final Duration BY_SIGNAL = Duration.ofSeconds(4);

    private final Callers callers;
    private final Waiters waiters;

    LongPollProbe(Callers callers, Waiters waiters) {
        this.callers = callers;
        this.waiters = waiters;
    }

    /** @return how long after {@code start}, which is now, the first one was told of the verdict by the gateway in question */
    Duration worksAfter(Instant start, GatewayProcess settling, GatewayProcess waiting, Duration atMost) {
        CompletableFuture<Instant> first = new CompletableFuture<>();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int attempt = 0; attempt < ATTEMPTS_A_SECOND * atMost.toSeconds(); attempt++) {
            String key = "probe-" + settling.pid() + "-" + attempt;
            Executor inTurn =
                    CompletableFuture.delayedExecutor(1_000L * attempt / ATTEMPTS_A_SECOND, TimeUnit.MILLISECONDS);
            all.add(CompletableFuture.supplyAsync(() -> first.isDone(), inTurn)
                    .thenCompose(done -> done
                            ? CompletableFuture.<Void>completedFuture(null)
                            : probe(key, settling, waiting, first)));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .whenComplete((over, failure) -> first.completeExceptionally(
                        new AssertionError("no long poll worked within " + atMost, failure)));
        return Duration.between(start, first.join());
    }

    private CompletableFuture<Void> probe(
            String key, GatewayProcess settling, GatewayProcess waiting, CompletableFuture<Instant> first) {
        return callers.openLater(settling.url(), key, "pass")
                .thenCompose(opened -> {
                    if (opened.session().isEmpty()) {
                        return CompletableFuture.<Void>completedFuture(null);
                    }
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

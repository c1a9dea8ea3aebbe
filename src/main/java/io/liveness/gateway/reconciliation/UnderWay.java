package io.liveness.gateway.reconciliation;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;

/** How many sessions this replica is asking about, from the lease to the recorded answer. */
final class UnderWay {

    private final int limit;
    private int count;
    private CompletableFuture<Void> none = CompletableFuture.completedFuture(null);

    UnderWay(int limit) {
        this.limit = limit;
    }

    synchronized int room() {
        return Math.max(0, limit - count);
    }

    synchronized void begin(int sessions) {
        if (count == 0 && sessions > 0) {
            none = new CompletableFuture<>();
        }
        count += sessions;
    }

    void end(int sessions) {
        CompletableFuture<Void> reached = null;
        synchronized (this) {
            count -= sessions;
            if (count == 0) {
                reached = none;
            }
        }
        if (reached != null) {
            reached.complete(null);
        }
    }

    /** Completes when none is under way. */
    Uni<Void> none() {
        return Uni.createFrom().completionStage(() -> {
            synchronized (this) {
                return none;
            }
        });
    }
}

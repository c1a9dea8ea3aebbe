package io.liveness.gateway.platform;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;

/** How much is under way, of as much as may be at once. */
public final class UnderWay {

    private final int limit;
    private int count;
    private CompletableFuture<Void> none = CompletableFuture.completedFuture(null);

    public UnderWay(int limit) {
        this.limit = limit;
    }

    public synchronized int room() {
        return Math.max(0, limit - count);
    }

    public synchronized void begin(int more) {
        if (count == 0 && more > 0) {
            none = new CompletableFuture<>();
        }
        count += more;
    }

    public void end(int done) {
        CompletableFuture<Void> reached = null;
        synchronized (this) {
            count -= done;
            if (count == 0) {
                reached = none;
            }
        }
        if (reached != null) {
            reached.complete(null);
        }
    }

    /** Completes when none is under way. */
    public Uni<Void> none() {
        return Uni.createFrom().completionStage(() -> {
            synchronized (this) {
                return none;
            }
        });
    }
}

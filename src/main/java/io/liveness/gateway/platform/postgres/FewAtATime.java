package io.liveness.gateway.platform.postgres;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Lets a few of many statements be under way at a time, in their order. The others take no connection and no place in the
 * pool's queue: thousands that are repeated while the database is away would keep it from answering when it is back.
 */
public final class FewAtATime {

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int free;

    public FewAtATime(int atATime) {
        this.free = atATime;
    }

    /** The same work, when its turn has come. It is not cancelled with its subscriber. */
    public <T> Uni<T> run(Uni<T> work) {
        return Uni.createFrom()
                .emitter(waiting -> enter(() ->
                        work.onTermination().invoke(this::leave).subscribe().with(waiting::complete, waiting::fail)));
    }

    private void enter(Runnable work) {
        synchronized (this) {
            if (free == 0) {
                waiting.add(work);
                return;
            }
            free--;
        }
        work.run();
    }

    private void leave() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                free++;
                return;
            }
        }
        // Not within the one before: where all fail at once, each would be a level deeper.
        Infrastructure.getDefaultExecutor().execute(next);
    }
}

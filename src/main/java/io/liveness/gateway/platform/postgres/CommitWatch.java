package io.liveness.gateway.platform.postgres;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.util.Collections;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Whether commits hang, because PostgreSQL waits for a synchronous standby that does not answer. No limit of time ends such a wait, and a
 * connection that is closed meanwhile leaves its process behind at the server: each more statement that writes would take another one.
 */
@Singleton
class CommitWatch {

    private static final String WAITING = """
            select pid || ' ' || query_start from pg_stat_activity
            where wait_event = 'SyncRep' and query_start < clock_timestamp() - interval '2 seconds'
              and datname = current_database() and usename = current_user
            """;

    private final Pool pool;
    private volatile boolean hang;
    private Set<String> waitedBefore = Set.of();

    CommitWatch(Pool pool) {
        this.pool = pool;
    }

    boolean commitsHang() {
        return hang;
    }

    /** Never fails: while nothing can be read, the last answer holds. */
    @NonBlocking
    @Scheduled(identity = "commits", every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> watch() {
        // Not by the pool's own query: of that, Vert.x fails a promise twice when no connection can be made.
        return pool.withConnection(connection -> connection.query(WAITING).execute())
                .invoke(rows -> seen(StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getString(0))
                        .collect(Collectors.toSet())))
                .replaceWithVoid()
                .onFailure()
                .recoverWithNull();
    }

    /** One that waits twice: the end of a long statement waits for a moment too. */
    private void seen(Set<String> waiting) {
        hang = hang ? !waiting.isEmpty() : !Collections.disjoint(waiting, waitedBefore);
        waitedBefore = waiting;
    }
}

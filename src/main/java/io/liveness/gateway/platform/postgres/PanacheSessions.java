package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.Uncancellable;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Has every method with {@link WithSession} or {@link WithTransaction} fail as the statements of {@link Database} do, and count as one of
 * them. Its session has a connection of those that read: people change rows one by one, and opens and polls wait for none of them. It ends as
 * it would when its caller leaves meanwhile.
 */
@Singleton
class PanacheSessions {

    /** The order is before Panache's own interceptors, which then find the session that is opened here. */
    private static final int OUTERMOST = Interceptor.Priority.PLATFORM_BEFORE;

    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    private final Database database;
    private final DatabaseHealth health;
    /**
     * Half of the connections that read, for writes. Those that wait for a lock or a commit leave the others to the reads of callers, and to {@link
     * DatabaseWatch}, which is to see that commits hang.
     */
    private final Semaphore writes;

    PanacheSessions(
            Database database,
            DatabaseHealth health,
            @ConfigProperty(name = "quarkus.datasource.reactive.max-size") int connections) {
        this.writes = new Semaphore(Math.max(1, connections / 2));
        this.database = database;
        this.health = health;
    }

    private Uni<?> read(InvocationContext method) {
        return Uni.createFrom().deferred(() -> {
            Session attempt = new Session(false);
            return Uncancellable.from(attempt.of(() -> Panache.withSession(() -> attempt.connected(method))));
        });
    }

    private Uni<?> write(InvocationContext method) {
        return Uni.createFrom().deferred(() -> {
            if (!writes.tryAcquire()) {
                return Uni.createFrom()
                        .failure(new ProblemException(ProblemCode.BUSY, "Too many changes are under way. Try again.")
                                .retryAfter(A_MOMENT));
            }
            Session attempt = new Session(true);
            return Uncancellable.from(Uni.createFrom()
                    .deferred(() -> attempt.of(() -> Panache.withTransaction(() -> attempt.connected(method))))
                    .onTermination()
                    .invoke(() -> writes.release()));
        });
    }

    /** One session, from the wish for a connection to the end of its transaction. */
    private final class Session {

        private final boolean commits;
        private final long begun = health.now();
        private boolean connected;

        private Session(boolean commits) {
            this.commits = commits;
        }

        private Uni<Object> of(Supplier<Uni<Object>> session) {
            DatabaseUnavailable refused = database.refusal(Connections.READING, commits);
            if (refused != null) {
                return Uni.createFrom().failure(refused);
            }
            return session.get()
                    .onItem()
                    .invoke(() -> database.ended(Connections.READING, true, null, begun))
                    .onFailure()
                    .transform(this::failed);
        }

        private Uni<Object> connected(InvocationContext method) {
            connected = true;
            if (commits && health.commitsHang()) {
                // Commits may have begun to hang while the session waited for the connection.
                return Uni.createFrom().failure(DatabaseUnavailable.commitsHang());
            }
            try {
                @SuppressWarnings("unchecked")
                Uni<Object> work = (Uni<Object>) method.proceed();
                return work;
            } catch (Exception e) {
                return Uni.createFrom().failure(e);
            }
        }

        private Throwable failed(Throwable failure) {
            // The database has answered, and the service refuses what was asked for. A rollback that fails then comes
            // with it.
            Optional<Throwable> refusal = DatabaseFailure.causes(failure)
                    .filter(ProblemException.class::isInstance)
                    .findFirst();
            if (refusal.isPresent()) {
                database.ended(Connections.READING, connected, null, begun);
                return refusal.get();
            }
            // Hibernate's own exceptions have no state, and messages that repeat the statement.
            Throwable ofDriver = DatabaseFailure.causes(failure)
                    .filter(cause -> DatabaseFailure.state(cause) != null)
                    .findFirst()
                    .orElse(failure);
            Throwable told = database.failed(Connections.READING, connected, ofDriver, begun);
            return told instanceof DatabaseUnavailable ? told : failure;
        }
    }

    @Interceptor
    @WithSession
    @Priority(OUTERMOST)
    static class Reads {

        private final PanacheSessions sessions;

        Reads(PanacheSessions sessions) {
            this.sessions = sessions;
        }

        @AroundInvoke
        Object read(InvocationContext method) {
            return sessions.read(method);
        }
    }

    @Interceptor
    @WithTransaction
    @Priority(OUTERMOST)
    static class Writes {

        private final PanacheSessions sessions;

        Writes(PanacheSessions sessions) {
            this.sessions = sessions;
        }

        @AroundInvoke
        Object write(InvocationContext method) {
            return sessions.write(method);
        }
    }
}

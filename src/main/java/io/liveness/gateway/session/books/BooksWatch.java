package io.liveness.gateway.session.books;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToLongFunction;
import org.jboss.logging.Logger;

/**
 * Has the books compared in the background and shows how they stand: {@code liveness.books.differences} by kind, and of these
 * {@code liveness.ledger.imbalance}, all that concern the ledger, and {@code liveness.ledger.overdue}, the fees in minor units
 * that should have ended and are open. All must be 0. None has a value while the books cannot be read, or have not been
 * compared for five minutes by any replica.
 */
@Startup // its metrics are there from the start
@Singleton
class BooksWatch {

    private static final Logger LOG = Logger.getLogger(BooksWatch.class);
    private static final OptionalInt AT_ONCE = OptionalInt.of(0);

    private final CompareBooks books;
    private final Database database;
    private volatile Optional<Standing> standing = Optional.empty();
    private volatile boolean busy;

    BooksWatch(CompareBooks books, Database database, MeterRegistry registry) {
        this.books = books;
        this.database = database;
        Gauge.builder("liveness.ledger.imbalance", () -> known(Standing::imbalance))
                .description("Unresolved differences between sessions and the ledger")
                .register(registry);
        Gauge.builder("liveness.ledger.overdue", () -> known(Standing::overdue))
                .description("Fees in minor units that should have ended and are open")
                .register(registry);
        for (DifferenceKind kind : DifferenceKind.values()) {
            Gauge.builder("liveness.books.differences", () -> known(now -> now.count(kind)))
                    .description("Unresolved differences between sessions, ledger, events and schedule")
                    .tag("kind", kind.code())
                    .register(registry);
        }
    }

    private double known(ToLongFunction<Standing> figure) {
        return standing.map(now -> (double) figure.applyAsLong(now)).orElse(Double.NaN);
    }

    @NonBlocking
    @Scheduled(identity = "books", every = "10s", delayed = "10s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> watch() {
        return Uni.createFrom()
                .deferred(this::compare)
                .repeat()
                .whilst(pause -> pause.equals(AT_ONCE))
                .collect()
                .last()
                .invoke(pause -> pause.ifPresent(millis -> busy = millis == BooksSql.SHORT_PAUSE))
                .replaceWithVoid()
                .onFailure()
                .invoke(this::unknown)
                .onFailure()
                .recoverWithNull();
    }

    /** While many rows are new, this replica compares them more often, and fewer at a time. */
    @NonBlocking
    @Scheduled(identity = "books-busy", every = "1s", delayed = "10s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> watchMore() {
        return busy ? watch() : Uni.createFrom().voidItem();
    }

    private Uni<OptionalInt> compare() {
        return books.compare()
                .call(pause -> database.execute(BooksSql.STANDING, Tuple.tuple())
                        .invoke(rows -> standing = Standing.of(rows)));
    }

    private void unknown(Throwable failure) {
        busy = false;
        standing = Optional.empty();
        FailedWork.log(LOG, "books.failed", failure);
    }
}

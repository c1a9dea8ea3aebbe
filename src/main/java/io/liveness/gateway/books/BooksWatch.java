package io.liveness.gateway.books;

import io.liveness.gateway.books.CompareBooks.Known;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
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
    private static final Known NONE = new Known(0, 0);

    private final CompareBooks books;
    private volatile Optional<Map<String, Known>> standing = Optional.empty();

    BooksWatch(CompareBooks books, MeterRegistry registry) {
        this.books = books;
        Gauge.builder("liveness.ledger.imbalance", () -> sum(DifferenceKind::ofLedger, Known::count))
                .description("Unresolved differences between sessions and the ledger")
                .register(registry);
        Gauge.builder(
                        "liveness.ledger.overdue",
                        () -> sum(DifferenceKind.OVERDUE::equals, known -> known.fees() / 10_000.0))
                .description("Fees in minor units that should have ended and are open")
                .register(registry);
        for (DifferenceKind kind : DifferenceKind.values()) {
            Gauge.builder("liveness.books.differences", () -> sum(kind::equals, Known::count))
                    .description("Unresolved differences between sessions, ledger, events and schedule")
                    .tag("kind", kind.code())
                    .register(registry);
        }
    }

    private double sum(Predicate<DifferenceKind> kinds, ToDoubleFunction<Known> figure) {
        return standing.map(known -> Arrays.stream(DifferenceKind.values())
                        .filter(kinds)
                        .mapToDouble(kind -> figure.applyAsDouble(known.getOrDefault(kind.code(), NONE)))
                        .sum())
                .orElse(Double.NaN);
    }

    @Scheduled(identity = "books", every = "1m", delayed = "10s", concurrentExecution = ConcurrentExecution.SKIP)
    void watch() {
        try {
            while (books.compareNew(CompareBooks.NEW_ROWS)) {}
            standing = books.standing();
        } catch (RuntimeException failure) {
            standing = Optional.empty();
            FailedWork.log(LOG, "books.failed", failure);
        }
    }

    /** Begins the night, or goes on with it. */
    @Scheduled(identity = "books-night", every = "1m", delayed = "40s", concurrentExecution = ConcurrentExecution.SKIP)
    void watchAll() {
        FailedWork.orLog(LOG, "books.failed", () -> {
            while (books.compareRange(CompareBooks.RANGE)) {}
        });
    }
}

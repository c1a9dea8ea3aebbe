package io.liveness.gateway.books.comparison;

import io.liveness.gateway.platform.postgres.DatabaseFigures;
import io.liveness.gateway.platform.postgres.DatabaseFigures.Figure;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Has the books compared in the background and shows how they stand, by what any replica has found: {@code liveness.books.differences} by
 * kind, and of these {@code liveness.ledger.imbalance}, all that concern the ledger, and {@code liveness.ledger.overdue}, the fees in minor
 * units that should have ended and are open. All must be 0. None has a value while the books have not been compared for five minutes.
 */
@Startup // its metrics are there from the start
@Singleton
class BooksWatch {

    private static final Logger LOG = Logger.getLogger(BooksWatch.class);

    /** No row when the last comparison was more than five minutes ago. */
    private static final String STANDING = "select " + DifferenceKind.counts() + """
            , count(*) filter (where kind in (
            """ + DifferenceKind.ofLedger() + """
            )) as imbalance, coalesce(sum(fee_amount) filter (where kind = 'overdue'), 0) / 10000.0 as fees
            from books_comparison left join (
                -- By its key: a thousand at most are stored.
                select kind, fee_amount from books_difference order by session_id, kind limit 1000) differ on true
            where only_row and compared_at >= liveness_now() - interval '5 minutes'
            group by compared_at
            """;

    private final CompareBooks books;

    BooksWatch(CompareBooks books, DatabaseFigures figures) {
        this.books = books;
        Stream<Figure> all = Stream.of(
                new Figure("imbalance", "liveness.ledger.imbalance", "Unresolved differences of sessions and ledger"),
                new Figure(
                        "fees", "liveness.ledger.overdue", "Fees in minor units that should have ended and are open"));
        Stream<Figure> byKind = Arrays.stream(DifferenceKind.values())
                .map(kind -> new Figure(
                        kind.code(),
                        "liveness.books.differences",
                        "Unresolved differences between sessions, ledger, events and schedule",
                        Tags.of("kind", kind.code())));
        figures.show(STANDING, List.of(), Stream.concat(all, byKind).toArray(Figure[]::new));
    }

    @Scheduled(identity = "books", every = "1m", delayed = "10s", concurrentExecution = ConcurrentExecution.SKIP)
    void watch() {
        FailedWork.orLog(LOG, "books.failed", () -> {
            while (books.compareNew(CompareBooks.NEW_ROWS)) {}
        });
    }

    /** Begins the night, or goes on with it. */
    @Scheduled(identity = "books-night", every = "1m", delayed = "40s", concurrentExecution = ConcurrentExecution.SKIP)
    void watchAll() {
        FailedWork.orLog(LOG, "books.failed", () -> {
            while (books.compareRange(CompareBooks.RANGE)) {}
        });
    }
}

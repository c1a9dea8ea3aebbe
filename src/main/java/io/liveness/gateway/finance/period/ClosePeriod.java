package io.liveness.gateway.finance.period;

import io.liveness.gateway.billing.Prices;
import io.liveness.gateway.finance.Month;
import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.finance.keys.UsedKeys;
import io.liveness.gateway.finance.period.checks.Finding;
import io.liveness.gateway.finance.period.proof.Proof;
import io.liveness.gateway.finance.period.proof.ReadProof;
import io.liveness.gateway.finance.summary.SumCharges;
import io.liveness.gateway.finance.summary.Sums;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SortedMap;
import org.jboss.logging.Logger;

/**
 * Closes a month: its sums and the hash over its rows are stored, and it never changes again, see {@code docs/decisions/0044}.
 *
 * <p>First everything that could still add a row is ended: the checklist finds no fee that is open, and no adjustment of that time is taken
 * from then on. Then the rows are read, page by page, and compared with the summary. A closing that breaks off in between has changed
 * nothing that is seen, and the same request does it again.
 */
@Singleton
class ClosePeriod {

    private static final Logger LOG = Logger.getLogger(ClosePeriod.class);

    private final Database database;
    private final Periods periods;
    private final Checklist checklist;
    private final UsedKeys keys;
    private final ReadProof proofs;
    private final SumCharges charges;
    private final Prices prices;

    ClosePeriod(
            Database database,
            Periods periods,
            Checklist checklist,
            UsedKeys keys,
            ReadProof proofs,
            SumCharges charges,
            Prices prices) {
        this.database = database;
        this.periods = periods;
        this.checklist = checklist;
        this.keys = keys;
        this.proofs = proofs;
        this.charges = charges;
        this.prices = prices;
    }

    /** @throws ProblemException when the month is closed, or something stands in the way */
    Uni<Changed> close(PeriodRequest request) {
        return keys.isDone(request.by(), request.key(), request.month().toString(), Act.CLOSE)
                .chain(done -> done ? now(request, true) : closeOnce(request));
    }

    private Uni<Changed> closeOnce(PeriodRequest request) {
        return periods.calendar().chain(calendar -> {
            Period period = calendar.of(request.month()).orElseThrow(ProblemException::notFound);
            refuseClosed(period);
            return checklist
                    .of(period, calendar)
                    .invoke(findings -> refuse(period, findings))
                    .chain(none -> begin(period.month()))
                    .chain(() -> prove(period))
                    .chain(proof -> store(period, proof, request));
        });
    }

    private static void refuseClosed(Period period) {
        period.closed().ifPresent(closing -> {
            throw PeriodProblems.closed(period, closing);
        });
    }

    private static void refuse(Period period, List<Finding> findings) {
        if (!findings.isEmpty()) {
            throw PeriodProblems.notClosable(period, findings);
        }
    }

    private Uni<Void> begin(Month month) {
        return database.execute(
                        PeriodsSql.BEGIN_CLOSING,
                        Tuple.of(
                                month.name().toString(),
                                month.from().atOffset(ZoneOffset.UTC),
                                month.to().atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** @param sums by currency */
    private record Proven(Proof proof, SortedMap<String, Sums> sums) {}

    private Uni<Proven> prove(Period period) {
        Month month = period.month();
        return proofs.pages(month)
                .collect()
                .in(Proof::new, Proof::add)
                .chain(proof ->
                        charges.totals(month.from(), month.to(), prices.zone()).map(sums -> new Proven(proof, sums)))
                .invoke(proven -> {
                    if (!proven.proof().agreesWith(proven.sums())) {
                        refuse(period, List.of(differ()));
                    }
                });
    }

    private static Finding differ() {
        return new Finding(
                "books-differ",
                1,
                "The ledger's rows of the month do not add up to its summary. Tell operations to look at the metric"
                        + " liveness_ledger_imbalance.");
    }

    private Uni<Changed> store(Period period, Proven proven, PeriodRequest request) {
        String hash = proven.proof().sha256();
        long rows = proven.proof().rows();
        return database.execute(
                        PeriodsSql.CLOSE,
                        Tuple.tuple()
                                .addString(request.month().toString())
                                .addString(request.by())
                                .addLong(rows)
                                .addString(hash)
                                .addValue(StoredSums.write(proven.sums()))
                                .addString(request.key())
                                .addUUID(Audit.newId()))
                .chain(stored -> {
                    if (stored.rowCount() == 0) {
                        // Closed meanwhile: by the same request, sent twice, or by another one.
                        return keys.isDone(
                                        request.by(),
                                        request.key(),
                                        request.month().toString(),
                                        Act.CLOSE)
                                .chain(done -> now(request, true).invoke(changed -> {
                                    if (!done) {
                                        refuseClosed(changed.period());
                                    }
                                }));
                    }
                    LOG.infof(
                            "period.closed month=%s by=%s rows=%d sha256=%s",
                            request.month(), request.by(), rows, hash);
                    return now(request, false);
                });
    }

    private Uni<Changed> now(PeriodRequest request, boolean replayed) {
        return periods.of(request.month()).map(period -> new Changed(period, List.of(), replayed));
    }
}

package io.liveness.gateway.finance.period;

import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.finance.keys.UsedKeys;
import io.liveness.gateway.finance.period.checks.Finding;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.ZoneOffset;
import java.util.List;
import org.jboss.logging.Logger;

/** Closes a month softly: marks it as complete and returns the reasons against closing it. */
@Singleton
class SoftClosePeriod {

    private static final Logger LOG = Logger.getLogger(SoftClosePeriod.class);

    private final Database database;
    private final Periods periods;
    private final Checklist checklist;
    private final UsedKeys keys;

    SoftClosePeriod(Database database, Periods periods, Checklist checklist, UsedKeys keys) {
        this.database = database;
        this.periods = periods;
        this.checklist = checklist;
        this.keys = keys;
    }

    /** @throws ProblemException when the month is closed, is not over, or is not the next one */
    Uni<Changed> softClose(PeriodRequest request) {
        return keys.isDone(request.by(), request.key(), request.month().toString(), Act.SOFT_CLOSE)
                .call(done -> done ? Uni.createFrom().voidItem() : mark(request))
                .chain(done -> now(request, done));
    }

    private Uni<Void> mark(PeriodRequest request) {
        return periods.calendar().chain(calendar -> {
            Period period = calendar.of(request.month()).orElseThrow(ProblemException::notFound);
            period.closed().ifPresent(closing -> {
                throw PeriodProblems.closed(period, closing);
            });
            List<Finding> findings = Checklist.ofSoftClose(period, calendar);
            if (!findings.isEmpty()) {
                throw PeriodProblems.notClosable(period, findings);
            }
            return mark(period, request);
        });
    }

    private Uni<Void> mark(Period period, PeriodRequest request) {
        return database.execute(
                        PeriodsSql.SOFT_CLOSE,
                        Tuple.of(
                                request.month().toString(),
                                period.month().from().atOffset(ZoneOffset.UTC),
                                period.month().to().atOffset(ZoneOffset.UTC),
                                request.by(),
                                request.key(),
                                Audit.newId()))
                .invoke(marked -> {
                    if (marked.rowCount() > 0) {
                        LOG.infof("period.soft-closed month=%s by=%s", request.month(), request.by());
                    }
                })
                .replaceWithVoid();
    }

    private Uni<Changed> now(PeriodRequest request, boolean replayed) {
        return periods.calendar().chain(calendar -> {
            Period period = calendar.of(request.month()).orElseThrow(ProblemException::notFound);
            return checklist.of(period, calendar).map(findings -> new Changed(period, findings, replayed));
        });
    }
}

package io.liveness.gateway.finance.period;

import io.liveness.gateway.finance.period.checks.ClosingCheck;
import io.liveness.gateway.finance.period.checks.Finding;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reasons against closing a month. */
@Singleton
class Checklist {

    /**
     * How long after a month's end it is closed at the earliest. An intent is stored with the time of its init and may become visible later,
     * by the limits of {@code liveness.database} (5 minutes and a minute at most); after this time all of them are.
     */
    static final Duration MARGIN = Duration.ofHours(1);

    private final List<ClosingCheck> checks;

    Checklist(@All List<ClosingCheck> checks) {
        this.checks = checks;
    }

    /** Empty when the month can be closed. */
    Uni<List<Finding>> of(Period period, Calendar calendar) {
        List<Finding> findings = new ArrayList<>();
        isOver(period, calendar, MARGIN).ifPresent(findings::add);
        calendar.before(period)
                .filter(before -> before.status() != Period.Status.CLOSED)
                .map(before -> earlier(before, "closed"))
                .ifPresent(findings::add);
        return Multi.createFrom()
                .iterable(checks)
                .onItem()
                .transformToUniAndConcatenate(check -> check.look(period.month()))
                .collect()
                .asList()
                .map(all -> {
                    all.forEach(findings::addAll);
                    return findings;
                });
    }

    /** Reasons against a soft close: the calendar alone. */
    static List<Finding> ofSoftClose(Period period, Calendar calendar) {
        List<Finding> findings = new ArrayList<>();
        isOver(period, calendar, Duration.ZERO).ifPresent(findings::add);
        calendar.before(period)
                .filter(before -> before.status() == Period.Status.OPEN)
                .map(before -> earlier(before, "closed or soft-closed"))
                .ifPresent(findings::add);
        return findings;
    }

    private static Optional<Finding> isOver(Period period, Calendar calendar, Duration margin) {
        return calendar.now().isBefore(period.month().to().plus(margin))
                ? Optional.of(new Finding(
                        "month-not-over",
                        1,
                        "The month ends at " + period.month().to() + "; from "
                                + period.month().to().plus(margin) + " on it can be closed."))
                : Optional.empty();
    }

    private static Finding earlier(Period before, String to) {
        return new Finding(
                "earlier-month-open", 1, before.month().name() + " has to be " + to + " first: months close in order.");
    }
}

package io.liveness.gateway.finance.period;

import io.liveness.gateway.finance.Month;
import io.liveness.gateway.finance.period.ClosingCheck.Finding;
import io.liveness.gateway.platform.postgres.Sql;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reasons against closing a month: of the calendar, of fees that have not ended, and those of every {@link ClosingCheck}. */
@Singleton
class Checklist {

    /**
     * How long after a month's end it is closed at the earliest. An intent is stored with the time of its init and may become visible
     * later, by the limits of {@code liveness.database} (5 minutes and a minute at most); after this time all of them are.
     */
    static final Duration MARGIN = Duration.ofHours(1);

    /**
     * Fees of the month that have not ended: each would change its figures later. Overdue is what is older than a token's life and the
     * grace after it, by default. A session whose init is under way has no fee yet, and may get one. A session that costs nothing never does.
     */
    private static final String OPEN_FEES = """
            select count(*) filter (where charge_status <> 'UNCONFIRMED' and init_at > liveness_now() - interval '4 hours') as open,
                   count(*) filter (where charge_status <> 'UNCONFIRMED' and init_at <= liveness_now() - interval '4 hours') as overdue,
                   count(*) filter (where charge_status = 'UNCONFIRMED') as unconfirmed
            from liveness_session
            where id = any (array(select session_id from session_schedule)) and init_at >= ? and init_at < ?
              and (status = 'OPENING' or charge_status <> 'NONE')
            """;

    private final List<ClosingCheck> checks;

    Checklist(@All List<ClosingCheck> checks) {
        this.checks = checks;
    }

    /** Reasons against a close, and warnings. */
    List<Finding> of(Connection connection, Period period, Calendar calendar) throws SQLException {
        Month month = period.month();
        List<Finding> findings = ofCalendar(period, calendar, Period.Status.CLOSED);
        findings.addAll(Sql.first(connection, OPEN_FEES, Checklist::open, month.from(), month.to())
                .orElseThrow());
        for (ClosingCheck check : checks) {
            findings.addAll(check.look(connection, month));
        }
        return findings;
    }

    /** Those of the calendar, against closing a month softly or for good. */
    static List<Finding> ofCalendar(Period period, Calendar calendar, Period.Status wanted) {
        List<Finding> findings = new ArrayList<>();
        Instant end = period.month().to();
        Instant earliest = wanted == Period.Status.CLOSED ? end.plus(MARGIN) : end;
        if (calendar.now().isBefore(earliest)) {
            findings.add(Finding.reason(
                    "month-not-over", 1, "The month ends at " + end + "; from " + earliest + " on it can be closed."));
        }
        calendar.before(period)
                .filter(before -> before.status().compareTo(wanted) < 0)
                .ifPresent(before -> findings.add(Finding.reason(
                        "earlier-month-open",
                        1,
                        before.month().name() + " has to be "
                                + (wanted == Period.Status.CLOSED ? "closed" : "closed or soft-closed")
                                + " first: months close in order.")));
        return findings;
    }

    private static List<Finding> open(ResultSet counts) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        add(findings, "fees-open", counts.getLong("open"), " of the month without a verdict yet. No action is needed.");
        add(
                findings,
                "fees-overdue",
                counts.getLong("overdue"),
                " of the month open for longer than four hours. Ask operations for the cause.");
        add(
                findings,
                "fees-unconfirmed",
                counts.getLong("unconfirmed"),
                " of the month possibly taken: init's answer was lost. No action is needed; such fees are refunded"
                        + " after the token's life.");
        return findings;
    }

    private static void add(List<Finding> findings, String code, long count, String detail) {
        if (count > 0) {
            findings.add(Finding.reason(code, count, count + (count == 1 ? " fee" : " fees") + detail));
        }
    }
}

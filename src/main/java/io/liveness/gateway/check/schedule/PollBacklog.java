package io.liveness.gateway.check.schedule;

import io.liveness.gateway.check.schedule.LeaseSessions.DuePolls;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Measures how late polls are. Final polls must be on time. Other polls may wait for the vendor's budget; when they wait for this
 * replica, more sessions are open than it can poll, which shows within a minute of opening and long before a token ends. Then no other is
 * opened; the vendor's budget decides separately.
 */
@Startup // its metrics are there from the start
@Singleton
public class PollBacklog {

    private static final Logger LOG = Logger.getLogger(PollBacklog.class);
    private static final Duration FINAL_POLLS_MAY_BE_LATE = Duration.ofSeconds(5);
    private static final Duration OTHERS_MAY_WAIT_FOR_US = Duration.ofSeconds(10);

    private static final Duration BUDGET_WAS_SHORT = Duration.ofSeconds(5);

    private volatile Duration finalPollsLate = Duration.ZERO;
    private volatile boolean behind;
    private volatile long shortOfBudgetNanos = System.nanoTime() - BUDGET_WAS_SHORT.toNanos();

    public PollBacklog(MeterRegistry registry) {
        Gauge.builder("liveness.final.polls.late", () -> finalPollsLate.toMillis() / 1_000.0)
                .description("Seconds by which the most overdue final poll is late")
                .register(registry);
        Gauge.builder("liveness.polls.behind", () -> behind ? 1 : 0)
                .description("1 while this replica accepts no opens because polls are behind schedule")
                .register(registry);
    }

    public void seen(DuePolls due) {
        finalPollsLate = due.finalPollsLate();
        boolean now = isLonger(due.finalPollsLate(), FINAL_POLLS_MAY_BE_LATE)
                || (isLonger(due.othersLate(), OTHERS_MAY_WAIT_FOR_US) && !budgetWasShort());
        if (now != behind) {
            behind = now;
            LOG.warnf(
                    "polls.%s finalPollsLateSeconds=%d othersLateSeconds=%d",
                    now ? "behind" : "caught-up",
                    due.finalPollsLate().toSeconds(),
                    due.othersLate().toSeconds());
        }
    }

    /** The vendor's budget granted less than was wanted: until further notice polls wait for it, not for this replica. */
    public void shortOfBudget() {
        shortOfBudgetNanos = System.nanoTime();
    }

    private boolean budgetWasShort() {
        return System.nanoTime() - shortOfBudgetNanos < BUDGET_WAS_SHORT.toNanos();
    }

    private static boolean isLonger(Duration time, Duration limit) {
        return time.compareTo(limit) > 0;
    }

    /** @return false while polls are late: another session might not be polled before its token ends */
    public boolean pollsKeepUp() {
        return !behind;
    }
}

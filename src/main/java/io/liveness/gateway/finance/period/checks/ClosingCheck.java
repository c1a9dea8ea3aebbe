package io.liveness.gateway.finance.period.checks;

import io.liveness.gateway.finance.Month;
import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * A check before a month is closed. Every bean of this type runs for the checklist, for a soft close, which only returns the findings, and
 * for a close, which they prevent.
 */
public interface ClosingCheck {

    /** What is not in order; empty when all is. */
    Uni<List<Finding>> look(Month month);
}

package io.liveness.gateway.finance.period.checks;

import io.liveness.gateway.finance.Month;
import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * Something that has to be in order before a month is closed. Every bean of this type is asked: at each look at the checklist, at a soft
 * close, which only tells the findings, and at a close, which is refused with them.
 */
public interface ClosingCheck {

    /** What is not in order; empty when all is. */
    Uni<List<Finding>> look(Month month);
}

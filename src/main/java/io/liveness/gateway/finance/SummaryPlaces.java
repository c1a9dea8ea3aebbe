package io.liveness.gateway.finance;

import io.liveness.gateway.books.audit.ChargeViewer;
import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.security.Caller;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Supplier;

/** The places of summaries at once in a process: each keeps a processor of the database busy. */
@Singleton
public class SummaryPlaces {

    static final int MAX_AT_ONCE = 4;

    static final int MAX_OF_A_CALLER = 2;

    private static final Duration SOON = Duration.ofSeconds(1);

    private final Refusals refusals;
    private final Bulkhead places = new Bulkhead(MAX_AT_ONCE, MAX_OF_A_CALLER);

    SummaryPlaces(Refusals refusals) {
        this.refusals = refusals;
    }

    /** Makes a summary in a place; a problem when there is none. */
    public <T> T run(ChargeViewer viewer, Supplier<T> summary) {
        Caller caller = viewer.limited();
        places.take(caller).ifPresent(full -> {
            refusals.report(caller, RefusedBy.SUMMARIES);
            throw full.refusal(
                    "At most " + MAX_OF_A_CALLER
                            + " of your summaries run at a time; send the request again after Retry-After seconds.",
                    "Too many summaries are running; send the request again after Retry-After seconds.",
                    SOON);
        });
        try {
            return summary.get();
        } finally {
            places.leave(caller);
        }
    }
}

package io.liveness.gateway.check;

import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.List;

/** What operations count of sessions. */
@Startup // its metrics are there from the start
@Singleton
public class SessionMetrics {

    private final MeterRegistry registry;
    private final Counter contradicted;
    private final Counter unanswered;
    private final Counter expiredEarly;
    private final Counter lost;
    private final Counter billedAgainstTheRule;

    SessionMetrics(MeterRegistry registry) {
        this.registry = registry;
        // All are registered before they count anything, so that an alert sees the first increase.
        this.contradicted = counter(
                "liveness.sessions.contradicted",
                "Later answers that differ from the recorded one, or have no session");
        this.unanswered = counter("liveness.verdicts.unanswered", "Result calls without a usable answer");
        this.expiredEarly =
                counter("liveness.tokens.expired.early", "Answers before a token's end that it has expired");
        this.lost = counter(
                "liveness.verdicts.lost", "Sessions whose token ended and of which the vendor could not be asked");
        this.billedAgainstTheRule = counter(
                "liveness.verdicts.billed.against.rule",
                "Verdicts whose charge flag is not what the billing rule says");
        List.of("accepted", "refused", "unknown").forEach(this::opened);
        List.of("PASSED", "NOT_PASSED", "FAILED", "EXPIRED", "UNKNOWN").forEach(this::settled);
    }

    /** An attempt to open, by what is known after it: accepted, refused or unknown. */
    public void opened(OpenOutcome outcome) {
        opened(outcome.label()).increment();
    }

    private Counter opened(String outcome) {
        return counter("liveness.sessions.opened", "Attempts to open, by what is known after them", "outcome", outcome);
    }

    /** A session that was settled, or an unknown one whose fee was written off. */
    public void settled(SessionStatus status) {
        settled(status.name()).increment();
    }

    private Counter settled(String status) {
        return counter("liveness.sessions.settled", "Sessions ended, by status", "status", status);
    }

    /** A later answer differed from the recorded one; finance and operations want to know. */
    public void contradicted() {
        contradicted.increment();
    }

    /** A session that was opened has ended without the vendor's word. */
    public void lost() {
        lost.increment();
    }

    /** The vendor could not tell and the session keeps to its timetable. */
    public void unanswered() {
        unanswered.increment();
    }

    /** The vendor said before a token's end that it has expired. */
    public void expiredEarly() {
        expiredEarly.increment();
    }

    /** The vendor's flag said of a fee what its billing rule does not say; finance wants to know. */
    public void billedAgainstTheRule() {
        billedAgainstTheRule.increment();
    }

    private Counter counter(String name, String description, String... tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }
}

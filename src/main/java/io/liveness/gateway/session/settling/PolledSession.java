package io.liveness.gateway.session.settling;

import io.liveness.gateway.session.leasing.LeasedSession;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.VerdictOutcome;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Function;

/** A leased session and what the vendor said of it. */
public record PolledSession(LeasedSession session, VerdictOutcome outcome) {

    /** Asks the vendor about a leased session. Never fails. */
    public static Uni<PolledSession> poll(Function<Confidential, Uni<VerdictOutcome>> vendor, LeasedSession session) {
        Uni<VerdictOutcome> outcome = session.token()
                .map(vendor)
                .orElseGet(() -> Uni.createFrom()
                        .item(new VerdictOutcome.NoAnswer(
                                Optional.empty(), false, "the stored token cannot be read", Optional.empty())));
        return outcome.map(said -> new PolledSession(session, said));
    }
}

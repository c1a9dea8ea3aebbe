package io.liveness.gateway.session.settling;

import io.liveness.gateway.platform.postgres.KeepTrying;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.session.ReadSession;
import io.liveness.gateway.session.SessionRow;
import io.liveness.gateway.session.SessionStatus;
import io.liveness.gateway.session.leasing.LeaseSessions;
import io.liveness.gateway.session.leasing.LeasedSession;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Asks the vendor about one session now. Answers with the session, changed or not: a vendor that fails or a budget that is
 * spent is no error of the caller's.
 */
@Singleton
public class CheckSession {

    private final ReadSession sessions;
    private final LeaseSessions leases;
    private final LivenessVendor vendor;
    private final VendorBudget budget;
    private final RecordAnswers record;

    CheckSession(
            ReadSession sessions,
            LeaseSessions leases,
            LivenessVendor vendor,
            VendorBudget budget,
            RecordAnswers record) {
        this.sessions = sessions;
        this.leases = leases;
        this.vendor = vendor;
        this.budget = budget;
        this.record = record;
    }

    /** The rule first, read with the session: a loop takes no places of the budget away from others. */
    public Uni<SessionRow> check(UUID id, Caller caller) {
        return sessions.toCheck(id, caller)
                .chain(found -> found.session().status() == SessionStatus.PENDING && found.mayBePolled()
                        ? poll(id, OptionalInt.empty()).chain(() -> sessions.byId(id, caller))
                        : Uni.createFrom().item(found.session()));
    }

    /**
     * Polls a session as far as the budget and {@link PollLimit} allow, and records the answer.
     *
     * @param lastLease number of the last lease, when no other poll may have come in between
     * @return true when another request or replica polls the session, so that its verdict is or will be recorded
     */
    public Uni<Boolean> poll(UUID id, OptionalInt lastLease) {
        return budget.takeOne(Purpose.CHECK)
                .chain(granted -> granted
                        ? leases.one(id, lastLease)
                                .chain(leased -> leased.isPresent()
                                        ? poll(leased.get()).replaceWith(false)
                                        : budget.giveBack(Purpose.CHECK, 1).replaceWith(true))
                        : Uni.createFrom().item(false));
    }

    private Uni<Void> poll(LeasedSession session) {
        return PolledSession.poll(vendor::poll, session)
                .chain(asked -> KeepTrying.withCallerWaiting(record.answers(List.of(asked), Purpose.CHECK)));
    }
}

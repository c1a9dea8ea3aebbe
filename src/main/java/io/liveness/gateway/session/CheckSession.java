package io.liveness.gateway.session;

import io.liveness.gateway.platform.Caller;
import io.liveness.gateway.platform.ProblemException;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.VendorBudget;
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
class CheckSession {

    private final Sessions sessions;
    private final LeaseSessions leases;
    private final LivenessVendor vendor;
    private final VendorBudget budget;
    private final RecordAnswers record;

    CheckSession(
            Sessions sessions, LeaseSessions leases, LivenessVendor vendor, VendorBudget budget, RecordAnswers record) {
        this.sessions = sessions;
        this.leases = leases;
        this.vendor = vendor;
        this.budget = budget;
        this.record = record;
    }

    Uni<SessionRow> check(UUID id, Caller caller) {
        return own(id, caller)
                .chain(session -> session.status == SessionStatus.PENDING
                        ? ask(id, caller, OptionalInt.empty()).chain(() -> own(id, caller))
                        : Uni.createFrom().item(session));
    }

    private Uni<SessionRow> own(UUID id, Caller caller) {
        return sessions.byId(id, caller).onItem().ifNull().failWith(ProblemException::notFound);
    }

    /**
     * Asks about a session of the caller's, as far as the budget allows, and records the answer.
     *
     * @param lastLease number of the last lease, when nobody may have asked since
     * @return true when it is somebody else's turn: the verdict is recorded already, or will be there
     */
    Uni<Boolean> ask(UUID id, Caller caller, OptionalInt lastLease) {
        return budget.takeOne()
                .chain(granted -> granted
                        ? leases.one(id, caller, lastLease)
                                .chain(leased -> leased.isPresent()
                                        ? ask(leased.get()).replaceWith(false)
                                        : budget.giveBack(1).replaceWith(true))
                        : Uni.createFrom().item(false));
    }

    private Uni<Void> ask(DueSession session) {
        return AskedSession.ask(vendor, session).chain(asked -> record.answers(List.of(asked)));
    }
}

package io.liveness.gateway.check.settle;

import io.liveness.gateway.check.ReadSession;
import io.liveness.gateway.check.SessionRow;
import io.liveness.gateway.check.SessionStatus;
import io.liveness.gateway.check.schedule.LeaseSessions;
import io.liveness.gateway.check.schedule.LeasedSession;
import io.liveness.gateway.check.schedule.Timetable;
import io.liveness.gateway.check.settle.RecordAnswers.PolledSession;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.KeepTrying;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Polls the vendor about one session now, because its caller or a returning browser asks. Answers with the session, changed or not: a
 * vendor that fails or a budget that is spent is no error of the caller's.
 */
@Singleton
public class PollNow {

    /** $1 the session, $2 its caller, $3 now. */
    private static final String FIND =
            "select " + SessionRow.COLUMNS + """
            , coalesce((select (leased_until is null or leased_until <= $3) and not
            """ + LeaseSessions.limitIsReached("$3::timestamptz") + """
                        from session_schedule where session_id = $1), false) as may_be_polled
            from liveness_session where id = $1 and caller = $2
            """;

    /** @param mayBePolled whether it may be leased out of turn */
    private record AskedSession(SessionRow session, boolean mayBePolled) {}

    private final Database database;
    private final ReadSession sessions;
    private final LeaseSessions leases;
    private final LivenessVendor vendor;
    private final VendorBudget budget;
    private final RecordAnswers record;
    private final Timetable timetable;
    private final Clock clock;

    PollNow(
            Database database,
            ReadSession sessions,
            LeaseSessions leases,
            LivenessVendor vendor,
            VendorBudget budget,
            RecordAnswers record,
            Timetable timetable,
            Clock clock) {
        this.database = database;
        this.sessions = sessions;
        this.leases = leases;
        this.vendor = vendor;
        this.budget = budget;
        this.record = record;
        this.timetable = timetable;
        this.clock = clock;
    }

    /**
     * Polls a session that its caller asks about. The limit first, read with the session: a loop takes no places of the budget from
     * others.
     */
    public Uni<SessionRow> poll(UUID id, Caller caller) {
        return database.execute(
                        Connections.READING,
                        FIND,
                        Tuple.of(id, caller.name(), SqlValues.time(clock.instant())),
                        rows -> {
                            if (rows.size() == 0) {
                                throw ProblemException.notFound();
                            }
                            Row row = rows.iterator().next();
                            return new AskedSession(SessionRow.of(row), row.getBoolean("may_be_polled"));
                        })
                .chain(found -> found.session().status() == SessionStatus.PENDING && found.mayBePolled()
                        ? poll(id, OptionalInt.empty()).chain(() -> sessions.byId(id, caller))
                        : Uni.createFrom().item(found.session()));
    }

    /**
     * Polls a session as far as the budget and {@link LeaseSessions#limitIsReached its limit} allow, and records the answer.
     *
     * @param lastLease number of the last lease, when no other poll may have come in between
     * @return true when it is polled by another request or replica, or has been, so that its verdict is or will be recorded
     */
    public Uni<Boolean> poll(UUID id, OptionalInt lastLease) {
        return budget.takeOne(Purpose.POLL_NOW)
                .chain(granted -> granted
                        ? leases.one(id, lastLease)
                                .onFailure()
                                .call(() -> budget.giveBack(Purpose.POLL_NOW, 1))
                                .chain(leased -> leased.isPresent()
                                        ? poll(leased.get()).replaceWith(false)
                                        : budget.giveBack(Purpose.POLL_NOW, 1).replaceWith(true))
                        : Uni.createFrom().item(false));
    }

    /** Near the token's end it is a final poll. */
    private Uni<Void> poll(LeasedSession session) {
        boolean isFinal = session.tokenExpiresAt()
                .filter(end -> timetable.isFinal(end, clock.instant()))
                .isPresent();
        return PolledSession.poll(isFinal ? vendor::finalPoll : vendor::poll, session, clock)
                .chain(polled -> KeepTrying.withCallerWaiting(record.answers(List.of(polled), Purpose.POLL_NOW)));
    }
}

package io.liveness.gateway.session.waiting;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.session.ReadSession;
import io.liveness.gateway.session.SessionRow;
import io.liveness.gateway.session.SessionStatus;
import io.liveness.gateway.session.Viewer;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;

/** Reads a session, and holds the answer until it is settled or the time is up. */
@Singleton
public class AwaitSession {

    private static final Set<SessionStatus> UNSETTLED = EnumSet.of(SessionStatus.OPENING, SessionStatus.PENDING);

    private final ReadSession sessions;
    private final ReadTogether together;
    private final SettledSignals signals;
    private final WaitingPlaces places;

    AwaitSession(ReadSession sessions, ReadTogether together, SettledSignals signals, WaitingPlaces places) {
        this.sessions = sessions;
        this.together = together;
        this.signals = signals;
        this.places = places;
    }

    public Uni<SessionRow> await(UUID id, Viewer viewer, Duration atMost) {
        if (atMost.isZero()) {
            return read(id, viewer);
        }
        return places.wait(
                viewer.caller(),
                () -> waiting(id, viewer, atMost),
                // A settled session is answered without a wait.
                refusal -> read(id, viewer).invoke(session -> {
                    if (UNSETTLED.contains(session.status())) {
                        throw refusal.get();
                    }
                }));
    }

    private Uni<SessionRow> waiting(UUID id, Viewer viewer, Duration atMost) {
        return Uni.createFrom().deferred(() -> {
            Executor context = CallerContext.capture();
            return signals.withNextSignal(
                    id,
                    atMost,
                    signal -> together.byId(id, viewer)
                            .chain(session -> UNSETTLED.contains(session.status())
                                    ? signal.emitOn(context)
                                            // Each waiter may see the session, so one read serves all of them.
                                            .chain(heard -> heard.read(() -> together.byId(id, viewer)))
                                            .emitOn(context)
                                    : Uni.createFrom().item(session)));
        });
    }

    private Uni<SessionRow> read(UUID id, Viewer viewer) {
        return sessions.byId(id, viewer);
    }
}

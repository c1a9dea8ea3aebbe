package io.liveness.gateway.check;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.limits.WaitingPlaces;
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
    private final SettledSignals signals;
    private final WaitingPlaces places;

    AwaitSession(ReadSession sessions, SettledSignals signals, WaitingPlaces places) {
        this.sessions = sessions;
        this.signals = signals;
        this.places = places;
    }

    public Uni<SessionRow> await(UUID id, Viewer viewer, Duration atMost) {
        if (atMost.isZero()) {
            return sessions.byId(id, viewer);
        }
        return places.run(
                viewer.caller(),
                () -> waiting(id, viewer, atMost),
                () -> sessions.byId(id, viewer),
                session -> UNSETTLED.contains(session.status()));
    }

    private Uni<SessionRow> waiting(UUID id, Viewer viewer, Duration atMost) {
        return Uni.createFrom().deferred(() -> {
            Executor context = CallerContext.capture();
            return signals.withNextSignal(
                    id,
                    atMost,
                    signal -> sessions.batched(id, viewer)
                            .chain(session -> UNSETTLED.contains(session.status())
                                    ? signal.emitOn(context).chain(() -> sessions.batched(id, viewer))
                                    : Uni.createFrom().item(session)));
        });
    }
}

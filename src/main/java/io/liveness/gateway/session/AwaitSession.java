package io.liveness.gateway.session;

import io.liveness.gateway.platform.CallerContext;
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
                AwaitSession::isUnsettled);
    }

    private Uni<SessionRow> waiting(UUID id, Viewer viewer, Duration atMost) {
        return Uni.createFrom()
                .deferred(() -> waiting(id, viewer, System.nanoTime() + atMost.toNanos(), CallerContext.capture()));
    }

    /** It listens before it reads, so that it misses no signal. A signal may say only that others may have been missed. */
    private Uni<SessionRow> waiting(UUID id, Viewer viewer, long untilNanos, Executor context) {
        return signals.withNextSignal(
                        id,
                        left(untilNanos),
                        signal -> sessions.batched(id, viewer)
                                .chain(session -> isUnsettled(session)
                                        ? signal.emitOn(context).chain(() -> sessions.batched(id, viewer))
                                        : Uni.createFrom().item(session)))
                .chain(session -> isUnsettled(session) && left(untilNanos).toMillis() > 0 && !signals.isClosing()
                        ? waiting(id, viewer, untilNanos, context)
                        : Uni.createFrom().item(session));
    }

    private static Duration left(long untilNanos) {
        return Duration.ofNanos(untilNanos - System.nanoTime());
    }

    private static boolean isUnsettled(SessionRow session) {
        return UNSETTLED.contains(session.status());
    }
}

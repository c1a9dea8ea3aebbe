package io.liveness.gateway.session;

import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;

/** Reads a session, and holds the answer until it is settled or the time is up. */
@Singleton
public class AwaitSession {

    /** Limits for reads that wait for a verdict ({@code waitSeconds}). Each costs some 25 KB and an HTTP connection. */
    @ConfigMapping(prefix = "liveness.waiters")
    interface Config {

        /** Waiting reads at a replica; more are answered 503. Each takes 25 KB of heap and a connection. */
        @WithDefault("5000")
        @Min(value = 1, message = "liveness.waiters.max must be at least 1")
        int max();

        /** Waiting reads of one caller at a replica; more are answered 429. */
        @WithDefault("2500")
        @Min(value = 1, message = "liveness.waiters.max-per-caller must be at least 1")
        int maxPerCaller();
    }

    // A wait ends within 30 seconds; meanwhile the same read without waitSeconds is answered.
    private static final Duration LATER = Duration.ofSeconds(5);
    private static final Set<SessionStatus> UNSETTLED = EnumSet.of(SessionStatus.OPENING, SessionStatus.PENDING);

    private final ReadSession sessions;
    private final SettledSignals signals;
    private final Bulkhead places;
    private final int perCaller;
    private final Refusals refusals;

    AwaitSession(ReadSession sessions, SettledSignals signals, Config config, Refusals refusals) {
        this.sessions = sessions;
        this.signals = signals;
        this.places = new Bulkhead(config.max(), config.maxPerCaller());
        this.perCaller = config.maxPerCaller();
        this.refusals = refusals;
    }

    public Uni<SessionRow> await(UUID id, Viewer viewer, Duration atMost) {
        if (atMost.isZero()) {
            return sessions.byId(id, viewer);
        }
        // No caller takes all places.
        return places.run(
                viewer.caller(),
                () -> waiting(id, viewer, atMost),
                // A settled session is answered without a wait.
                full -> sessions.byId(id, viewer).invoke(session -> {
                    if (UNSETTLED.contains(session.status())) {
                        throw refusal(viewer.caller(), full);
                    }
                }));
    }

    private Uni<SessionRow> waiting(UUID id, Viewer viewer, Duration atMost) {
        return Uni.createFrom().deferred(() -> {
            Executor context = CallerContext.capture();
            return signals.withNextSignal(
                    id,
                    atMost,
                    signal -> sessions.batched(id, viewer)
                            .chain(session -> UNSETTLED.contains(session.status())
                                    ? signal.emitOn(context)
                                            // Each waiter may see the session, so one read serves all of them.
                                            .chain(heard -> heard.read(() -> sessions.batched(id, viewer)))
                                            .emitOn(context)
                                    : Uni.createFrom().item(session)));
        });
    }

    private ProblemException refusal(Caller caller, Bulkhead.Full full) {
        if (full == Bulkhead.Full.CALLER) {
            refusals.count(caller, RefusedBy.WAITERS_PER_CALLER);
            return new ProblemException(
                            ProblemCode.RATE_LIMITED,
                            "At most " + perCaller
                                    + " reads wait at a time; read without waitSeconds, or again after Retry-After seconds.")
                    .usedUp("waiters", perCaller)
                    .retryAfter(LATER);
        }
        refusals.count(RefusedBy.WAITERS);
        return new ProblemException(
                        ProblemCode.BUSY,
                        "Too many reads wait at the moment; read without waitSeconds, or again after Retry-After seconds.")
                .retryAfter(LATER);
    }
}

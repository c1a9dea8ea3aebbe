package io.liveness.gateway.check.returnhop;

import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.check.SessionConfig;
import io.liveness.gateway.check.SettledSignals;
import io.liveness.gateway.check.schedule.LeaseSessions;
import io.liveness.gateway.check.settle.PollNow;
import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.Uncancellable;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.ReturnUrl;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/**
 * Handles the return from the vendor's page: polls the vendor and redirects to the caller's page. Requests are anonymous, so it polls only
 * with the right token and within {@link LeaseSessions#limitIsReached}.
 */
@Singleton
class ReturnFromCheck {

    private static final Logger LOG = Logger.getLogger(ReturnFromCheck.class);

    /** The longest that a person waits for the verdict. */
    private static final Duration WAIT = Duration.ofSeconds(3);

    /** $1 the session, $2 how long after init a return is worth anything, $3 now. */
    private static final String FIND = """
            select s.return_url, s.token_hash, coalesce(l.lease, 0) as lease, s.status = 'PENDING' as pending,
                   coalesce(l.leased_until > $3, false) as being_polled,
            """ + LeaseSessions.limitIsReached("$3::timestamptz") + """
                   as limit_reached
            from liveness_session s left join session_schedule l on l.session_id = s.id
            where s.id = $1 and s.return_url is not null and s.init_at > $3 - $2::float8 * interval '1 millisecond'
            """;

    /**
     * The session of a return.
     *
     * @param lease number of the last lease: of concurrent returns, one polls
     * @param beingPolled a poll is under way
     * @param limitReached for the moment
     */
    private record Returning(
            UUID id,
            ReturnUrl returnUrl,
            Optional<byte[]> tokenHash,
            int lease,
            boolean pending,
            boolean beingPolled,
            boolean limitReached) {}

    private final Database database;
    private final Sealing sealing;
    private final PollNow poll;
    private final SettledSignals signals;
    private final Clock clock;
    private final Duration longestUse;

    ReturnFromCheck(
            Database database,
            Sealing sealing,
            PollNow poll,
            SettledSignals signals,
            Clock clock,
            SessionConfig session,
            LivenessVendor vendor) {
        this.database = database;
        this.sealing = sealing;
        this.poll = poll;
        this.signals = signals;
        this.clock = clock;
        this.longestUse = vendor.tokenLifetime().plus(session.expiryGrace());
    }

    /**
     * The caller's page, to which the browser is redirected; empty unless the token is the session's. Answers within {@link #WAIT}.
     */
    Uni<Optional<String>> handleReturn(UUID id, Optional<Confidential> token) {
        return signals.withNextSignal(
                id,
                WAIT,
                settled -> find(id).chain(session -> {
                    String callersPage = session.returnUrl().webAddress().orElseThrow(ProblemException::notFound);
                    return token.filter(given -> isTokenOf(session, given))
                            .map(right -> verdict(session, settled).replaceWith(() -> Optional.of(callersPage)))
                            .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
                }));
    }

    private boolean isTokenOf(Returning session, Confidential token) {
        return session.tokenHash()
                .filter(hash -> sealing.isTokenOf(hash, token))
                .isPresent();
    }

    /** Completes when the verdict is known, or when it is not worth waiting for any longer. Never fails. */
    private Uni<Void> verdict(Returning session, Uni<Void> settled) {
        if (!session.pending() || (session.limitReached() && !session.beingPolled())) {
            return Uni.createFrom().voidItem();
        }
        return Uni.createFrom().deferred(() -> {
            Executor context = CallerContext.capture();
            Uni<Boolean> elsewhere = session.beingPolled()
                    ? Uni.createFrom().item(true)
                    : Uncancellable.from(poll.poll(session.id(), OptionalInt.of(session.lease())));
            return elsewhere
                    .chain(asking -> asking ? settled : Uni.createFrom().voidItem())
                    .ifNoItem()
                    .after(WAIT)
                    .recoverWithItem((Void) null)
                    .onFailure()
                    .invoke(failure -> FailedWork.log(LOG, "return.not-polled sessionId=" + session.id(), failure))
                    .onFailure()
                    .recoverWithItem((Void) null)
                    .emitOn(context);
        });
    }

    private Uni<Returning> find(UUID id) {
        return database.read(FIND, Tuple.of(id, SqlValues.millis(longestUse), SqlValues.time(clock.instant())))
                .map(Database::only)
                .map(row -> returning(id, row));
    }

    private static Returning returning(UUID id, Row row) {
        return new Returning(
                id,
                new ReturnUrl(row.getString("return_url")),
                Optional.ofNullable(row.getBuffer("token_hash")).map(hash -> hash.getBytes()),
                row.getInteger("lease"),
                row.getBoolean("pending"),
                row.getBoolean("being_polled"),
                row.getBoolean("limit_reached"));
    }
}

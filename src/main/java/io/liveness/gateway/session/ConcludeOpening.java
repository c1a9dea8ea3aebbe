package io.liveness.gateway.session;

import io.liveness.gateway.billing.LedgerBasis;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.billing.Prices;
import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.vendor.BillingFlag;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.OpenOutcome;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlResult;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;

/**
 * The last step of opening: what init did is recorded, and the pre-deduction with it. One statement each, which moves the
 * session only while this very attempt is open.
 */
@Singleton
class ConcludeOpening {

    private static final Duration RETRY_FROM = Duration.ofMillis(100);
    private static final Duration RETRY_TO = Duration.ofSeconds(2);

    private final Pool pool;
    private final Clock clock;
    private final Prices prices;
    private final Sealing sealing;
    private final LookSchedule schedule;
    private final LivenessVendor vendor;
    private final SessionConfig config;

    ConcludeOpening(
            Pool pool,
            Clock clock,
            Prices prices,
            Sealing sealing,
            LookSchedule schedule,
            LivenessVendor vendor,
            SessionConfig config) {
        this.pool = pool;
        this.clock = clock;
        this.prices = prices;
        this.sealing = sealing;
        this.schedule = schedule;
        this.vendor = vendor;
        this.config = config;
    }

    /**
     * Records what init did.
     *
     * @param initAt when init was sent
     * @return false when this attempt had been given up meanwhile; the outcome is kept as an event then
     */
    Uni<Boolean> conclude(UUID session, int attempt, Instant initAt, OpenOutcome outcome) {
        return Uni.createFrom().deferred(() -> {
            Executor caller = CallerContext.capture();
            return Uni.createFrom()
                    .deferred(() -> record(session, attempt, initAt, outcome))
                    // The token is in this process alone: hold on to it while the database is away.
                    .onFailure()
                    .retry()
                    .withBackOff(RETRY_FROM, RETRY_TO)
                    .expireIn(config.openingTimeout().toMillis())
                    .emitOn(caller);
        });
    }

    private Uni<Boolean> record(UUID session, int attempt, Instant initAt, OpenOutcome outcome) {
        Uni<Boolean> recorded;
        if (outcome instanceof OpenOutcome.Accepted accepted) {
            recorded = accepted(session, attempt, initAt, accepted);
        } else if (outcome instanceof OpenOutcome.Refused refused) {
            recorded = refused(session, attempt, refused);
        } else {
            recorded = unknown(session, attempt, initAt, (OpenOutcome.Unknown) outcome);
        }
        return recorded.chain(done -> done ? Uni.createFrom().item(true) : wasRecorded(session, attempt, outcome))
                .call(done -> done ? Uni.createFrom().voidItem() : contradicted(session, outcome));
    }

    /** Whether the move was made already: by this very call, whose answer from the database was lost on the way. */
    private Uni<Boolean> wasRecorded(UUID session, int attempt, OpenOutcome outcome) {
        return moved(
                OpeningSql.WAS_RECORDED, session, attempt, statusAfter(outcome).name());
    }

    private static SessionStatus statusAfter(OpenOutcome outcome) {
        if (outcome instanceof OpenOutcome.Accepted) {
            return SessionStatus.PENDING;
        }
        return outcome instanceof OpenOutcome.Refused ? SessionStatus.REJECTED : SessionStatus.UNKNOWN;
    }

    private Uni<Boolean> accepted(UUID session, int attempt, Instant initAt, OpenOutcome.Accepted accepted) {
        Instant now = clock.instant();
        Instant expiresAt = initAt.plus(vendor.tokenLifetime());
        ChargeStatus charge = ChargeStatus.atOpening(accepted.charge());
        Optional<Money> fee = charge == ChargeStatus.NONE ? Optional.empty() : Optional.of(prices.at(initAt));
        LookSchedule.Look first = schedule.next(initAt, expiresAt, now);
        return moved(
                OpeningSql.ACCEPTED,
                session,
                attempt,
                charge.name(),
                Sql.time(initAt),
                Sql.time(expiresAt),
                Sql.bytes(sealing.seal(session, Sealing.Column.TOKEN, accepted.token())),
                Sql.bytes(sealing.tokenHash(accepted.token())),
                Sql.bytes(sealing.seal(session, Sealing.Column.CHECK_URL, accepted.checkUrl())),
                accepted.taskNo().orElse(null),
                fee.map(Money::minor).orElse(null),
                fee.map(Money::currency).orElse(null),
                Sql.time(first.at()),
                first.last(),
                Sql.time(now),
                (accepted.charge() == BillingFlag.BILLED ? LedgerBasis.VENDOR : LedgerBasis.RULE).name(),
                Sql.newId(now),
                Sql.detail("taskNo", accepted.taskNo().orElse(null), "charge", charge.name()));
    }

    private Uni<Boolean> refused(UUID session, int attempt, OpenOutcome.Refused refused) {
        Instant now = clock.instant();
        return moved(
                OpeningSql.REFUSED,
                session,
                attempt,
                refused.code().orElse(null),
                refused.passing(),
                refused.taskNo().orElse(null),
                Sql.time(now),
                Sql.newId(now),
                Sql.detail(
                        "code", refused.code().orElse(null),
                        "reason", refused.reason(),
                        "passing", refused.passing(),
                        "taskNo", refused.taskNo().orElse(null)));
    }

    private Uni<Boolean> unknown(UUID session, int attempt, Instant initAt, OpenOutcome.Unknown unknown) {
        Instant now = clock.instant();
        Money fee = prices.at(initAt);
        return moved(
                OpeningSql.UNKNOWN,
                session,
                attempt,
                unknown.taskNo().orElse(null),
                fee.minor(),
                fee.currency(),
                (double) vendor.tokenLifetime().plus(config.expiryGrace()).toMillis(),
                Sql.time(now),
                LedgerBasis.PRESUMED.name(),
                Sql.newId(now),
                Sql.detail(
                        "code", unknown.code().orElse(null),
                        "reason", unknown.reason(),
                        "taskNo", unknown.taskNo().orElse(null)));
    }

    private Uni<Void> contradicted(UUID session, OpenOutcome outcome) {
        Instant now = clock.instant();
        return moved(
                        OpeningSql.CONTRADICTED,
                        Sql.newId(now),
                        session,
                        Sql.time(now),
                        Sql.detail(
                                "late", outcome.getClass().getSimpleName(),
                                "taskNo", outcome.taskNo().orElse(null)))
                .replaceWithVoid();
    }

    private Uni<Boolean> moved(String sql, Object... arguments) {
        return pool.preparedQuery(sql)
                .execute(Tuple.tuple(Arrays.asList(arguments)))
                .map(SqlResult::rowCount)
                .map(rows -> rows == 1);
    }
}

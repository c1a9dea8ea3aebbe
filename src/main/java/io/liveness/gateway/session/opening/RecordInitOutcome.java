package io.liveness.gateway.session.opening;

import io.liveness.gateway.billing.LedgerBasis;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.billing.Prices;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.KeepTrying;
import io.liveness.gateway.session.SessionConfig;
import io.liveness.gateway.session.SessionMetrics;
import io.liveness.gateway.session.Sql;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.OpenOutcome;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * The last step of opening: records the outcome of init and the pre-deduction in one statement. Accepted outcomes that arrive together
 * share it. The statement changes a session only while this attempt is open.
 */
@Singleton
public class RecordInitOutcome {

    private static final Logger LOG = Logger.getLogger(RecordInitOutcome.class);

    private final Database database;
    private final Clock clock;
    private final Prices prices;
    private final RecordAccepted accepted;
    private final LivenessVendor vendor;
    private final SessionConfig config;
    private final SessionMetrics metrics;

    RecordInitOutcome(
            Database database,
            Clock clock,
            Prices prices,
            RecordAccepted accepted,
            LivenessVendor vendor,
            SessionConfig config,
            SessionMetrics metrics) {
        this.database = database;
        this.clock = clock;
        this.prices = prices;
        this.accepted = accepted;
        this.vendor = vendor;
        this.config = config;
        this.metrics = metrics;
    }

    /**
     * Records the outcome of init.
     *
     * @param initAt when init was sent
     * @return not done when the attempt was given up meanwhile; the outcome is then kept as an event
     */
    public Uni<Recorded> conclude(UUID session, int attempt, Instant initAt, OpenOutcome outcome) {
        // One id for every try, by which a try sees that an earlier one was recorded and only its answer lost.
        UUID event = Sql.newId(clock.instant());
        // Only this process has the token, so it retries until the token ends.
        return KeepTrying.until(
                vendor.tokenLifetime(),
                Uni.createFrom().deferred(() -> record(new Conclusion(session, attempt, initAt, event), outcome)));
    }

    /** @param event id of the event that tells of it, the same for every try to record it */
    public record Conclusion(UUID session, int attempt, Instant initAt, UUID event) {}

    public Uni<Recorded> record(Conclusion conclusion, OpenOutcome outcome) {
        Uni<Recorded> recorded;
        if (outcome instanceof OpenOutcome.Accepted opened) {
            recorded = accepted.record(conclusion, opened);
        } else if (outcome instanceof OpenOutcome.Refused refused) {
            recorded = refused(conclusion, refused);
        } else {
            recorded = unknown(conclusion, (OpenOutcome.Unknown) outcome);
        }
        return recorded.chain(now -> now.done() ? Uni.createFrom().item(now) : recordedBefore(conclusion, outcome));
    }

    private Uni<Recorded> recordedBefore(Conclusion conclusion, OpenOutcome outcome) {
        return moved(OpeningSql.WAS_RECORDED, conclusion.session(), conclusion.event())
                .call(before -> before.done() ? Uni.createFrom().voidItem() : tooLate(conclusion.session(), outcome));
    }

    private Uni<Recorded> refused(Conclusion conclusion, OpenOutcome.Refused refused) {
        return moved(
                OpeningSql.REFUSED,
                conclusion.session(),
                conclusion.attempt(),
                refused.code().orElse(null),
                refused.retryable(),
                refused.taskNo().orElse(null),
                Sql.time(clock.instant()),
                conclusion.event(),
                Sql.detail(
                        "code", refused.code().orElse(null),
                        "reason", refused.reason(),
                        "passing", refused.retryable(),
                        "taskNo", refused.taskNo().orElse(null)));
    }

    private Uni<Recorded> unknown(Conclusion conclusion, OpenOutcome.Unknown unknown) {
        Instant now = clock.instant();
        Money fee = prices.at(conclusion.initAt());
        return moved(
                OpeningSql.UNKNOWN,
                conclusion.session(),
                conclusion.attempt(),
                unknown.taskNo().orElse(null),
                fee.units(),
                fee.currency(),
                Sql.millis(vendor.tokenLifetime().plus(config.expiryGrace())),
                Sql.time(now),
                LedgerBasis.PRESUMED.name(),
                conclusion.event(),
                Sql.detail(
                        "code", unknown.code().orElse(null),
                        "reason", unknown.reason(),
                        "taskNo", unknown.taskNo().orElse(null)));
    }

    /** The attempt was given up before. A late Unknown adds nothing; any other late outcome is recorded as CONTRADICTED. */
    private Uni<Void> tooLate(UUID session, OpenOutcome outcome) {
        if (outcome instanceof OpenOutcome.Unknown) {
            return Uni.createFrom().voidItem();
        }
        metrics.contradicted();
        LOG.warnf("session.contradicted sessionId=%s late=%s", session, outcome.label());
        Instant now = clock.instant();
        return moved(
                        OpeningSql.CONTRADICTED,
                        session,
                        Sql.newId(now),
                        Sql.time(now),
                        Sql.detail(
                                "late", outcome.label(),
                                "taskNo", outcome.taskNo().orElse(null)))
                .replaceWithVoid();
    }

    private Uni<Recorded> moved(String sql, Object... arguments) {
        return database.execute(
                Connections.SHARED,
                sql,
                Tuple.tuple(Arrays.asList(arguments)),
                rows -> Recorded.of(rows.rowCount() == 1));
    }
}

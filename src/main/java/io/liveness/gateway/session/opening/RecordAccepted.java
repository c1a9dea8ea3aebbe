package io.liveness.gateway.session.opening;

import io.liveness.gateway.billing.LedgerBasis;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.billing.Prices;
import io.liveness.gateway.platform.postgres.Batcher;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.session.ChargeStatus;
import io.liveness.gateway.session.Columns;
import io.liveness.gateway.session.Sealing;
import io.liveness.gateway.session.SessionRow;
import io.liveness.gateway.session.Sql;
import io.liveness.gateway.session.opening.RecordInitOutcome.Conclusion;
import io.liveness.gateway.vendor.BillingFlag;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.OpenOutcome;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Records that init was accepted, and the pre-deduction with it. Openings that come together share a statement. */
@Singleton
class RecordAccepted {

    /** @param fee empty when init took none */
    private record Accepted(
            Conclusion conclusion,
            ChargeStatus charge,
            Instant expiresAt,
            byte[] tokenSealed,
            byte[] tokenHash,
            byte[] checkUrlSealed,
            Optional<String> taskNo,
            Optional<Money> fee,
            Instant nextPollAt,
            LedgerBasis basis) {}

    private final Database database;
    private final Clock clock;
    private final Prices prices;
    private final Sealing sealing;
    private final PollSchedule schedule;
    private final LivenessVendor vendor;
    private final Batcher<Accepted, Recorded> batcher = new Batcher<>(this::record);

    RecordAccepted(
            Database database,
            Clock clock,
            Prices prices,
            Sealing sealing,
            PollSchedule schedule,
            LivenessVendor vendor) {
        this.database = database;
        this.clock = clock;
        this.prices = prices;
        this.sealing = sealing;
        this.schedule = schedule;
        this.vendor = vendor;
    }

    /** @return not done when this attempt is not open any more */
    Uni<Recorded> record(Conclusion conclusion, OpenOutcome.Accepted accepted) {
        UUID session = conclusion.session();
        Instant initAt = conclusion.initAt();
        Instant expiresAt = initAt.plus(vendor.tokenLifetime());
        ChargeStatus charge = ChargeStatus.atOpening(accepted.charge());
        return batcher.send(new Accepted(
                conclusion,
                charge,
                expiresAt,
                sealing.seal(session, Sealing.Column.TOKEN, accepted.token()),
                sealing.tokenHash(accepted.token()),
                sealing.seal(session, Sealing.Column.CHECK_URL, accepted.checkUrl()),
                accepted.taskNo(),
                charge == ChargeStatus.NONE ? Optional.empty() : Optional.of(prices.at(initAt)),
                schedule.next(initAt, expiresAt, clock.instant()),
                accepted.charge() == BillingFlag.BILLED ? LedgerBasis.VENDOR : LedgerBasis.RULE));
    }

    private Uni<List<Recorded>> record(List<Accepted> accepted) {
        return database.execute(Connections.SHARED, OpeningSql.ACCEPTED, arguments(accepted), RecordAccepted::byEvent)
                .map(opened -> accepted.stream()
                        .map(one -> opened.getOrDefault(one.conclusion().event(), Recorded.of(false)))
                        .toList());
    }

    /** By the event: a repeated try has the same one and gets the same answer; another outcome of the same opening is not done. */
    private static Map<UUID, Recorded> byEvent(RowSet<Row> rows) {
        Map<UUID, Recorded> opened = new HashMap<>();
        rows.forEach(row -> opened.put(
                row.getUUID(SessionRow.NUMBER_OF_COLUMNS), new Recorded(true, Optional.of(SessionRow.of(row)))));
        return opened;
    }

    private Tuple arguments(List<Accepted> accepted) {
        return new Columns<>(accepted)
                .add(UUID[]::new, one -> one.conclusion().session())
                .add(Integer[]::new, one -> one.conclusion().attempt())
                .add(String[]::new, one -> one.charge().name())
                .add(OffsetDateTime[]::new, one -> Sql.time(one.conclusion().initAt()))
                .add(OffsetDateTime[]::new, one -> Sql.time(one.expiresAt()))
                .add(Buffer[]::new, one -> Sql.bytes(one.tokenSealed()))
                .add(Buffer[]::new, one -> Sql.bytes(one.tokenHash()))
                .add(Buffer[]::new, one -> Sql.bytes(one.checkUrlSealed()))
                .add(String[]::new, one -> one.taskNo().orElse(null))
                .add(Long[]::new, one -> one.fee().map(Money::units).orElse(null))
                .add(String[]::new, one -> one.fee().map(Money::currency).orElse(null))
                .add(OffsetDateTime[]::new, one -> Sql.time(one.nextPollAt()))
                .add(OffsetDateTime[]::new, one -> Sql.time(one.expiresAt().minus(schedule.finalPollsBegin())))
                .add(UUID[]::new, one -> one.conclusion().event())
                .add(String[]::new, one -> one.basis().name())
                .add(JsonObject[]::new, RecordAccepted::detail)
                .same(Sql.time(clock.instant()))
                .tuple();
    }

    private static JsonObject detail(Accepted accepted) {
        return Sql.detail(
                "taskNo",
                accepted.taskNo().orElse(null),
                "charge",
                accepted.charge().name());
    }
}

package io.liveness.gateway.session.settling;

import io.liveness.gateway.events.Outbox;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.session.Columns;
import io.liveness.gateway.session.SessionMetrics;
import io.liveness.gateway.session.SessionStatus;
import io.liveness.gateway.session.Sql;
import io.liveness.gateway.vendor.VerdictOutcome;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Ends sessions: verdict, end of the fee, and events of any number of them in one statement, which re-reads every session under its lock. A
 * settled session is not changed: a later, different answer becomes an event and is counted.
 */
@Singleton
class SettleSession {

    private static final Logger LOG = Logger.getLogger(SettleSession.class);

    private final Database database;
    private final Clock clock;
    private final SessionMetrics metrics;
    private final Outbox outbox;

    SettleSession(Database database, Clock clock, SessionMetrics metrics, Outbox outbox) {
        this.database = database;
        this.clock = clock;
        this.outbox = outbox;
        this.metrics = metrics;
    }

    Uni<Void> settle(List<Settlement> settlements, Connections connections) {
        if (settlements.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Instant now = clock.instant();
        return database.execute(
                        connections,
                        SettleSql.SETTLE,
                        new Columns<>(settlements)
                                .add(UUID[]::new, Settlement::session)
                                .add(
                                        String[]::new,
                                        settlement -> settlement.from().name())
                                .add(
                                        String[]::new,
                                        settlement -> settlement.to().name())
                                .add(
                                        String[]::new,
                                        settlement -> settlement.feeEnd().name())
                                .add(
                                        String[]::new,
                                        settlement -> settlement.basis().name())
                                .add(Integer[]::new, Settlement::code)
                                .add(
                                        String[]::new,
                                        settlement -> settlement
                                                .verdict()
                                                .map(VerdictOutcome.Final::message)
                                                .orElse(null))
                                .add(
                                        String[]::new,
                                        settlement -> settlement
                                                .verdict()
                                                .flatMap(VerdictOutcome.Final::taskNo)
                                                .orElse(null))
                                .add(
                                        Buffer[]::new,
                                        settlement -> settlement
                                                .faceUrlSealed()
                                                .map(Buffer::buffer)
                                                .orElse(null))
                                .add(
                                        Integer[]::new,
                                        settlement -> settlement.fence().isPresent()
                                                ? settlement.fence().getAsInt()
                                                : null)
                                .add(UUID[]::new, settlement -> Sql.newId(now))
                                .add(UUID[]::new, settlement -> Sql.newId(now))
                                .same(Sql.time(now))
                                .add(Boolean[]::new, Settlement::billed)
                                .tuple())
                .invoke(this::report)
                .replaceWithVoid();
    }

    private void report(RowSet<Row> rows) {
        boolean toDeliver = false;
        for (Row row : rows) {
            report(row);
            toDeliver |= row.getBoolean("to_deliver");
        }
        if (toDeliver) {
            outbox.filled();
        }
    }

    private void report(Row row) {
        UUID session = row.getUUID("id");
        String status = row.getString("to_status");
        if (row.getBoolean("moves")) {
            metrics.settled(SessionStatus.valueOf(status));
            if (row.getBoolean("lost")) {
                metrics.lost();
            }
            LOG.infof("session.settled sessionId=%s status=%s", session, status);
            if (row.getBoolean("against_rule")) {
                metrics.billedAgainstTheRule();
                LOG.warnf("session.billed-against-rule sessionId=%s status=%s", session, status);
            }
        } else if (row.getBoolean("contradicts")) {
            metrics.contradicted();
            LOG.warnf("session.contradicted sessionId=%s answer=%s", session, status);
        }
    }
}

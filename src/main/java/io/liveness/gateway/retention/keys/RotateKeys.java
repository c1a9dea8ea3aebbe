package io.liveness.gateway.retention.keys;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Rewrites under the first key the values that are sealed or hashed under other keys. A pass goes through all tables, a batch a second by
 * any replica, and continues after a restart. A row that changes between reading and writing is not written; its batch is read again.
 */
@Startup // its metric is there from the start
@Singleton
class RotateKeys {

    private static final Logger LOG = Logger.getLogger(RotateKeys.class);

    private record Claimed(long pass, Position at) {

        static Optional<Claimed> of(RowSet<Row> rows) {
            return StreamSupport.stream(rows.spliterator(), false)
                    .findFirst()
                    .map(row -> new Claimed(row.getLong("pass"), Position.of(row)));
        }
    }

    private final Database database;
    private final RotatedTables tables;
    private final KeysInUse keys;
    private final KeyMetrics metrics;
    private final Counter rewritten;

    RotateKeys(Database database, RotatedTables tables, KeysInUse keys, KeyMetrics metrics, MeterRegistry registry) {
        this.database = database;
        this.tables = tables;
        this.keys = keys;
        this.metrics = metrics;
        this.rewritten = Counter.builder("liveness.encryption.rotation.rewritten")
                .description("Rows that were written anew under the first encryption key")
                .register(registry);
    }

    /** Records which key this replica writes under, and begins a pass when one is due. Never fails. */
    @NonBlocking
    @Scheduled(identity = "encryption-keys", every = "15s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> lookAtKeys() {
        if (!keys.isChecked()) {
            return Uni.createFrom().voidItem();
        }
        return keys.writes()
                .chain(() -> database.execute(Connections.RESERVED, KeySql.BEGIN, Tuple.of(keys.first())))
                .invoke(begun -> {
                    if (begun.rowCount() > 0) {
                        LOG.infof("key-rotation.begun key=%s", keys.first());
                    }
                })
                .chain(keys::show)
                .onFailure()
                .invoke(this::failed)
                .onFailure()
                .recoverWithNull();
    }

    /** Writes a batch, while a pass is under way and no other replica does it. Never fails; a later run goes on. */
    @NonBlocking
    @Scheduled(identity = "key-rotation", every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> rotate() {
        if (!metrics.isPassUnderWay()) {
            return Uni.createFrom().voidItem();
        }
        return database.execute(Connections.SHARED, KeySql.CLAIM, Tuple.of(keys.first()), Claimed::of)
                .chain(claimed -> claimed.map(this::batch)
                        .orElseGet(() -> Uni.createFrom().voidItem()))
                .onFailure()
                .invoke(this::failed)
                .onFailure()
                .recoverWithNull();
    }

    /** The next look at the keys shows them again, and the pass goes on. */
    private void failed(Throwable failure) {
        metrics.unknown();
        FailedWork.log(LOG, "key-rotation.failed", failure);
    }

    private Uni<Void> batch(Claimed claimed) {
        RotatedTable table = tables.stages().get(claimed.at().stage());
        return within(table, claimed.at())
                .chain(at -> at.upto() == null
                        ? advance(claimed, next(at), List.of())
                        : database.execute(
                                        Connections.SHARED, table.read(), Tuple.of(at.after(), at.upto()), rows -> rows)
                                // Some thousand values are opened and sealed.
                                .emitOn(Infrastructure.getDefaultWorkerPool())
                                .map(rows -> rewrite(table, rows))
                                .chain(rows -> write(table, rows)
                                        .chain(all -> all
                                                ? advance(claimed, after(at, rows), rows)
                                                : advance(claimed, claimed.at(), List.of()))));
    }

    /** The position with the bounds of its table. Rows that are stored after the stage has begun are under the first key. */
    private Uni<Position> within(RotatedTable table, Position at) {
        return at.upto() != null
                ? Uni.createFrom().item(at)
                : database.execute(Connections.SHARED, table.bounds(), Tuple.tuple(), rows -> {
                    Row bounds = rows.iterator().next();
                    return at.within(bounds.getUUID("first"), bounds.getUUID("last"));
                });
    }

    private static List<StoredRow.Rewritten> rewrite(RotatedTable table, RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(table::stored)
                .map(table.rewriter())
                .toList();
    }

    /** Returns whether all rows are written. A row that another statement has changed meanwhile is not; the batch is read again. */
    private Uni<Boolean> write(RotatedTable table, List<StoredRow.Rewritten> rows) {
        List<StoredRow.Rewritten> changed =
                rows.stream().filter(StoredRow.Rewritten::isChanged).toList();
        if (changed.isEmpty()) {
            return Uni.createFrom().item(true);
        }
        return database.execute(Connections.SHARED, table.write(), table.changes(changed), RowSet::rowCount)
                .invoke(written -> rewritten.increment(written))
                .map(written -> written == changed.size());
    }

    private Position after(Position at, List<StoredRow.Rewritten> rows) {
        if (rows.size() < RotatedTable.AT_A_TIME) {
            return next(at);
        }
        return at.after(rows.get(rows.size() - 1).id());
    }

    private static Position next(Position at) {
        return Position.beginning(at.stage() + 1);
    }

    private Uni<Void> advance(Claimed claimed, Position to, List<StoredRow.Rewritten> rows) {
        long unreadable = count(claimed, rows);
        long withoutDigest =
                rows.stream().filter(StoredRow.Rewritten::withoutDigest).count();
        boolean over = to.stage() == tables.stages().size();
        return database.execute(
                        Connections.SHARED,
                        KeySql.ADVANCE,
                        Tuple.tuple()
                                .addString(keys.first())
                                .addLong(claimed.pass())
                                .addInteger(claimed.at().stage())
                                .addUUID(claimed.at().done())
                                .addInteger(to.stage())
                                .addUUID(to.done())
                                .addUUID(to.since())
                                .addUUID(to.upto())
                                .addLong(unreadable)
                                .addLong(withoutDigest)
                                .addBoolean(over))
                .invoke(freed -> {
                    if (over) {
                        freed.forEach(key -> LOG.infof("key-rotation.freed key=%s", key.getString("id")));
                        LOG.infof("key-rotation.ended key=%s", keys.first());
                    }
                })
                .chain(() -> over ? lookAtKeys() : Uni.createFrom().voidItem());
    }

    private long count(Claimed claimed, List<StoredRow.Rewritten> rows) {
        List<UUID> unreadable = rows.stream()
                .filter(StoredRow.Rewritten::unreadable)
                .map(StoredRow.Rewritten::id)
                .toList();
        if (!unreadable.isEmpty()) {
            LOG.errorf(
                    "key-rotation.unreadable table=%s rows=%d first=%s",
                    tables.stages().get(claimed.at().stage()).name(), unreadable.size(), unreadable.get(0));
        }
        return unreadable.size();
    }
}

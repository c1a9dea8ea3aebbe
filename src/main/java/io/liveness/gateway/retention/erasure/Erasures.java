package io.liveness.gateway.retention.erasure;

import io.liveness.gateway.platform.encryption.KeyedHash;
import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.session.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Stores erasures and reads them. A caller reads its own erasures only; another caller's is not found. */
@Singleton
class Erasures {

    /** Greater than every id. */
    private static final UUID LAST = new UUID(-1, -1);

    private final Database database;
    private final ErasureKeys keys;
    private final Clock clock;

    Erasures(Database database, ErasureKeys keys, Clock clock) {
        this.database = database;
        this.keys = keys;
        this.clock = clock;
    }

    /** @param replayed whether an earlier request with the same key began it */
    record Started(ErasureView erasure, boolean replayed) {}

    /**
     * Begins an erasure; its sessions are erased by {@link RunErasures}. Fails when the key was used for another reference, or when too many
     * sessions have the reference.
     *
     * @param actor the caller or person that is recorded
     */
    Uni<Started> start(String caller, String actor, String key, String reference) {
        UUID id = Sql.newId(clock.instant());
        KeyedHash ofKey = keys.hash(id, caller, key);
        KeyedHash ofRequest = keys.requestHash(id, caller, key, reference);
        return database.execute(
                        ErasureSql.START,
                        Tuple.tuple()
                                .addUUID(id)
                                .addString(caller)
                                .addString(reference)
                                .addString(actor)
                                .addValue(Sql.bytes(keys.hashes(caller, key)))
                                .addString(keys.encryptionKey())
                                .addBuffer(Sql.bytes(ofKey.hash()))
                                .addBuffer(Sql.bytes(ofKey.digestSealed()))
                                .addBuffer(Sql.bytes(ofRequest.hash()))
                                .addBuffer(Sql.bytes(ofRequest.digestSealed())))
                .chain(rows -> rows.size() > 0
                        ? Uni.createFrom()
                                .item(new Started(ErasureView.of(rows.iterator().next()), false))
                        : notStarted(caller, key, reference));
    }

    private Uni<Started> notStarted(String caller, String key, String reference) {
        return database.read(ErasureSql.BY_KEY, Tuple.of(caller, (Object) Sql.bytes(keys.hashes(caller, key))))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw ProblemException.invalid(
                                "reference",
                                "must be that of one person: more than " + ErasureSql.MOST_SESSIONS
                                        + " sessions have it; nothing was erased");
                    }
                    Row known = rows.iterator().next();
                    byte[] stored = known.getBuffer("request_hash").getBytes();
                    if (Arrays.stream(keys.requestHashes(caller, key, reference))
                            .noneMatch(hash -> MessageDigest.isEqual(hash, stored))) {
                        throw IdempotencyKey.reused();
                    }
                    return new Started(ErasureView.of(known), true);
                });
    }

    Uni<ErasureView> get(UUID id, String caller) {
        return database.read(ErasureSql.GET, Tuple.of(id, caller))
                .map(rows -> views(rows).stream().findFirst().orElseThrow(ProblemException::notFound));
    }

    /**
     * A page, newest first, and one erasure more when another page follows.
     *
     * @param after the last one of the page before
     */
    Uni<List<ErasureView>> list(String caller, Optional<UUID> after, int pageSize) {
        return database.read(ErasureSql.LIST, Tuple.of(pageSize + 1, after.orElse(LAST), caller))
                .map(Erasures::views);
    }

    private static List<ErasureView> views(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(ErasureView::of)
                .toList();
    }
}

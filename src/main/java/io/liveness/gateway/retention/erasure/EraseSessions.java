package io.liveness.gateway.retention.erasure;

import io.liveness.gateway.notification.Outbox;
import io.liveness.gateway.platform.encryption.KeyedHash;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.session.Columns;
import io.liveness.gateway.session.Sealing;
import io.liveness.gateway.session.Sql;
import io.liveness.gateway.session.face.RedactedBy;
import io.liveness.gateway.session.face.Redactions;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * Erases sessions of an erasure, a batch in two statements: the keys are hashed in between. Two replicas that do the same erase each session
 * once. Thinning erases the keys a day later: see {@code docs/decisions/0053-a-key-is-hashed-a-day-before-it-is-erased.md}.
 */
@Singleton
class EraseSessions {

    /** @param hash of its key; absent when the session is thinned and has none */
    private record Due(UUID session, Optional<KeyedHash> hash) {}

    private final Database database;
    private final Sealing sealing;
    private final Redactions redactions;
    private final Outbox outbox;
    private final Clock clock;

    EraseSessions(Database database, Sealing sealing, Redactions redactions, Outbox outbox, Clock clock) {
        this.database = database;
        this.sealing = sealing;
        this.redactions = redactions;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * Erases some sessions that have ended.
     *
     * @param by for the events
     * @return whether more may be due
     */
    Uni<Boolean> eraseSome(UUID erasure, String by) {
        return database.execute(ErasureSql.TO_ERASE, Tuple.of(erasure)).chain(rows -> {
            List<Due> due = StreamSupport.stream(rows.spliterator(), false)
                    .map(this::hashed)
                    .toList();
            return due.isEmpty()
                    ? Uni.createFrom().item(false)
                    : database.execute(ErasureSql.ERASE, arguments(erasure, by, due))
                            .invoke(erased -> told(erased.iterator().next()))
                            .replaceWith(due.size() == ErasureSql.AT_A_TIME);
        });
    }

    private Due hashed(Row row) {
        return new Due(
                row.getUUID(0),
                Optional.ofNullable(row.getString(2))
                        .map(key -> sealing.keyHash(row.getUUID(0), row.getString(1), key)));
    }

    private Tuple arguments(UUID erasure, String by, List<Due> due) {
        Instant now = clock.instant();
        return new Columns<>(due)
                .same(erasure)
                .same(Sql.detail("by", by))
                .add(UUID[]::new, Due::session)
                .add(Buffer[]::new, one -> bytes(one, KeyedHash::hash))
                .add(Buffer[]::new, one -> bytes(one, KeyedHash::digestSealed))
                .add(UUID[]::new, one -> Sql.newId(now))
                .add(UUID[]::new, one -> Sql.newId(now))
                .tuple();
    }

    private static Buffer bytes(Due due, Function<KeyedHash, byte[]> part) {
        return due.hash().map(part).map(Sql::bytes).orElse(null);
    }

    private void told(Row erased) {
        redactions.count(RedactedBy.CALLER, erased.getInteger("faces"));
        if (erased.getBoolean("to_deliver")) {
            outbox.filled();
        }
    }
}

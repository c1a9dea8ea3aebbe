package io.liveness.gateway.retention.keys;

import io.liveness.gateway.platform.encryption.Encryption;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Which encryption keys stored values need. The very first start records every configured key as needed. Later a key is needed from the
 * first start that has it as its first key, until a pass frees it.
 */
@Singleton
class KeysInUse {

    private final Database database;
    private final KeyMetrics metrics;
    private final List<String> configured;
    private volatile boolean checked;

    KeysInUse(Database database, KeyMetrics metrics, Encryption encryption) {
        this.database = database;
        this.metrics = metrics;
        this.configured = encryption.keyIds();
    }

    /** The key that this replica writes under. */
    String first() {
        return configured.get(0);
    }

    /** Whether no key is missing. Before that nothing may be recorded. */
    boolean isChecked() {
        return checked;
    }

    /** Fails when a key is missing, and records nothing then. */
    Uni<Void> check() {
        return database.execute(Connections.RESERVED, KeySql.KNOWN, Tuple.tuple(), KeysInUse::byId)
                .invoke(this::requireAll)
                .chain(known -> known.isEmpty()
                        ? beginWithConfigured()
                        : Uni.createFrom().voidItem())
                .chain(this::writes)
                .chain(this::show)
                .invoke(() -> checked = true);
    }

    private static Map<String, Boolean> byId(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .collect(Collectors.toMap(row -> row.getString("id"), row -> row.getBoolean("in_use")));
    }

    private void requireAll(Map<String, Boolean> known) {
        String missing = known.entrySet().stream()
                .filter(key -> key.getValue() && !configured.contains(key.getKey()))
                .map(Map.Entry::getKey)
                .sorted()
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "liveness.encryption.keys lacks the key " + missing
                            + ", which stored values need: configure it again, behind the first one, until"
                            + " liveness_encryption_key_in_use of it is 0. If it is lost, see docs/configuration.md, Encryption keys");
        }
    }

    private Uni<Void> beginWithConfigured() {
        return database.execute(
                        Connections.RESERVED, KeySql.BEGIN_WITH, Tuple.of((Object) configured.toArray(String[]::new)))
                .replaceWithVoid();
    }

    /** Records that this replica writes under its first key. */
    Uni<Void> writes() {
        return database.execute(Connections.RESERVED, KeySql.WRITES, Tuple.of(first()))
                .replaceWithVoid();
    }

    /** Reads the keys and the pass for the metrics. */
    Uni<Void> show() {
        return database.execute(Connections.RESERVED, KeySql.STATE, Tuple.of(first()))
                .invoke(metrics::show)
                .replaceWithVoid();
    }
}

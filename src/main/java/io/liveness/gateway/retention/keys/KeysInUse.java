package io.liveness.gateway.retention.keys;

import io.liveness.gateway.platform.encryption.Encryption;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.start.StartRefused;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
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
    private final Encryption encryption;
    private final List<String> configured;
    private volatile boolean checked;

    KeysInUse(Database database, KeyMetrics metrics, Encryption encryption) {
        this.database = database;
        this.metrics = metrics;
        this.encryption = encryption;
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

    /** Fails when a key is missing or has other bytes than before, and records nothing then. */
    Uni<Void> check() {
        return known().chain(known -> known.isEmpty()
                        ? beginWithConfigured()
                        : Uni.createFrom().voidItem())
                .chain(this::writes)
                // Another replica may have been the first at the same moment.
                .chain(this::known)
                .chain(this::show)
                .invoke(() -> checked = true);
    }

    private Uni<Map<String, Boolean>> known() {
        return database.execute(Connections.RESERVED, KeySql.KNOWN, Tuple.tuple())
                .invoke(this::requireSame)
                .map(KeysInUse::byId)
                .invoke(this::requireAll);
    }

    private void requireSame(RowSet<Row> rows) {
        for (Row row : rows) {
            String id = row.getString("id");
            Buffer check = row.getBuffer("key_check");
            if (check != null
                    && configured.contains(id)
                    && !MessageDigest.isEqual(check.getBytes(), encryption.keyCheck(id))) {
                throw new StartRefused("liveness.encryption.keys has other bytes under the id " + id
                        + " than those that stored values were encrypted with: configure the former bytes again, and give a"
                        + " new key a new id. See docs/configuration.md, Encryption keys");
            }
        }
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
            throw new StartRefused(
                    "liveness.encryption.keys lacks the key " + missing
                            + ", which stored values need: configure it again, behind the first one, until"
                            + " liveness_encryption_key_in_use of it is 0. If it is lost, see docs/configuration.md, Encryption keys");
        }
    }

    private Uni<Void> beginWithConfigured() {
        Buffer[] checks = configured.stream()
                .map(id -> Buffer.buffer(encryption.keyCheck(id)))
                .toArray(Buffer[]::new);
        return database.execute(
                        Connections.RESERVED, KeySql.BEGIN_WITH, Tuple.of(configured.toArray(String[]::new), (Object)
                                checks))
                .replaceWithVoid();
    }

    /** Records that this replica writes under its first key. */
    Uni<Void> writes() {
        return database.execute(
                        Connections.RESERVED,
                        KeySql.WRITES,
                        Tuple.of(first(), Buffer.buffer(encryption.keyCheck(first()))))
                .replaceWithVoid();
    }

    /** Reads the keys and the pass for the metrics. */
    Uni<Void> show() {
        return database.execute(Connections.RESERVED, KeySql.STATE, Tuple.of(first()))
                .invoke(metrics::show)
                .replaceWithVoid();
    }
}

package io.liveness.gateway.privacy;

import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.notify.webhook.EndpointSecrets;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.security.Encryption;
import io.liveness.gateway.privacy.KeysInUse.HashKey;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Frees encryption keys: a key that is not written under any more is kept until tokens and addresses under it are gone, which takes hours;
 * secrets of webhooks and the key of hashes are sealed anew under the first key.
 */
@Startup // its metric is there from the start
@Singleton
class RotateKeys {

    private static final Logger LOG = Logger.getLogger(RotateKeys.class);

    /**
     * Keys that may be freed: none but the first one was written lately. A replica may store a value for five minutes at most after it has
     * last recorded its key: statements and shutdowns end sooner.
     */
    private static final String TO_FREE = """
            select id from encryption_key
            where id <> ? and unused_since is null
              and not exists (select from encryption_key
                              where id <> ? and last_written_at > liveness_now() - interval '5 minutes')
            order by id
            """;

    /** Whether a value begins with the mark of the key. */
    private static final String IS_NEEDED =
            "select exists (select from (" + EndpointSecrets.STORED + " union all " + Sealing.STORED + """
                 union all select sealed from hash_key) sealed
            where substring(value from 1 for ?) = ?)
            """;

    private final Batch batch;
    private final KeysInUse keys;
    private final Encryption encryption;
    private final MultiGauge inUse;
    /** The metric by key, 1 for a key that stored values need. It is empty, and the metric NaN, while the database cannot be read. */
    private volatile Map<String, Double> shown = Map.of();

    private final Set<Object> unreadable = ConcurrentHashMap.newKeySet();

    RotateKeys(Batch batch, KeysInUse keys, Encryption encryption, MeterRegistry registry) {
        this.batch = batch;
        this.keys = keys;
        this.encryption = encryption;
        this.inUse = MultiGauge.builder("liveness.encryption.key.in.use")
                .description("1 while stored values need the encryption key, or may need it")
                .register(registry);
        show(encryption.keyIds());
    }

    @Scheduled(identity = "encryption-keys", every = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    void rotate() {
        try {
            List<String> freed = batch.transact(connection -> {
                // Replicas with the same first key wait here for each other.
                keys.record(connection);
                return free(connection);
            });
            freed.forEach(key -> LOG.infof("key-rotation.freed key=%s", key));
            shown = batch
                    .read(connection -> Sql.list(
                            connection,
                            "select id, unused_since is null as in_use from encryption_key",
                            row -> Map.entry(row.getString("id"), row.getBoolean("in_use") ? 1.0 : 0.0)))
                    .stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
            show(shown.keySet());
        } catch (RuntimeException failure) {
            shown = Map.of();
            FailedWork.log(LOG, "key-rotation.failed", failure);
        }
    }

    /** Rows that are there stay: one that was removed and added again would be missing from a scrape in between. */
    private void show(Collection<String> keys) {
        inUse.register(keys.stream()
                .<MultiGauge.Row<?>>map(key -> MultiGauge.Row.of(
                        Tags.of("key", key), this, rotation -> rotation.shown.getOrDefault(key, Double.NaN)))
                .toList());
    }

    private List<String> free(Connection connection) throws SQLException {
        List<String> free = new ArrayList<>();
        List<String> candidates = Sql.list(connection, TO_FREE, row -> row.getString("id"), keys.first(), keys.first());
        if (!candidates.isEmpty()) {
            EndpointSecrets.reseal(
                    connection,
                    (endpoint, secret) ->
                            resealed("webhook_endpoint", endpoint, secret, EndpointSecrets.context(endpoint)));
            resealHashKeys(connection);
        }
        for (String key : candidates) {
            byte[] mark = encryption.sealedBy(key);
            boolean needed = Sql.first(connection, IS_NEEDED, row -> row.getBoolean(1), mark.length, mark)
                    .orElseThrow();
            if (!needed) {
                Sql.execute(connection, "update encryption_key set unused_since = liveness_now() where id = ?", key);
                free.add(key);
            }
        }
        return free;
    }

    private void resealHashKeys(Connection connection) throws SQLException {
        for (HashKey stored : KeysInUse.storedHashKeys(connection)) {
            byte[] anew = resealed("hash_key", stored.nth(), stored.sealed(), KeysInUse.hashKey(stored.nth()));
            if (anew != stored.sealed()) {
                Sql.execute(connection, "update hash_key set sealed = ? where nth = ?", anew, stored.nth());
            }
        }
    }

    /**
     * Seals a value anew under the first key; gives the same array where nothing is to be done. A value that cannot be
     * opened stays, and keeps its key in use.
     */
    private byte[] resealed(String table, Object row, byte[] value, String context) {
        try {
            return encryption.reseal(value, context);
        } catch (IllegalStateException cannotBeOpened) {
            if (unreadable.add(row)) {
                LOG.errorf("key-rotation.unreadable table=%s row=%s", table, row);
            }
            return value;
        }
    }
}

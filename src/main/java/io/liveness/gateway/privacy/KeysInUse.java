package io.liveness.gateway.privacy;

import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.security.Encryption;
import io.liveness.gateway.platform.start.StartRefused;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The encryption keys that stored values need: a key is needed from the first start that has it as its first key, until
 * {@link RotateKeys} frees it. The key of hashes is stored with the very first start, and stays.
 *
 * <p>Stops the start when an encryption key is not configured that stored values need.
 */
@Startup(KeysInUse.WHEN_THE_SCHEMA_IS_KNOWN)
@Singleton
class KeysInUse {

    private static final Logger LOG = Logger.getLogger(KeysInUse.class);

    /** After the check of the schema, and before the scheduler, whose priority is 0: a replica that lacks a key polls nothing. */
    static final int WHEN_THE_SCHEMA_IS_KNOWN = -100;

    private record StoredKey(String id, boolean inUse, byte[] check) {}

    private final Batch batch;
    private final Encryption encryption;
    private final List<String> configured;

    KeysInUse(Batch batch, Encryption encryption) {
        this.batch = batch;
        this.encryption = encryption;
        this.configured = encryption.keyIds();
        check();
    }

    /** The key that this replica writes under. */
    String first() {
        return configured.get(0);
    }

    /**
     * Records the keys, and takes that of hashes.
     *
     * @throws StartRefused when a key is missing or has other bytes than before; then it records nothing
     */
    void check() {
        encryption.hashUnder(batch.transact(connection -> {
            record(connection);
            // Afterwards, since another replica may have been the first at the same moment.
            requireKnown(connection);
            return hashKey(connection);
        }));
    }

    private void requireKnown(Connection connection) throws SQLException {
        List<StoredKey> known = Sql.list(
                connection,
                "select id, unused_since is null as in_use, key_check from encryption_key order by id",
                row -> new StoredKey(row.getString("id"), row.getBoolean("in_use"), row.getBytes("key_check")));
        for (StoredKey key : known) {
            if (configured.contains(key.id()) && !MessageDigest.isEqual(key.check(), encryption.keyCheck(key.id()))) {
                throw new StartRefused("liveness.encryption.keys has other bytes under the id " + key.id()
                        + " than those that stored values were encrypted with: configure the former bytes again, and give a"
                        + " new key a new id. See docs/configuration.md, Encryption keys");
            }
        }
        String missing = known.stream()
                .filter(key -> key.inUse() && !configured.contains(key.id()))
                .map(StoredKey::id)
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new StartRefused(
                    "liveness.encryption.keys lacks the key " + missing
                            + ", which stored values need: configure it again, behind the first one, until"
                            + " liveness_encryption_key_in_use of it is 0. If it is lost, see docs/configuration.md, Encryption keys");
        }
    }

    /** Records that this replica writes under its first key. One whose bytes differ from the recorded ones records nothing. */
    void record(Connection connection) throws SQLException {
        Sql.execute(connection, """
                insert into encryption_key (id, last_written_at, key_check) values (?, liveness_now(), ?)
                on conflict (id) do update
                    set last_written_at = excluded.last_written_at, unused_since = null
                    where encryption_key.key_check = excluded.key_check
                """, first(), encryption.keyCheck(first()));
    }

    /** The stored key of hashes. Where there is none, or it is lost, that of the first encryption key is stored. */
    private byte[] hashKey(Connection connection) throws SQLException {
        Optional<byte[]> stored = readableHashKey(connection);
        if (stored.isPresent()) {
            return stored.get();
        }
        int nth = storedHashKeys(connection).size() + 1;
        Sql.execute(
                connection,
                "insert into hash_key (nth, sealed) values (?, ?) on conflict (nth) do nothing",
                nth,
                encryption.seal(encryption.ownHashKey(), hashKey(nth)));
        return readableHashKey(connection).orElseThrow();
    }

    private Optional<byte[]> readableHashKey(Connection connection) throws SQLException {
        for (HashKey stored : storedHashKeys(connection)) {
            try {
                return Optional.of(encryption.openBytes(stored.sealed(), hashKey(stored.nth())));
            } catch (IllegalStateException lost) {
                LOG.errorf("hash-key.unreadable nth=%d: %s", stored.nth(), lost.getMessage());
            }
        }
        return Optional.empty();
    }

    /** A key of hashes, sealed under the first encryption key of its time. */
    record HashKey(int nth, byte[] sealed) {}

    /** The newest first; more than one where those before were lost. What was hashed since is found under the newest alone. */
    static List<HashKey> storedHashKeys(Connection connection) throws SQLException {
        return Sql.list(
                connection,
                "select nth, sealed from hash_key order by nth desc",
                row -> new HashKey(row.getInt("nth"), row.getBytes("sealed")));
    }

    /** What it is bound to. */
    static String hashKey(int nth) {
        return "hash-key/" + nth;
    }
}

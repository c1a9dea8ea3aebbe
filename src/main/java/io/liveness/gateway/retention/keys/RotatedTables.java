package io.liveness.gateway.retention.keys;

import io.liveness.gateway.notification.endpoint.EndpointSecrets;
import io.liveness.gateway.platform.encryption.KeyedHash;
import io.liveness.gateway.retention.erasure.ErasureKeys;
import io.liveness.gateway.retention.erasure.ErasureKeys.Hashed;
import io.liveness.gateway.session.Sealing;
import io.liveness.gateway.session.Sealing.Column;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Function;

/**
 * The tables with sealed values, in the order of the stages of a pass. Sessions come last, see {@link KeyMetrics}. The number of a stage is
 * stored: a release that adds a table must begin a pass under way again.
 */
@Singleton
class RotatedTables {

    /** The columns of a session by their numbers. */
    private static final List<String> OF_SESSION = List.of(
            "token_sealed",
            "check_url_sealed",
            "face_url_sealed",
            "token_hash",
            "token_digest_sealed",
            "key_hash",
            "key_digest_sealed");

    private static final List<String> OF_ERASURE =
            List.of("key_hash", "key_digest_sealed", "request_hash", "request_digest_sealed");

    private static final int TOKEN = 0;
    private static final int CHECK_URL = 1;
    private static final int FACE_URL = 2;
    private static final int TOKEN_HASH = 3;
    private static final int TOKEN_DIGEST = 4;
    private static final int KEY_HASH = 5;
    private static final int KEY_DIGEST = 6;

    private final Sealing sealing;
    private final EndpointSecrets secrets;
    private final ErasureKeys erasureKeys;
    private final List<RotatedTable> stages;

    RotatedTables(Sealing sealing, EndpointSecrets secrets, ErasureKeys erasureKeys) {
        this.sealing = sealing;
        this.secrets = secrets;
        this.erasureKeys = erasureKeys;
        this.stages = List.of(
                new RotatedTable(
                        "webhook_endpoint",
                        "id",
                        List.of("secret_sealed", "old_secret_sealed", "older_secret_sealed"),
                        this::endpoint),
                new RotatedTable("session_schedule", "session_id", List.of("token_sealed"), this::scheduled),
                new RotatedTable("erasure", "id", OF_ERASURE, this::erasure),
                new RotatedTable("liveness_session", "id", OF_SESSION, this::session));
    }

    List<RotatedTable> stages() {
        return stages;
    }

    private StoredRow.Rewritten endpoint(StoredRow row) {
        StoredRow.Change change = new StoredRow.Change(row);
        change.reseal(0, value -> secrets.reseal(row.id(), value));
        change.reseal(1, value -> secrets.reseal(row.id(), value));
        change.reseal(2, value -> secrets.reseal(row.id(), value));
        return change.done();
    }

    private StoredRow.Rewritten scheduled(StoredRow row) {
        StoredRow.Change change = new StoredRow.Change(row);
        reseal(change, 0, row, Column.TOKEN);
        return change.done();
    }

    private StoredRow.Rewritten erasure(StoredRow row) {
        StoredRow.Change change = new StoredRow.Change(row);
        rehash(change, 0, 1, digest -> erasureKeys.rehash(row.id(), Hashed.KEY, digest));
        rehash(change, 2, 3, digest -> erasureKeys.rehash(row.id(), Hashed.REQUEST, digest));
        return change.done();
    }

    private StoredRow.Rewritten session(StoredRow row) {
        StoredRow.Change change = new StoredRow.Change(row);
        reseal(change, TOKEN, row, Column.TOKEN);
        reseal(change, CHECK_URL, row, Column.CHECK_URL);
        reseal(change, FACE_URL, row, Column.FACE_URL);
        change.ifReadable(() -> tokenHash(change, row));
        rehash(change, KEY_HASH, KEY_DIGEST, digest -> sealing.rehash(row.id(), Column.KEY_DIGEST, digest));
        return change.done();
    }

    /** Hashes the token while it is stored, in the form that an older release can check; else hashes the digest. */
    private void tokenHash(StoredRow.Change change, StoredRow row) {
        byte[] digest = change.stored(TOKEN_DIGEST);
        if (change.stored(TOKEN_HASH) == null || digest != null && sealing.isOfFirstKey(digest)) {
            return;
        }
        byte[] token = change.stored(TOKEN);
        if (token != null) {
            set(change, TOKEN_HASH, TOKEN_DIGEST, sealing.tokenHash(row.id(), token));
        } else if (digest != null) {
            set(change, TOKEN_HASH, TOKEN_DIGEST, sealing.rehash(row.id(), Column.TOKEN_DIGEST, digest));
        } else {
            change.hasNoDigest();
        }
    }

    private void rehash(StoredRow.Change change, int hashColumn, int digestColumn, Function<byte[], KeyedHash> rehash) {
        byte[] digest = change.stored(digestColumn);
        if (digest != null) {
            change.ifReadable(() -> {
                if (!sealing.isOfFirstKey(digest)) {
                    set(change, hashColumn, digestColumn, rehash.apply(digest));
                }
            });
        }
    }

    private static void set(StoredRow.Change change, int hashColumn, int digestColumn, KeyedHash hash) {
        change.set(hashColumn, hash.hash());
        change.set(digestColumn, hash.digestSealed());
    }

    private void reseal(StoredRow.Change change, int number, StoredRow row, Column column) {
        change.reseal(number, value -> sealing.reseal(row.id(), column, value));
    }
}

package io.liveness.gateway.session;

import io.liveness.gateway.platform.encryption.Encryption;
import io.liveness.gateway.platform.encryption.KeyedHash;
import io.liveness.gateway.vendor.Confidential;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Encrypts columns of a session at rest. Each value is bound to its row and column. */
@Singleton
public class Sealing {

    private static final Logger LOG = Logger.getLogger(Sealing.class);

    /** A column that holds a sealed value. */
    public enum Column {
        TOKEN,
        CHECK_URL,
        FACE_URL,
        TOKEN_DIGEST,
        KEY_DIGEST
    }

    private final Encryption encryption;

    Sealing(Encryption encryption) {
        this.encryption = encryption;
    }

    public byte[] seal(UUID session, Column column, Confidential value) {
        return encryption.seal(value.value(), context(session, column));
    }

    /** Empty when the key is missing, which is logged. One unreadable row does not stop the others. */
    public Optional<Confidential> openIfReadable(UUID session, Column column, byte[] bytes) {
        try {
            return Optional.of(new Confidential(encryption.open(bytes, context(session, column))));
        } catch (IllegalStateException unreadable) {
            LOG.errorf("session.unreadable sessionId=%s column=%s: %s", session, column, unreadable.getMessage());
            return Optional.empty();
        }
    }

    /** Whether the encryption key for writing has sealed it. */
    public boolean isOfFirstKey(byte[] sealed) {
        return encryption.isOfFirstKey(sealed);
    }

    /**
     * The same value under the encryption key for writing.
     *
     * @throws IllegalStateException when it cannot be opened
     */
    public byte[] reseal(UUID session, Column column, byte[] sealed) {
        if (isOfFirstKey(sealed)) {
            return sealed;
        }
        String context = context(session, column);
        return encryption.seal(encryption.openBytes(sealed, context), context);
    }

    /** Of the token, as a release before digests can check it. */
    public KeyedHash tokenHash(UUID session, Confidential token) {
        return new KeyedHash(
                encryption.lookupHash(token.value()),
                encryption.seal(Encryption.digest(token.value()), context(session, Column.TOKEN_DIGEST)));
    }

    /**
     * The same of a sealed token.
     *
     * @throws IllegalStateException when it cannot be opened
     */
    public KeyedHash tokenHash(UUID session, byte[] tokenSealed) {
        return tokenHash(session, new Confidential(encryption.open(tokenSealed, context(session, Column.TOKEN))));
    }

    /**
     * The hash to store with a session whose idempotency key is erased: of the digest. The same key of two callers has two hashes.
     */
    public KeyedHash keyHash(UUID session, String caller, String idempotencyKey) {
        return encryption.hash(keyOf(caller, idempotencyKey), context(session, Column.KEY_DIGEST));
    }

    /**
     * The hash of the same value under the encryption key for writing: of the digest.
     *
     * @param column of the digest
     * @throws IllegalStateException when the digest cannot be opened
     */
    public KeyedHash rehash(UUID session, Column column, byte[] digestSealed) {
        return encryption.rehash(digestSealed, context(session, column));
    }

    byte[][] tokenHashes(Confidential token) {
        return encryption.lookupHashes(token.value());
    }

    /** The hashes that may be stored of a key, one for each configured encryption key. */
    public byte[][] keyHashes(String caller, String idempotencyKey) {
        return encryption.digestHashes(keyOf(caller, idempotencyKey));
    }

    private static String keyOf(String caller, String idempotencyKey) {
        return "idempotency-key/" + caller.length() + "/" + caller + "/" + idempotencyKey;
    }

    /**
     * Compares in constant time, against timing attacks.
     *
     * @param stored null while no token is known
     */
    public boolean isTokenOf(byte[] stored, Confidential token) {
        return Arrays.stream(tokenHashes(token)).anyMatch(hash -> MessageDigest.isEqual(hash, stored));
    }

    private static String context(UUID session, Column column) {
        return session + "/" + column;
    }
}

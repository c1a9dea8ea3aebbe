package io.liveness.gateway.retention.erasure;

import io.liveness.gateway.platform.encryption.Encryption;
import io.liveness.gateway.platform.encryption.KeyedHash;
import jakarta.inject.Singleton;
import java.util.UUID;

/**
 * Keyed hashes of the idempotency keys and of the requests of erasures. A key may name the person, so it is not stored. The hash of a request depends on its
 * key: without the key, the hash does not confirm a reference.
 */
@Singleton
public class ErasureKeys {

    /** What is hashed. */
    public enum Hashed {
        KEY,
        REQUEST
    }

    private final Encryption encryption;

    ErasureKeys(Encryption encryption) {
        this.encryption = encryption;
    }

    /** The id of the encryption key that new hashes are under. */
    String encryptionKey() {
        return encryption.keyIds().get(0);
    }

    /** The hash to store of a key. */
    KeyedHash hash(UUID erasure, String caller, String key) {
        return encryption.hash(ofKey(caller, key), context(erasure, Hashed.KEY));
    }

    /** The hashes that may be stored of a key, one for each configured encryption key. */
    byte[][] hashes(String caller, String key) {
        return encryption.digestHashes(ofKey(caller, key));
    }

    /** The hash to store of a request. */
    KeyedHash requestHash(UUID erasure, String caller, String key, String reference) {
        return encryption.hash(ofRequest(caller, key, reference), context(erasure, Hashed.REQUEST));
    }

    /** The hashes that may be stored of a request, one for each configured encryption key. */
    byte[][] requestHashes(String caller, String key, String reference) {
        return encryption.digestHashes(ofRequest(caller, key, reference));
    }

    /**
     * The hash of the same value under the encryption key for writing.
     *
     * @throws IllegalStateException when the digest cannot be opened
     */
    public KeyedHash rehash(UUID erasure, Hashed what, byte[] digestSealed) {
        return encryption.rehash(digestSealed, context(erasure, what));
    }

    private static String context(UUID erasure, Hashed what) {
        return "erasure/" + erasure + "/" + what;
    }

    private static String ofKey(String caller, String key) {
        return "erasure-key/" + caller.length() + "/" + caller + "/" + key;
    }

    /** A key has no blank, so the blank separates it from the reference. */
    private static String ofRequest(String caller, String key, String reference) {
        return "erasure-request/" + caller.length() + "/" + caller + "/" + key + " " + reference;
    }
}

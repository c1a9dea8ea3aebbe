package io.liveness.gateway.retention.erasure;

import io.liveness.gateway.platform.encryption.Encryption;
import jakarta.inject.Singleton;

/**
 * Keyed hashes of the idempotency keys of erasures. A key may name the person, so it is not stored. The hash of a request depends on its
 * key: without the key, the hash does not confirm a reference.
 */
@Singleton
class ErasureKeys {

    private final Encryption encryption;

    ErasureKeys(Encryption encryption) {
        this.encryption = encryption;
    }

    /** The hash to store of a key. */
    byte[] hash(String caller, String key) {
        return encryption.lookupHash(ofKey(caller, key));
    }

    /** The hashes that may be stored of a key, one for each configured encryption key. */
    byte[][] hashes(String caller, String key) {
        return encryption.lookupHashes(ofKey(caller, key));
    }

    /** The hash to store of a request. */
    byte[] requestHash(String caller, String key, String reference) {
        return encryption.lookupHash(ofRequest(caller, key, reference));
    }

    /** The hashes that may be stored of a request, one for each configured encryption key. */
    byte[][] requestHashes(String caller, String key, String reference) {
        return encryption.lookupHashes(ofRequest(caller, key, reference));
    }

    private static String ofKey(String caller, String key) {
        return "erasure-key/" + caller.length() + "/" + caller + "/" + key;
    }

    /** A key has no blank, so the blank separates it from the reference. */
    private static String ofRequest(String caller, String key, String reference) {
        return "erasure-request/" + caller.length() + "/" + caller + "/" + key + " " + reference;
    }
}

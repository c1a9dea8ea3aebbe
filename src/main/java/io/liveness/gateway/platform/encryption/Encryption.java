package io.liveness.gateway.platform.encryption;

import io.liveness.gateway.platform.encryption.EncryptionKeys.Key;
import io.liveness.gateway.platform.start.ConfigurationRule;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encryption at rest (AES-256-GCM) and keyed hashes to look up encrypted values (HMAC-SHA-256).
 *
 * <p>A sealed value is {@code <length of key id><key id><12 bytes nonce><ciphertext and tag>}; it is bound to a context (the row and column
 * it belongs to), so that it cannot be moved to another row.
 *
 * <p>Keyed hashes have keys of their own, which do not change with the encryption keys. See
 * {@code docs/decisions/0053-a-key-is-hashed-a-day-before-it-is-erased.md}.
 */
@Singleton
public class Encryption implements ConfigurationRule {

    private static final byte[] KEY_CHECK = "liveness-gateway key check".getBytes(StandardCharsets.UTF_8);
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    // Each use begins with init, which leaves nothing of the one before. To find the implementation costs more than to
    // use it.
    private static final ThreadLocal<Cipher> CIPHER = ThreadLocal.withInitial(Encryption::newCipher);

    private final SecureRandom random = new SecureRandom();
    private final EncryptionKeys keys;
    private volatile List<SecretKeySpec> hashKeys;

    @Inject
    Encryption(EncryptionConfig config) {
        this(config.keys());
    }

    /** @param keys {@code <id>:<base64 of 32 bytes>} each, ids of {@code [A-Za-z0-9._-]{1,64}}, the first one for writing */
    public Encryption(List<String> keys) {
        this.keys = new EncryptionKeys(keys);
        hashUnder(ownHashKeys());
    }

    /** The ids of the configured keys, the first one for writing. */
    public List<String> keyIds() {
        return keys.all().stream().map(Key::id).toList();
    }

    /** A keyed hash of a constant under a configured key, by which its bytes are known again. */
    public byte[] keyCheck(String id) {
        return Hmac.of(keys.find(id).orElseThrow().lookup(), KEY_CHECK);
    }

    public byte[] seal(String value, String context) {
        return seal(value.getBytes(StandardCharsets.UTF_8), context);
    }

    public byte[] seal(byte[] value, String context) {
        Key first = keys.first();
        byte[] sealedBy = sealedBy(first.id());
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, first, nonce, context, value);
        return ByteBuffer.allocate(sealedBy.length + NONCE_BYTES + sealed.length)
                .put(sealedBy)
                .put(nonce)
                .put(sealed)
                .array();
    }

    /** What every value begins with that a key has sealed. */
    public byte[] sealedBy(String id) {
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + bytes.length)
                .put((byte) bytes.length)
                .put(bytes)
                .array();
    }

    /** @throws IllegalStateException when the key is not configured any more, or the value was changed, cut short or moved */
    public String open(byte[] sealed, String context) {
        return new String(openBytes(sealed, context), StandardCharsets.UTF_8);
    }

    /** @throws IllegalStateException as {@link #open} */
    public byte[] openBytes(byte[] sealed, String context) {
        ByteBuffer in = ByteBuffer.wrap(sealed);
        Key key = keys.find(keyId(in))
                .orElseThrow(() -> new IllegalStateException(
                        "A stored value needs a key that " + EncryptionKeys.PROPERTY + " does not have"));
        byte[] nonce = next(in, NONCE_BYTES);
        // Java's GCM does not take less than a tag for a value that was changed, but for a mistake of its caller.
        byte[] text = next(in, Math.max(in.remaining(), TAG_BITS / Byte.SIZE));
        return cipher(Cipher.DECRYPT_MODE, key, nonce, context, text);
    }

    /** Whether the first key has sealed it. */
    public boolean isOfFirstKey(byte[] sealed) {
        return keyId(ByteBuffer.wrap(sealed)).equals(keys.first().id());
    }

    private static String keyId(ByteBuffer in) {
        return new String(next(in, in.hasRemaining() ? in.get() : 0), StandardCharsets.UTF_8);
    }

    private static byte[] next(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new IllegalStateException("A stored value is not what was once sealed: it is damaged or cut short");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** The keys of hashes that the configured keys give: where none are stored, these are the ones to store. */
    public List<byte[]> ownHashKeys() {
        return keys.all().stream().map(key -> key.lookup().getEncoded()).toList();
    }

    /** Hashes under these keys from now on: new hashes under the first one. They stay when the configured keys change. */
    public void hashUnder(List<byte[]> stored) {
        hashKeys = stored.stream()
                .map(bytes -> new SecretKeySpec(bytes, Hmac.ALGORITHM))
                .toList();
    }

    /** The hash of a value, to store in its place or with it, so that it can be found. */
    public byte[] lookupHash(String value) {
        return Hmac.of(hashKeys.get(0), value.getBytes(StandardCharsets.UTF_8));
    }

    /** The hashes that may be stored of a value. */
    public byte[][] lookupHashes(String value) {
        return hashKeys.stream()
                .map(key -> Hmac.of(key, value.getBytes(StandardCharsets.UTF_8)))
                .toArray(byte[][]::new);
    }

    private static byte[] cipher(int mode, Key key, byte[] nonce, String context, byte[] input) {
        try {
            Cipher cipher = CIPHER.get();
            cipher.init(mode, key.sealing(), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A stored value cannot be read with its key", e);
        }
    }

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every Java platform", e);
        }
    }
}

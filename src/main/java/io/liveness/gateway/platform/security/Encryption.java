package io.liveness.gateway.platform.security;

import io.liveness.gateway.platform.start.ConfigurationRule;
import io.smallrye.config.ConfigMapping;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encryption at rest (AES-256-GCM), and hashes under a key of their own to look up encrypted values (HMAC-SHA-256). See
 * {@code docs/decisions/0053-a-key-is-hashed-a-day-before-it-is-erased.md}.
 */
@Singleton
public class Encryption implements ConfigurationRule {

    /** Keys for data that is encrypted at rest. */
    @ConfigMapping(prefix = "liveness.encryption")
    interface EncryptionKeys {

        /**
         * {@code <id>:<base64 of 32 bytes>,…}: the first encrypts, all decrypt
         * (<a href="docs/configuration.md#encryption-keys">rotation</a>). Ids: 1 to 64 of {@code A-Za-z0-9._-}.
         */
        List<String> keys();
    }

    /** @param lookup derived from the same bytes, for keyed hashes */
    private record HeldKey(String id, SecretKeySpec sealing, SecretKeySpec lookup) {}

    private static final String PROPERTY = "liveness.encryption.keys";
    private static final int KEY_BYTES = 32;
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String HMAC = "HmacSHA256";
    private static final byte[] LOOKUP_PURPOSE = "liveness-gateway lookup".getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY_CHECK = "liveness-gateway key check".getBytes(StandardCharsets.UTF_8);
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    // Each use begins with init, which leaves nothing of the one before. To find the implementation costs more than to
    // use it.
    private static final ThreadLocal<Cipher> CIPHER =
            ThreadLocal.withInitial(() -> ofThePlatform(() -> Cipher.getInstance("AES/GCM/NoPadding")));
    private static final ThreadLocal<Mac> MAC =
            ThreadLocal.withInitial(() -> ofThePlatform(() -> Mac.getInstance(HMAC)));

    private final SecureRandom random = new SecureRandom();
    /** The keys in their order; there is at least one. */
    private final Map<String, HeldKey> keys = new LinkedHashMap<>();

    private final HeldKey first;
    private volatile SecretKeySpec hashKey;

    @Inject
    Encryption(EncryptionKeys config) {
        this(config.keys());
    }

    /** @param keys {@code <id>:<base64 of 32 bytes>} each, ids of {@code [A-Za-z0-9._-]{1,64}}, the first one for writing */
    public Encryption(List<String> keys) {
        keys.forEach(this::add);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(PROPERTY + " must have at least one key <id>:<base64 of 32 bytes>");
        }
        this.first = this.keys.values().iterator().next();
        hashUnder(ownHashKey());
    }

    private void add(String given) {
        int colon = given.indexOf(':');
        String id = given.substring(0, Math.max(colon, 0)).strip();
        byte[] key = decode(given.substring(colon + 1).strip());
        if (!KEY_ID.matcher(id).matches() || key.length != KEY_BYTES) {
            // The message leaves out the value: it is, or nearly is, a key.
            throw new IllegalArgumentException(
                    PROPERTY + " must be <id>:<base64 of 32 bytes>, … with 1 to 64 letters, digits,"
                            + " '.', '_' and '-' as id: key number " + (keys.size() + 1) + " is not");
        }
        byte[] lookup = hmac(new SecretKeySpec(key, HMAC), LOOKUP_PURPOSE);
        if (keys.put(id, new HeldKey(id, new SecretKeySpec(key, "AES"), new SecretKeySpec(lookup, HMAC))) != null) {
            throw new IllegalArgumentException(PROPERTY + " has the key id " + id + " twice");
        }
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** The ids of the configured keys, the first one for writing. */
    public List<String> keyIds() {
        return List.copyOf(keys.keySet());
    }

    /** A keyed hash of a constant under a configured key, by which its bytes are known again. */
    public byte[] keyCheck(String id) {
        return hmac(keys.get(id).lookup(), KEY_CHECK);
    }

    public byte[] seal(String value, String context) {
        return seal(value.getBytes(StandardCharsets.UTF_8), context);
    }

    /**
     * Seals a value as {@code <length of key id><key id><12 bytes nonce><ciphertext and tag>}.
     *
     * @param context the row and column that the value belongs to: it cannot be opened in another one
     */
    public byte[] seal(byte[] value, String context) {
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
        HeldKey key = keys.get(keyId(in));
        if (key == null) {
            throw new IllegalStateException("A stored value needs a key that " + PROPERTY + " does not have");
        }
        byte[] nonce = next(in, NONCE_BYTES);
        // Java's GCM does not take less than a tag for a value that was changed, but for a mistake of its caller.
        byte[] text = next(in, Math.max(in.remaining(), TAG_BITS / Byte.SIZE));
        return cipher(Cipher.DECRYPT_MODE, key, nonce, context, text);
    }

    /**
     * Seals a value anew under the first key; gives the same array when that key has sealed it.
     *
     * @throws IllegalStateException when its key is not configured any more, or the value was changed, cut short or
     *     moved
     */
    public byte[] reseal(byte[] sealed, String context) {
        return keyId(ByteBuffer.wrap(sealed)).equals(first.id()) ? sealed : seal(openBytes(sealed, context), context);
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

    /** The key of hashes that the first key gives: where none is stored, it is the one to store. */
    public byte[] ownHashKey() {
        return first.lookup().getEncoded();
    }

    /** Hashes under this key from now on. It stays when the configured keys change. */
    public void hashUnder(byte[] stored) {
        hashKey = new SecretKeySpec(stored, HMAC);
    }

    /** The hash of a value, to store in its place or with it, so that it can be found. */
    public byte[] lookupHash(String value) {
        return hmac(hashKey, value.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] cipher(int mode, HeldKey key, byte[] nonce, String context, byte[] input) {
        try {
            Cipher cipher = CIPHER.get();
            cipher.init(mode, key.sealing(), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A stored value cannot be read with its key", e);
        }
    }

    private static byte[] hmac(SecretKeySpec key, byte[] input) {
        return ofThePlatform(() -> {
            Mac mac = MAC.get();
            mac.init(key);
            return mac.doFinal(input);
        });
    }

    private interface Algorithm<T> {
        T use() throws GeneralSecurityException;
    }

    private static <T> T ofThePlatform(Algorithm<T> algorithm) {
        try {
            return algorithm.use();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM and HMAC-SHA-256 are part of every Java platform", e);
        }
    }
}

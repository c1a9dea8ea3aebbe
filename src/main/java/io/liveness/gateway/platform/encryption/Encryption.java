package io.liveness.gateway.platform.encryption;

import io.quarkus.runtime.Startup;
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
 * Encryption at rest (AES-256-GCM) and keyed hashes to look up encrypted values (HMAC-SHA-256).
 *
 * <p>A sealed value is {@code <length of key id><key id><12 bytes nonce><ciphertext and tag>}; it is bound to a context (the row and column
 * it belongs to), so that it cannot be moved to another row.
 */
@Startup // bad keys must stop the start, not the first session
@Singleton
public class Encryption {

    private static final String PROPERTY = "liveness.encryption.keys";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final byte[] LOOKUP_PURPOSE = "liveness-gateway lookup".getBytes(StandardCharsets.UTF_8);

    // Each use begins with init, which leaves nothing of the one before. To find the implementation costs more than to
    // use it.
    private static final ThreadLocal<Cipher> CIPHER = ThreadLocal.withInitial(Encryption::newCipher);
    private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(Encryption::newMac);

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Keys> keysById = new LinkedHashMap<>();

    private record Keys(SecretKeySpec sealing, SecretKeySpec lookup) {}

    @Inject
    Encryption(EncryptionConfig config) {
        this(config.keys());
    }

    /** @param keys {@code <id>:<base64 of 32 bytes>} each, ids of {@code [A-Za-z0-9._-]{1,64}}, the first one for writing */
    public Encryption(List<String> keys) {
        keys.forEach(this::add);
        if (keysById.isEmpty()) {
            throw new IllegalArgumentException(PROPERTY + " must have at least one key <id>:<base64 of 32 bytes>");
        }
    }

    private void add(String given) {
        int colon = given.indexOf(':');
        String id = given.substring(0, Math.max(colon, 0)).strip();
        byte[] key = decode(given.substring(colon + 1).strip());
        if (!KEY_ID.matcher(id).matches() || key.length != KEY_BYTES) {
            // Without the value: it is, or nearly is, a key.
            throw new IllegalArgumentException(
                    PROPERTY + " must be <id>:<base64 of 32 bytes>, … with 1 to 64 letters, digits,"
                            + " '.', '_' and '-' as id: key number " + (keysById.size() + 1) + " is not");
        }
        Keys derived = new Keys(
                new SecretKeySpec(key, "AES"),
                new SecretKeySpec(mac(new SecretKeySpec(key, "HmacSHA256"), LOOKUP_PURPOSE), "HmacSHA256"));
        if (keysById.put(id, derived) != null) {
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

    public byte[] seal(String value, String context) {
        Map.Entry<String, Keys> first = keysById.entrySet().iterator().next();
        byte[] id = first.getKey().getBytes(StandardCharsets.UTF_8);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed =
                cipher(Cipher.ENCRYPT_MODE, first.getValue(), nonce, context, value.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.allocate(1 + id.length + NONCE_BYTES + sealed.length)
                .put((byte) id.length)
                .put(id)
                .put(nonce)
                .put(sealed)
                .array();
    }

    /** @throws IllegalStateException when the key is not configured any more, or the value was changed, cut short or moved */
    public String open(byte[] sealed, String context) {
        ByteBuffer in = ByteBuffer.wrap(sealed);
        byte[] id = next(in, in.hasRemaining() ? in.get() : 0);
        Keys keys = keysById.get(new String(id, StandardCharsets.UTF_8));
        if (keys == null) {
            throw new IllegalStateException("A stored value needs a key that " + PROPERTY + " does not have");
        }
        byte[] nonce = next(in, NONCE_BYTES);
        // Java's GCM does not take less than a tag for a value that was changed, but for a mistake of its caller.
        byte[] text = next(in, Math.max(in.remaining(), TAG_BITS / Byte.SIZE));
        return new String(cipher(Cipher.DECRYPT_MODE, keys, nonce, context, text), StandardCharsets.UTF_8);
    }

    private static byte[] next(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new IllegalStateException("A stored value is not what was once sealed: it is damaged or cut short");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** The hash to store with a value, so that it can be found. */
    public byte[] lookupHash(String value) {
        return lookupHashes(value)[0];
    }

    /** The hashes a stored value may have, one for each configured key, so that it is found after a change of keys too. */
    public byte[][] lookupHashes(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return keysById.values().stream().map(keys -> mac(keys.lookup(), bytes)).toArray(byte[][]::new);
    }

    private static byte[] cipher(int mode, Keys keys, byte[] nonce, String context, byte[] input) {
        try {
            Cipher cipher = CIPHER.get();
            cipher.init(mode, keys.sealing(), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A stored value cannot be read with its key", e);
        }
    }

    private static byte[] mac(SecretKeySpec key, byte[] input) {
        try {
            Mac mac = MAC.get();
            mac.init(key);
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of every Java platform", e);
        }
    }

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every Java platform", e);
        }
    }

    private static Mac newMac() {
        try {
            return Mac.getInstance("HmacSHA256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of every Java platform", e);
        }
    }
}

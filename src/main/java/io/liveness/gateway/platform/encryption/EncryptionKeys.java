package io.liveness.gateway.platform.encryption;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;

/** The configured keys, in their order. There is at least one. */
final class EncryptionKeys {

    static final String PROPERTY = "liveness.encryption.keys";

    private static final int KEY_BYTES = 32;
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final byte[] LOOKUP_PURPOSE = "liveness-gateway lookup".getBytes(StandardCharsets.UTF_8);

    private final Map<String, Key> byId = new LinkedHashMap<>();

    /** @param lookup derived from the same bytes, for keyed hashes */
    record Key(String id, SecretKeySpec sealing, SecretKeySpec lookup) {}

    /** @param given {@code <id>:<base64 of 32 bytes>} each */
    EncryptionKeys(List<String> given) {
        given.forEach(this::add);
        if (byId.isEmpty()) {
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
                            + " '.', '_' and '-' as id: key number " + (byId.size() + 1) + " is not");
        }
        Key derived = new Key(
                id,
                new SecretKeySpec(key, "AES"),
                new SecretKeySpec(Hmac.of(new SecretKeySpec(key, Hmac.ALGORITHM), LOOKUP_PURPOSE), Hmac.ALGORITHM));
        if (byId.put(id, derived) != null) {
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

    Key first() {
        return byId.values().iterator().next();
    }

    Collection<Key> all() {
        return byId.values();
    }

    Optional<Key> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }
}

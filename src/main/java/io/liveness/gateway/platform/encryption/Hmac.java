package io.liveness.gateway.platform.encryption;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256. */
final class Hmac {

    static final String ALGORITHM = "HmacSHA256";

    // Each use begins with init, which leaves nothing of the one before. To find the implementation costs more than to
    // use it.
    private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(Hmac::newMac);

    private Hmac() {}

    static byte[] of(SecretKeySpec key, byte[] input) {
        try {
            Mac mac = MAC.get();
            mac.init(key);
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw notThere(e);
        }
    }

    private static Mac newMac() {
        try {
            return Mac.getInstance(ALGORITHM);
        } catch (GeneralSecurityException e) {
            throw notThere(e);
        }
    }

    private static IllegalStateException notThere(GeneralSecurityException e) {
        return new IllegalStateException("HMAC-SHA-256 is part of every Java platform", e);
    }
}

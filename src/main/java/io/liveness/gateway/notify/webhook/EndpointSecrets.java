package io.liveness.gateway.notify.webhook;

import io.liveness.gateway.platform.security.Encryption;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;

/** Secrets that webhooks are signed with, in the form of Standard Webhooks. They are encrypted at rest, each bound to its endpoint. */
@Singleton
public class EndpointSecrets {

    private static final String PREFIX = "whsec_";
    private static final int BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final Encryption encryption;

    EndpointSecrets(Encryption encryption) {
        this.encryption = encryption;
    }

    String create() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return PREFIX + Base64.getEncoder().encodeToString(bytes);
    }

    byte[] seal(UUID endpoint, String secret) {
        return encryption.seal(secret, context(endpoint));
    }

    /** @throws IllegalStateException when its key is not configured any more */
    String open(UUID endpoint, byte[] sealed) {
        return encryption.open(sealed, context(endpoint));
    }

    /**
     * The hash of what a request asked for, to know it again. It depends on the key, so that it confirms nothing
     * without it. A key has no blank, so the blank separates it.
     */
    byte[] hash(String key, String request) {
        return encryption.lookupHash("webhook-endpoint-request/" + key + " " + request);
    }

    /** What they are bound to. */
    public static String context(UUID endpoint) {
        return "webhook-endpoint/" + endpoint + "/secret";
    }
}

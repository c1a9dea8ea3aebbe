package io.liveness.gateway.session;

import io.liveness.gateway.platform.encryption.Encryption;
import io.liveness.gateway.vendor.Confidential;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** What of a session is encrypted at rest, each value bound to its row and column. */
@Singleton
public class Sealing {

    private static final Logger LOG = Logger.getLogger(Sealing.class);

    /** A column that holds a sealed value. */
    public enum Column {
        TOKEN,
        CHECK_URL,
        FACE_URL
    }

    private final Encryption encryption;

    Sealing(Encryption encryption) {
        this.encryption = encryption;
    }

    public byte[] seal(UUID session, Column column, Confidential value) {
        return encryption.seal(value.value(), context(session, column));
    }

    /** Empty when the key is gone, which is logged: one such row must not keep others from being read or asked about. */
    public Optional<Confidential> openIfReadable(UUID session, Column column, byte[] bytes) {
        try {
            return Optional.of(new Confidential(encryption.open(bytes, context(session, column))));
        } catch (IllegalStateException unreadable) {
            LOG.errorf("session.unreadable sessionId=%s column=%s: %s", session, column, unreadable.getMessage());
            return Optional.empty();
        }
    }

    public byte[] tokenHash(Confidential token) {
        return encryption.lookupHash(token.value());
    }

    byte[][] tokenHashes(Confidential token) {
        return encryption.lookupHashes(token.value());
    }

    /**
     * In constant time, so that a stranger learns nothing by trying.
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

package io.liveness.gateway.check;

import io.liveness.gateway.platform.security.Encryption;
import io.liveness.gateway.vendor.Confidential;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Encrypts columns of a session at rest. Each value is bound to its row and column. */
@Singleton
public class Sealing {

    private static final Logger LOG = Logger.getLogger(Sealing.class);

    /** Selects what is stored, as {@code value}: open sessions have tokens and addresses, passed ones the address of the face. */
    public static final String STORED = """
            select token_sealed as value from session_schedule where token_sealed is not null
            union all
            select unnest(array[token_sealed, check_url_sealed]) from liveness_session
            where id = any (array(select session_id from session_schedule))
            union all
            select s.face_url_sealed from session_end e join liveness_session s on s.id = e.session_id
            where e.face_since is not null
            """;

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

    /** Empty when the key is missing, which is logged. One unreadable row does not stop the others. */
    public Optional<Confidential> openIfReadable(UUID session, Column column, byte[] bytes) {
        try {
            return Optional.of(new Confidential(encryption.open(bytes, context(session, column))));
        } catch (IllegalStateException unreadable) {
            LOG.errorf("session.unreadable sessionId=%s column=%s: %s", session, column, unreadable.getMessage());
            return Optional.empty();
        }
    }

    /** The hash to store with a session, by which its token finds it. */
    public byte[] tokenHash(Confidential token) {
        return encryption.lookupHash(token.value());
    }

    /** The hash to store with a session whose idempotency key is erased. The same key of two callers has two hashes. */
    public byte[] keyHash(String caller, String idempotencyKey) {
        return encryption.lookupHash("idempotency-key/" + caller.length() + "/" + caller + "/" + idempotencyKey);
    }

    /**
     * Compares in constant time, against timing attacks.
     *
     * @param stored null while no token is known
     */
    public boolean isTokenOf(byte[] stored, Confidential token) {
        return MessageDigest.isEqual(tokenHash(token), stored);
    }

    private static String context(UUID session, Column column) {
        return session + "/" + column;
    }
}

package io.liveness.gateway.session;

import io.liveness.gateway.platform.Encryption;
import io.liveness.gateway.vendor.Confidential;
import jakarta.inject.Singleton;
import java.util.UUID;

/** What of a session is encrypted at rest, each value bound to its row and column. */
@Singleton
class Sealing {

    /** A column that holds a sealed value. */
    enum Column {
        TOKEN,
        CHECK_URL,
        FACE_URL
    }

    private final Encryption encryption;

    Sealing(Encryption encryption) {
        this.encryption = encryption;
    }

    byte[] seal(UUID session, Column column, Confidential value) {
        return encryption.seal(value.value(), context(session, column));
    }

    Confidential open(UUID session, Column column, byte[] sealed) {
        return new Confidential(encryption.open(sealed, context(session, column)));
    }

    byte[] tokenHash(Confidential token) {
        return encryption.lookupHash(token.value());
    }

    byte[][] tokenHashes(Confidential token) {
        return encryption.lookupHashes(token.value());
    }

    private static String context(UUID session, Column column) {
        return session + "/" + column;
    }
}

package io.liveness.gateway.notify.webhook;

import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.security.Encryption;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;

/** Secrets that webhooks are signed with, in the form of Standard Webhooks. They are encrypted at rest, each bound to its endpoint. */
@Singleton
public class EndpointSecrets {

    /** Selects what is stored, as {@code value}. */
    public static final String STORED = "select unnest(secrets_sealed) as value from webhook_endpoint";

    private static final String OF_EACH = "select id, secrets_sealed from webhook_endpoint order by id";

    /** The secrets stay as they are if the owner has changed them since they were read. */
    private static final String RESEAL =
            "update webhook_endpoint set secrets_sealed = ? where id = ? and secrets_sealed = ?";

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

    /** @param sealed the present one, and those before it */
    private record Stored(UUID endpoint, List<byte[]> sealed) {}

    /** @param resealed seals a secret of an endpoint anew, or gives the same array */
    public static void reseal(Connection connection, BiFunction<UUID, byte[], byte[]> resealed) throws SQLException {
        List<Stored> all = Sql.list(
                connection,
                OF_EACH,
                row -> new Stored(row.getObject("id", UUID.class), List.of((byte[][])
                        row.getArray("secrets_sealed").getArray())));
        for (Stored endpoint : all) {
            List<byte[]> anew = endpoint.sealed().stream()
                    .map(secret -> resealed.apply(endpoint.endpoint(), secret))
                    .toList();
            if (!anew.equals(endpoint.sealed())) {
                Sql.execute(
                        connection,
                        RESEAL,
                        array(connection, anew),
                        endpoint.endpoint(),
                        array(connection, endpoint.sealed()));
            }
        }
    }

    private static Array array(Connection connection, List<byte[]> secrets) throws SQLException {
        return Sql.array(connection, "bytea", byte[][]::new, secrets, secret -> secret);
    }

    /** What they are bound to. */
    public static String context(UUID endpoint) {
        return "webhook-endpoint/" + endpoint + "/secret";
    }
}

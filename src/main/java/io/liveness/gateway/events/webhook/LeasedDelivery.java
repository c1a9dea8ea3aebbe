package io.liveness.gateway.events.webhook;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A delivery that this replica attempts.
 *
 * @param id of the row in the outbox
 * @param event the {@code webhook-id}, the same for every attempt and replay
 * @param secretsSealed what signs it: the secret, and the two before while they are valid
 * @param session empty for a test
 * @param reference the caller's own reference of the session
 * @param data the session's {@code status} and {@code charge} when it happened
 * @param attempt how many attempts there were before
 * @param lease number of the lease: the holder of an older one records a success only
 */
record LeasedDelivery(
        long id,
        UUID endpoint,
        UUID event,
        String url,
        List<byte[]> secretsSealed,
        String type,
        Instant at,
        Optional<UUID> session,
        Optional<String> reference,
        JsonObject data,
        int attempt,
        int lease) {

    /** Without address, secrets and reference. */
    @Override
    public String toString() {
        return "Delivery[" + endpoint + " " + event + "]";
    }
}

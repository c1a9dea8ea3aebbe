package io.liveness.gateway.open;

import io.liveness.gateway.platform.security.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * One attempt to open a session: what is stored before init is called.
 *
 * @param attempt number of this init, from 1; a record of an outcome names it, so that a late outcome of an earlier attempt changes nothing
 * @param startedAt before init was sent
 * @param answeredBy when init must have been answered
 * @param event id of the event stored with the intent; distinguishes two intents of the same attempt
 */
public record Opening(
        UUID id,
        Caller caller,
        String idempotencyKey,
        OpenSessionRequest request,
        byte[] requestHash,
        int attempt,
        Instant startedAt,
        Instant answeredBy,
        UUID event) {

    // From the last moment of init's answer until it counts as lost.
    private static final Duration RECORDING = Duration.ofSeconds(5);

    /** Another attempt to open the session that the key led to. */
    Opening again(UUID session, int nextAttempt, UUID nextEvent) {
        return new Opening(
                session, caller, idempotencyKey, request, requestHash, nextAttempt, startedAt, answeredBy, nextEvent);
    }

    /** When an opening without an answer counts as orphaned. */
    Instant orphanedAt() {
        return answeredBy.plus(RECORDING);
    }
}

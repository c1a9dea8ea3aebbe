package io.liveness.gateway.check.open;

import io.liveness.gateway.platform.security.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * One attempt to open a session: what is stored before init is called. Its times:
 *
 * <pre>
 * startedAt                               answeredBy        orphanedAt
 *     |-- stored, place in the budget, init ----|-- recorded -------|
 *     |-- 1 s + liveness.opening-timeout -------|-- 5 s ------------|
 * </pre>
 *
 * Init is sent only while a whole call fits before {@code answeredBy}. A session that is still {@code OPENING} at {@code orphanedAt} is written
 * off, unless its process is still at it, as {@link io.liveness.gateway.check.schedule.HeldOpenings} knows.
 *
 * @param attempt number of this init, from 1; a record of an outcome names it, so that a late outcome of an earlier attempt changes nothing
 * @param startedAt when the request came
 * @param answeredBy when init has been answered, or was not sent
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

    // The latest time to record an answer; nearly all are recorded long before.
    private static final Duration RECORDING = Duration.ofSeconds(5);

    /** A further attempt to open the session that the key led to. */
    Opening again(UUID session, int nextAttempt, UUID nextEvent) {
        return new Opening(
                session, caller, idempotencyKey, request, requestHash, nextAttempt, startedAt, answeredBy, nextEvent);
    }

    /** The time from which an opening is written off once no process holds it. */
    Instant orphanedAt() {
        return answeredBy.plus(RECORDING);
    }
}

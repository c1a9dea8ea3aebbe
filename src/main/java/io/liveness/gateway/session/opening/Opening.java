package io.liveness.gateway.session.opening;

import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.session.request.OpenSessionRequest;
import java.time.Instant;
import java.util.UUID;

/**
 * One attempt to open a session: what is stored before init is called.
 *
 * @param attempt number of this init, from 1; a record of an outcome names it, so that a late outcome of an earlier attempt changes nothing
 * @param startedAt before init was sent
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
        UUID event) {}

package io.liveness.gateway.session.opening;

import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.session.request.OpenSessionRequest;
import java.time.Instant;
import java.util.UUID;

/**
 * One attempt to open a session: what is stored before init is called.
 *
 * @param attempt counts the inits of this session; a conclusion must name it, so that a late one of an earlier attempt
 *     changes nothing
 * @param startedAt before init was sent
 * @param event id of the event that is stored with the intent: it tells this intent from another one of the same attempt
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

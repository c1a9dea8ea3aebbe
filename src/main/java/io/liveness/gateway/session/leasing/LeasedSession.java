package io.liveness.gateway.session.leasing;

import io.liveness.gateway.session.SessionStatus;
import io.liveness.gateway.vendor.Confidential;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A session that was leased to be brought further.
 *
 * @param lease number of the lease: the holder of an older one may not reschedule or write off any more
 * @param initAt when init was sent
 * @param token absent while and when init's answer is not known, and when it cannot be decrypted
 * @param tokenExpiresAt likewise
 */
public record LeasedSession(
        UUID id,
        SessionStatus status,
        int attempt,
        int lease,
        Instant initAt,
        Optional<Confidential> token,
        Optional<Instant> tokenExpiresAt) {}

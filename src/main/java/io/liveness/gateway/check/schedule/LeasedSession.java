package io.liveness.gateway.check.schedule;

import io.liveness.gateway.check.SessionStatus;
import io.liveness.gateway.vendor.Confidential;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/**
 * An unsettled session that one replica deals with until its lease ends. An unused lease ends by itself. Its number fences off a holder that
 * comes back after its end.
 *
 * @param lease number of the lease: the holder of an older one may not reschedule or write off any more
 * @param initAt when init was sent
 * @param token absent while and when init's answer is not known, when it cannot be decrypted, and to be written off
 * @param tokenExpiresAt absent while and when init's answer is not known
 */
public record LeasedSession(
        UUID id,
        SessionStatus status,
        int attempt,
        int lease,
        Instant initAt,
        Optional<Confidential> token,
        Optional<Instant> tokenExpiresAt) {

    /** Takes the lease of {@code s}. The statement has one record "given", with now and the time at which a lease ends. */
    static final String LEASE = """
            update session_schedule s
               set lease = s.lease + 1,
                   leased_until = (select lease_ends from given),
                   -- Due again when the lease ends unused, but before the token ends: the death of its holder costs no verdict.
                   next_poll_at = least(
                       (select lease_ends from given),
                       case when s.token_expires_at - interval '3 seconds' > (select now from given)
                            then s.token_expires_at - interval '2 seconds' end)
            """;

    static final String LEASED =
            "returning s.session_id, s.status, s.attempt, s.lease, s.init_at, s.token_sealed, s.token_expires_at\n";

    /** After a restore nothing ends without a verdict until an operator says so: verdicts may have been told that are not stored. */
    static final String WRITE_OFFS_ARE_HELD = "(select held_since is not null from write_offs where only_row)";

    static LeasedSession of(Row row, Optional<Confidential> token) {
        return new LeasedSession(
                row.getUUID("session_id"),
                SessionStatus.valueOf(row.getString("status")),
                row.getInteger("attempt"),
                row.getInteger("lease"),
                row.getOffsetDateTime("init_at").toInstant(),
                token,
                Optional.ofNullable(row.getOffsetDateTime("token_expires_at")).map(OffsetDateTime::toInstant));
    }
}

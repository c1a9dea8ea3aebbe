package io.liveness.gateway.notify.webhook;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.Formula;

/**
 * A webhook endpoint, and what its owner and operators do with it. Attempts change other columns of the row, so that only what differs is
 * written. Its secrets are arrays of bytes, which Hibernate Reactive does not know: {@link Endpoints} writes them by SQL.
 */
@Entity
@DynamicUpdate
@Table(name = "webhook_endpoint")
class Endpoint {

    /** Whether an endpoint receives. */
    enum EndpointStatus {
        /** Events are delivered. */
        ACTIVE,
        /** Events are kept and delivered after a resume. */
        PAUSED,
        /** The endpoint answered 410 repeatedly: events are not kept. */
        DISABLED
    }

    /** Why an endpoint is not ACTIVE. */
    enum Reason {
        /** The owner paused it. */
        OWNER,
        /** An operator paused it. */
        OPERATOR,
        /** All attempts failed for {@code liveness.webhook.pause-after}. */
        FAILING,
        /** The endpoint answered 410. */
        GONE
    }

    @Id
    UUID id;

    String caller;

    String url;

    String description;

    /** Null for all. */
    String[] eventTypes;

    @Enumerated(EnumType.STRING)
    EndpointStatus status;

    @Enumerated(EnumType.STRING)
    Reason reason;

    /** Counts the changes by its owner alone: Hibernate's {@code @Version} would count those by attempts too. */
    int version;

    Instant failingSince;

    String lastError;

    int goneCount;

    int round;

    Instant notBefore;

    Instant createdAt;

    Instant updatedAt;

    @Formula("case when secrets_until[2] > liveness_now() then secrets_until[2] end")
    Instant oldSecretUntil;

    /** The database's time when the row was read; in a change, when its transaction began. */
    @Formula("liveness_now()")
    Instant now;

    /**
     * Replaces what its owner gives. What a receiver answered counts for its address.
     *
     * @return whether what waits is to be attempted now, at another address; what is stopped still says why
     */
    boolean replace(String newUrl, String newDescription, String[] newTypes) {
        boolean moves = !newUrl.equals(url);
        boolean begins = moves && status == EndpointStatus.ACTIVE;
        url = newUrl;
        description = newDescription;
        eventTypes = newTypes;
        version++;
        updatedAt = now;
        if (moves) {
            round++;
            goneCount = 0;
            notBefore = null;
        }
        if (begins) {
            failingSince = null;
            lastError = null;
        }
        return begins;
    }

    /**
     * Pauses what is ACTIVE. An operator's pause binds the owner of what is stopped already.
     *
     * @return whether an operator has paused it by this, which its owner is told
     */
    boolean pause(String by) {
        boolean own = caller.equals(by);
        if (status != EndpointStatus.ACTIVE && (own || reason == Reason.OPERATOR)) {
            return false;
        }
        status = EndpointStatus.PAUSED;
        reason = own ? Reason.OWNER : Reason.OPERATOR;
        updatedAt = now;
        return !own;
    }

    /**
     * Begins a round of attempts. One that is ACTIVE and fails does so until a success.
     *
     * @return whether anything waits that is to be attempted now
     */
    boolean resume() {
        boolean stopped = status != EndpointStatus.ACTIVE;
        boolean waits = stopped || failingSince != null || notBefore != null && notBefore.isAfter(now);
        if (stopped) {
            status = EndpointStatus.ACTIVE;
            reason = null;
            failingSince = null;
            lastError = null;
            updatedAt = now;
        }
        notBefore = null;
        round++;
        return waits;
    }
}

package io.liveness.gateway.events.webhook;

import java.util.List;
import java.util.Optional;

/**
 * Which endpoints are listed; what is empty does not limit them.
 *
 * @param caller their owner
 * @param healthy true: ACTIVE and without a failure since the last success; false: all others
 */
record EndpointFilter(Optional<String> caller, Optional<EndpointStatus> status, Optional<Boolean> healthy) {

    /** What a page token is bound to. */
    List<?> fingerprint() {
        return List.of(caller.orElse("*"), status, healthy);
    }
}

package io.liveness.gateway.notification.receiver;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Limits how many attempts at one endpoint are under way. */
final class EndpointPlaces {

    private final int perEndpoint;
    private final Map<UUID, Integer> taken = new HashMap<>();

    EndpointPlaces(int perEndpoint) {
        this.perEndpoint = perEndpoint;
    }

    synchronized int free(UUID endpoint) {
        return perEndpoint - taken.getOrDefault(endpoint, 0);
    }

    /** @return whether there was a place; it has to be left once */
    synchronized boolean take(UUID endpoint) {
        boolean free = free(endpoint) > 0;
        if (free) {
            taken.merge(endpoint, 1, Integer::sum);
        }
        return free;
    }

    synchronized void leave(UUID endpoint) {
        taken.computeIfPresent(endpoint, (id, count) -> count == 1 ? null : count - 1);
    }
}

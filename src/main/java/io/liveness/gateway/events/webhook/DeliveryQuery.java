package io.liveness.gateway.events.webhook;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The query of the list of deliveries, as it was written. */
class DeliveryQuery extends PageQuery {

    private static final UUID FIRST = new UUID(0, 0);
    private static final UUID LAST = new UUID(-1, -1);

    @QueryParam("status")
    String status;

    @QueryParam("from")
    String from;

    @QueryParam("to")
    String to;

    Optional<DeliveryStatus> statusFilter() {
        return Optional.ofNullable(status).map(given -> Parameters.choice("status", DeliveryStatus.class, given));
    }

    /** The lowest id of an event of that time: ids are in the order of their times. */
    UUID lowest() {
        return bound("from", from, FIRST);
    }

    /** The lowest id that is too late, or that of the last event of the page before. */
    UUID highest(List<?> filters) {
        return after(filters).orElseGet(() -> bound("to", to, LAST));
    }

    private static UUID bound(String name, String given, UUID none) {
        return Optional.ofNullable(given)
                .map(time -> lowestAt(Parameters.time(name, time)))
                .orElse(none);
    }

    static UUID lowestAt(Instant time) {
        return UuidCreator.getTimeOrderedEpochMin(time);
    }

    /** What a page token is bound to. */
    List<?> fingerprint(UUID endpoint) {
        return List.of(endpoint, statusFilter(), lowest(), bound("to", to, LAST));
    }
}

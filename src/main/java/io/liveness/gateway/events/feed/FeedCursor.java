package io.liveness.gateway.events.feed;

import io.liveness.gateway.platform.query.PageToken;
import java.util.List;
import java.util.UUID;

/**
 * A place in the feed of a caller.
 *
 * @param epoch of the database: another one after each restore
 * @param number of the last event before it
 */
record FeedCursor(long epoch, long number) {

    /** @param token of the parameter {@code after} */
    static FeedCursor decode(String token, String caller) {
        UUID place = PageToken.decode("after", token, of(caller)).after();
        return new FeedCursor(place.getMostSignificantBits(), place.getLeastSignificantBits());
    }

    String encode(String caller) {
        return new PageToken(new UUID(epoch, number)).encode(of(caller));
    }

    private static List<?> of(String caller) {
        return List.of("feed", caller);
    }
}

package io.liveness.gateway.notify.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.notify.feed.ReadFeed.Cursor;
import io.liveness.gateway.notify.feed.ReadFeed.FeedFilter;
import io.liveness.gateway.notify.feed.ReadFeed.FeedPart;
import io.liveness.gateway.notify.feed.ReadFeed.Rest;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.security.Caller;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A read that does not wait. */
class AwaitEventsTest {

    private static final FeedFilter ALL = new FeedFilter(Optional.empty(), Optional.empty(), 50);

    private int looks;

    private final ReadFeed feed = new ReadFeed(null, null) {
        @Override
        Uni<FeedPart> after(Optional<Cursor> cursor, FeedFilter filter, String caller) {
            looks++;
            return part(Rest.NONE);
        }
    };

    @ParameterizedTest
    @CsvSource({"NONE, 0", "UNREAD, 0", "INCOMPLETE, 1"})
    void it_looks_once_more_where_writers_were_seen(Rest rest, int more) {
        new AwaitEvents(feed, null, null)
                .await(() -> part(rest), ALL, new Caller("shop"), Duration.ZERO)
                .await()
                .atMost(Duration.ofSeconds(10));

        assertThat(looks).isEqualTo(more);
    }

    private static Uni<FeedPart> part(Rest rest) {
        String next = new PageToken(new UUID(1, 1)).encode(List.of("feed", "shop"));
        return Uni.createFrom().item(new FeedPart(List.of(), next, null, rest));
    }
}

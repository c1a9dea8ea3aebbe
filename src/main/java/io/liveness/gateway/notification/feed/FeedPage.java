package io.liveness.gateway.notification.feed;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A part of the feed. */
@Schema(name = "CallerEventPage", description = "A part of the feed, oldest first.")
record FeedPage(
        @Schema(required = true, description = "The events of this part; none when there are no more at present.")
        List<FeedEvent> items,

        @Schema(required = true, description = "What the next part is asked for with, also when this one is empty.")
        String next) {}

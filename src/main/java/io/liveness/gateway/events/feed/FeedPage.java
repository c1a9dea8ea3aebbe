package io.liveness.gateway.events.feed;

import java.util.List;

/** A part of the feed. */
record FeedPage(List<FeedEvent> items, String next) {}

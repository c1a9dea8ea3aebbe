package io.liveness.gateway.session.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** A page of events. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record EventPage(List<EventView> items, String nextPageToken) {}

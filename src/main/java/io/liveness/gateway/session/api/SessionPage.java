package io.liveness.gateway.session.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** A page of sessions. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SessionPage(List<SessionView> items, String nextPageToken) {}

package io.liveness.gateway.session.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** A page of events of personal data. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DataEventPage(List<DataEventView> items, String nextPageToken) {}

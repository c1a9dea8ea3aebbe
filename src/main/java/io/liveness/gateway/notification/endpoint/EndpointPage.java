package io.liveness.gateway.notification.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** A page of webhook endpoints. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record EndpointPage(List<EndpointView> items, String nextPageToken) {}

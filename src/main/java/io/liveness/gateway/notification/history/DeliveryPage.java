package io.liveness.gateway.notification.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** A page of deliveries. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeliveryPage(List<DeliveryView> items, String nextPageToken) {}

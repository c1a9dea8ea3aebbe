package io.liveness.gateway.notification.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A page of deliveries. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "WebhookDeliveryPage", description = "A page of deliveries, newest event first.")
record DeliveryPage(
        @Schema(required = true, description = "The deliveries of this page.")
        List<DeliveryView> items,

        @Schema(description = "What the next page is asked for with; absent on the last page.")
        String nextPageToken) {}

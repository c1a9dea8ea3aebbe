package io.liveness.gateway.notification.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A page of webhook endpoints. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "WebhookEndpointPage", description = "A page of webhook endpoints, newest first.")
record EndpointPage(
        @Schema(required = true, description = "The endpoints of this page.")
        List<EndpointView> items,

        @Schema(description = "What the next page is asked for with; absent on the last page.")
        String nextPageToken) {}

package io.liveness.gateway.session.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A page of events of personal data. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A page of events of personal data, oldest first.")
record DataEventPage(
        @Schema(required = true, description = "The events of this page.")
        List<DataEventView> items,

        @Schema(description = "Token of the next page; absent on the last page.")
        String nextPageToken) {}

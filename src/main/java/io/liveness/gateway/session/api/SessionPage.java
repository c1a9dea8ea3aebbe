package io.liveness.gateway.session.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A page of sessions. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A page of sessions, newest first.")
record SessionPage(
        @Schema(required = true, description = "The sessions of this page.")
        List<SessionView> items,

        @Schema(description = "Token of the next page; absent on the last page.")
        String nextPageToken) {}

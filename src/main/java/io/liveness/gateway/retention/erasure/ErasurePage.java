package io.liveness.gateway.retention.erasure;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A page of erasures. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "ErasurePage", description = "A page of erasures, newest first.")
record ErasurePage(
        @Schema(required = true, description = "The erasures of this page.")
        List<ErasureView> items,

        @Schema(description = "What the next page is asked for with; absent on the last page.")
        String nextPageToken) {}

package io.liveness.gateway.retention.erasure;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A page of records of erasures. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "ErasureRecordPage", description = "A page of records of erasures, oldest first.")
record RecordPage(
        @Schema(required = true, description = "The records of this page.")
        List<RecordView> items,

        @Schema(description = "What the next page is asked for with; absent on the last page.")
        String nextPageToken) {}

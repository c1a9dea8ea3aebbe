package io.liveness.gateway.finance.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A page of the audit list. */
@Schema(name = "AuditPage", description = "A page of the audit list, newest first.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record AuditPage(
        @Schema(required = true, description = "The entries of this page.")
        List<AuditEntryView> items,

        @Schema(description = "Token of the next page; absent on the last page.")
        String nextPageToken) {}

package io.liveness.gateway.finance.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** A page of the audit list. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AuditPage(List<AuditEntryView> items, String nextPageToken) {}

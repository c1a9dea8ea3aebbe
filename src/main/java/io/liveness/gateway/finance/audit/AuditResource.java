package io.liveness.gateway.finance.audit;

import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The audit list over HTTP. */
@Path("/v1/audit")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
@Tag(ref = "Audit")
class AuditResource {

    private final ListAudit audit;

    AuditResource(ListAudit audit) {
        this.audit = audit;
    }

    @GET
    @Operation(
            operationId = "listAudit",
            summary = "Lists the recorded acts on the books and their rules, newest first",
            description = "Entries are added, never changed or removed.")
    @APIResponse(responseCode = "200", ref = "AuditPage")
    public AuditPage list(@BeanParam AuditQuery query) {
        ListAudit.Filter filter = query.filter();
        int size = query.size();
        return Page.of(
                audit.read(filter, query.after(filter.fingerprint()), size + 1),
                size,
                Function.identity(),
                last -> new PageToken(last.id()).encode(filter.fingerprint()),
                AuditPage::new);
    }
}

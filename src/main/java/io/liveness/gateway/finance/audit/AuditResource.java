package io.liveness.gateway.finance.audit;

import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The audit list over HTTP. */
@Path("/v1/audit")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
class AuditResource {

    private final ListAudit audit;

    AuditResource(ListAudit audit) {
        this.audit = audit;
    }

    @GET
    public Page<ListAudit.Entry> list(@BeanParam ListAudit.Query query) {
        return audit.page(query);
    }
}

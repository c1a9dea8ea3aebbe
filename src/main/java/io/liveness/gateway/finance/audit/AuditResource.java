package io.liveness.gateway.finance.audit;

import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.function.Function;

/** The audit list over HTTP. */
@Path("/v1/audit")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
class AuditResource {

    private final ListAudit audit;

    AuditResource(ListAudit audit) {
        this.audit = audit;
    }

    /** The query, as it was written. */
    static class Query extends PageQuery {

        // A caller's name, a slash, and a person's.
        private static final int MAX_WHO = 512;
        private static final int MAX_WHAT = 64;

        @QueryParam("from")
        String from;

        @QueryParam("to")
        String to;

        @QueryParam("who")
        String who;

        @QueryParam("what")
        String what;

        ListAudit.Filter filter() {
            return new ListAudit.Filter(
                    Parameters.optionalText("who", who, MAX_WHO),
                    Parameters.optionalText("what", what, MAX_WHAT),
                    Parameters.optional("from", from, Parameters::time),
                    Parameters.optional("to", to, Parameters::time));
        }
    }

    @GET
    public ListAudit.Listed list(@BeanParam Query query) {
        ListAudit.Filter filter = query.filter();
        int size = query.size();
        return Page.of(
                audit.read(filter, query.after(filter.fingerprint()), size + 1),
                size,
                Function.identity(),
                last -> new PageToken(last.id()).encode(filter.fingerprint()),
                ListAudit.Listed::new);
    }
}

package io.liveness.gateway.finance;

import io.liveness.gateway.books.LedgerBasis;
import io.liveness.gateway.books.audit.ChargeViewer;
import io.liveness.gateway.books.audit.PageOrFile;
import io.liveness.gateway.finance.ChargeFilter.Span;
import io.liveness.gateway.platform.file.FileType;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;

/** Charges over HTTP, and the history of each. */
@Path("/v1/charges")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN, Roles.LIVENESS})
class ChargeResource {

    private final ListCharges charges;
    private final PageOrFile answers;
    private final ReadHistory history;
    private final SecurityIdentity identity;

    ChargeResource(ListCharges charges, PageOrFile answers, ReadHistory history, SecurityIdentity identity) {
        this.charges = charges;
        this.answers = answers;
        this.history = history;
        this.identity = identity;
    }

    /** The query, as it was written. */
    static class ChargeQuery extends PageOrFile.FileQuery {

        private static final int MAX_TASK_NO = 64;
        private static final int MAX_COST_CENTRE = 32;

        @QueryParam("from")
        String from;

        @QueryParam("to")
        String to;

        @QueryParam("endedFrom")
        String endedFrom;

        @QueryParam("endedTo")
        String endedTo;

        @QueryParam("status")
        String status;

        @QueryParam("basis")
        String basis;

        @QueryParam("caller")
        String caller;

        @QueryParam("costCentre")
        String costCentre;

        @QueryParam("taskNo")
        String taskNo;

        @QueryParam("sessionId")
        String sessionId;

        ChargeFilter filter(ChargeViewer viewer) {
            return new ChargeFilter(
                    viewer.whose(caller),
                    Parameters.optionalText("costCentre", costCentre, MAX_COST_CENTRE),
                    Parameters.optional(
                            "status", status, (name, given) -> Parameters.choice(name, FeeStatus.class, given)),
                    Parameters.optional(
                            "basis", basis, (name, given) -> Parameters.choice(name, LedgerBasis.class, given)),
                    Parameters.optionalText("taskNo", taskNo, MAX_TASK_NO),
                    Parameters.optional("sessionId", sessionId, Parameters::uuid),
                    new Span(
                            Parameters.optional("from", from, Parameters::time),
                            Parameters.optional("to", to, Parameters::time)),
                    new Span(
                            Parameters.optional("endedFrom", endedFrom, Parameters::time),
                            Parameters.optional("endedTo", endedTo, Parameters::time)));
        }
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, FileType.TEXT_CSV, FileType.SPREADSHEET})
    public Response list(@BeanParam ChargeQuery query, @Context Request accepted, @Context RoutingContext request) {
        ChargeFilter filter = query.filter(ChargeViewer.of(identity));
        return answers.answer(
                query,
                filter.text(),
                () -> charges.page(filter, query.after(List.of(filter.text())), query.size()),
                order -> new ListCharges.AsFile(filter, order),
                accepted,
                request);
    }

    @GET
    @Path("/{id}/history")
    public ReadHistory.History history(@PathParam("id") String id) {
        UUID session = Parameters.uuid("id", id);
        ChargeViewer viewer = ChargeViewer.of(identity);
        return history.of(session, viewer.whose(null), viewer.seesAll());
    }
}

package io.liveness.gateway.bill;

import io.liveness.gateway.books.audit.PageOrFile;
import io.liveness.gateway.platform.file.FileType;
import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Actor;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;

/** Statements over HTTP. */
@Path(StatementResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
class StatementResource {

    static final String PATH = "/v1/statements";

    /** What a key is for. */
    private static final String CHANGE = "change";

    private final StoreStatements statements;
    private final StateInvoice invoices;
    private final WithdrawStatement withdraw;
    private final PageOrFile answers;
    private final SecurityIdentity identity;

    StatementResource(
            StoreStatements statements,
            StateInvoice invoices,
            WithdrawStatement withdraw,
            PageOrFile answers,
            SecurityIdentity identity) {
        this.statements = statements;
        this.invoices = invoices;
        this.withdraw = withdraw;
        this.answers = answers;
        this.identity = identity;
    }

    @GET
    public Page<StatementView> list(@BeanParam PageQuery query) {
        return query.page(List.of("statements"), statements::page, StatementView::id);
    }

    @GET
    @Path("/{id}")
    public StatementView get(@PathParam("id") String id) {
        return statements.byId(Parameters.uuid("id", id)).orElseThrow(ProblemException::notFound);
    }

    @GET
    @Path("/{id}/file")
    @Produces({FileType.TEXT_CSV, FileType.SPREADSHEET})
    public Response file(@PathParam("id") String id, @Context RoutingContext request) {
        UUID statement = Parameters.uuid("id", id);
        StatementFile file = statements.file(statement).orElseThrow(ProblemException::notFound);
        Map<String, String> selected = Map.of("statement", statement.toString());
        return answers.file(file, FileType.ORIGINAL, ZoneOffset.UTC, selected, request);
    }

    @PUT
    @Path("/{id}/invoice")
    @Consumes(MediaType.APPLICATION_JSON)
    public StatementView invoice(
            @PathParam("id") String id, @NotNull(message = "is required") @Valid StateInvoice.Stated body) {
        return invoices.state(Parameters.uuid("id", id), body, Actor.of(identity));
    }

    @POST
    @Path("/{id}/withdraw")
    @Consumes(MediaType.APPLICATION_JSON)
    public RestResponse<StatementView> withdraw(
            @PathParam("id") String id,
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @NotNull(message = "is required") @Valid Withdrawal request) {
        boolean replayed = withdraw.withdraw(
                Parameters.uuid("id", id),
                identity,
                IdempotencyKey.required(key, CHANGE),
                Parameters.optionalText("proposedBy", request.proposedBy, Caller.LONGEST_ACTOR),
                Parameters.reason(request.reason));
        return IdempotencyKey.answer(get(id), replayed);
    }

    @DELETE
    @Path("/{id}/withdraw")
    public RestResponse<StatementView> decline(
            @PathParam("id") String id, @HeaderParam(IdempotencyKey.HEADER) String key) {
        boolean replayed = withdraw.decline(Parameters.uuid("id", id), identity, IdempotencyKey.required(key, CHANGE));
        return IdempotencyKey.answer(get(id), replayed);
    }

    /** Why a statement is taken back, and whose proposal that carries out. */
    record Withdrawal(@NotNull(message = "is required") String reason, String proposedBy) {}
}

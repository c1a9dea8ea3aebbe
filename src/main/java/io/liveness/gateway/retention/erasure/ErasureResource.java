package io.liveness.gateway.retention.erasure;

import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;

/** Erasures over HTTP. */
@Path("/v1/erasures")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.LIVENESS)
@Tag(ref = "Erasures")
class ErasureResource {

    private static final Logger LOG = Logger.getLogger(ErasureResource.class);

    private final Erasures erasures;
    private final SecurityIdentity identity;

    ErasureResource(Erasures erasures, SecurityIdentity identity) {
        this.erasures = erasures;
        this.identity = identity;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "startErasure",
            summary = "Erases the data of a person, over all of the caller's sessions with a reference",
            description =
                    "Covers the sessions that exist now. One that is still open is erased when its verdict is recorded and its fee has"
                            + " ended. Status, fee and task number stay. The answer does not repeat the reference.")
    @RequestBody(ref = "ErasureRequest")
    @APIResponse(responseCode = "202", ref = "ErasureStarted")
    @APIResponse(responseCode = "400", ref = "BadErasure")
    @APIResponse(responseCode = "422", ref = "KeyReused")
    public Uni<RestResponse<ErasureView>> start(
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(ref = "ErasureKey") String key,
            @NotNull(message = "is required") @Valid ErasureRequest request) {
        return erasures.start(
                        caller(), Caller.actor(identity), IdempotencyKey.check(key, "erasure"), request.reference())
                .invoke(started -> LOG.infof(
                        "erasure.requested erasureId=%s replayed=%s",
                        started.erasure().id(), started.replayed()))
                .map(started -> answer(started));
    }

    private static RestResponse<ErasureView> answer(Erasures.Started started) {
        var answer = RestResponse.ResponseBuilder.create(RestResponse.Status.ACCEPTED, started.erasure());
        return (started.replayed() ? answer.header(IdempotencyKey.REPLAYED_HEADER, true) : answer).build();
    }

    @GET
    @Operation(
            operationId = "listErasures",
            summary = "Lists the caller's erasures, newest first",
            description = "They are kept without a limit of time, and do not have the reference.")
    @APIResponse(responseCode = "200", ref = "ErasurePage")
    public Uni<ErasurePage> list(@BeanParam PageQuery page) {
        String caller = caller();
        List<?> filters = List.of("erasures", caller);
        int size = page.size();
        return erasures.list(caller, page.after(filters), size)
                .map(rows -> Page.of(
                        rows, size, row -> row, last -> new PageToken(last.id()).encode(filters), ErasurePage::new));
    }

    @GET
    @Path("/{erasureId}")
    @Operation(
            operationId = "getErasure",
            summary = "Reads an erasure and its progress",
            description = "It is DONE when all of its sessions are erased.")
    @APIResponse(responseCode = "200", ref = "Erasure")
    public Uni<ErasureView> get(@PathParam("erasureId") @Parameter(ref = "ErasureId") String id) {
        return erasures.get(Parameters.uuid("erasureId", id), caller());
    }

    private String caller() {
        return Caller.of(identity).name();
    }
}

package io.liveness.gateway.privacy;

import io.liveness.gateway.check.open.CodePoints;
import io.liveness.gateway.check.open.OpenSessionRequest;
import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
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
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;

/** Erasures over HTTP. */
@Path("/v1/erasures")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.LIVENESS)
class ErasureResource {

    /** Whose data is erased. */
    record Request(
            @NotNull(message = "is required") @CodePoints(min = 1, max = OpenSessionRequest.MAX_REFERENCE)
            String reference) {

        /** Without the reference. */
        @Override
        public String toString() {
            return "ErasureRequest";
        }
    }

    private static final Logger LOG = Logger.getLogger(ErasureResource.class);

    private final Erasures erasures;
    private final SecurityIdentity identity;

    ErasureResource(Erasures erasures, SecurityIdentity identity) {
        this.erasures = erasures;
        this.identity = identity;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public RestResponse<Erasures.Erasure> start(
            @HeaderParam(IdempotencyKey.HEADER) String key, @NotNull(message = "is required") @Valid Request request) {
        Erasures.Started started = erasures.start(
                caller(), Caller.actor(identity), IdempotencyKey.check(key, "erasure"), request.reference());
        LOG.infof(
                "erasure.requested erasureId=%s replayed=%s", started.erasure().id(), started.replayed());
        var answer = RestResponse.ResponseBuilder.create(RestResponse.Status.ACCEPTED, started.erasure());
        return (started.replayed() ? answer.header(IdempotencyKey.REPLAYED_HEADER, true) : answer).build();
    }

    @GET
    public Page<Erasures.Erasure> list(@BeanParam PageQuery page) {
        String caller = caller();
        return page.page(
                List.of("erasures", caller), (after, rows) -> erasures.list(caller, after, rows), Erasures.Erasure::id);
    }

    @GET
    @Path("/{erasureId}")
    public Erasures.Erasure get(@PathParam("erasureId") String id) {
        return erasures.get(Parameters.uuid("erasureId", id), caller());
    }

    private String caller() {
        return Caller.of(identity).name();
    }
}

package io.liveness.gateway.events.webhook;

import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Replays over HTTP. */
@Path(EndpointPath.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.LIVENESS)
class ReplayResource {

    private static final int ACCEPTED = 202;

    private final Endpoints endpoints;
    private final Replays replays;
    private final SecurityIdentity identity;

    ReplayResource(Endpoints endpoints, Replays replays, SecurityIdentity identity) {
        this.endpoints = endpoints;
        this.replays = replays;
        this.identity = identity;
    }

    @POST
    @Path("/{endpointId}/replays")
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(ACCEPTED)
    public Uni<ReplayView> start(
            @PathParam("endpointId") String id, @NotNull(message = "is required") @Valid ReplayRequest request) {
        UUID endpoint = EndpointPath.id(id);
        Instant since = request.since();
        return endpoints.require(endpoint, own()).chain(() -> replays.start(endpoint, since));
    }

    @GET
    @Path("/{endpointId}/replays/{replayId}")
    public Uni<ReplayView> get(@PathParam("endpointId") String id, @PathParam("replayId") String replayId) {
        UUID endpoint = EndpointPath.id(id);
        UUID replay = Parameters.uuid("replayId", replayId);
        return endpoints.require(endpoint, own()).chain(() -> replays.get(endpoint, replay));
    }

    private Optional<String> own() {
        return Optional.of(Caller.of(identity).name());
    }
}

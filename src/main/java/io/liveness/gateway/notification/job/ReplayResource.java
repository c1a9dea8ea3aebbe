package io.liveness.gateway.notification.job;

import io.liveness.gateway.notification.endpoint.EndpointPath;
import io.liveness.gateway.notification.endpoint.Endpoints;
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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Replays over HTTP. */
@Path(EndpointPath.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.LIVENESS)
@Tag(ref = "Webhooks")
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
    @Operation(
            operationId = "startWebhookReplay",
            summary = "Delivers again all that has failed since a time",
            description =
                    "In steps, which go on after a restart. Each event keeps its `webhook-id`. One at a time for an endpoint.")
    @RequestBody(ref = "WebhookReplayRequest")
    @APIResponse(responseCode = "202", ref = "WebhookReplayStarted")
    @APIResponse(responseCode = "409", ref = "ReplayUnderWay")
    public Uni<ReplayView> start(
            @PathParam("endpointId") @Parameter(ref = "EndpointId") String id,
            @NotNull(message = "is required") @Valid ReplayRequest request) {
        UUID endpoint = EndpointPath.id(id);
        Instant since = request.since();
        return endpoints.require(endpoint, own()).chain(() -> replays.start(endpoint, since));
    }

    @GET
    @Path("/{endpointId}/replays/{replayId}")
    @Operation(
            operationId = "getWebhookReplay",
            summary = "Tells how far a replay is",
            description = "It has ended when all deliveries are due again, not when they have been made.")
    @APIResponse(responseCode = "200", ref = "WebhookReplay")
    public Uni<ReplayView> get(
            @PathParam("endpointId") @Parameter(ref = "EndpointId") String id,
            @PathParam("replayId") @Parameter(ref = "ReplayId") String replayId) {
        UUID endpoint = EndpointPath.id(id);
        UUID replay = Parameters.uuid("replayId", replayId);
        return endpoints.require(endpoint, own()).chain(() -> replays.get(endpoint, replay));
    }

    private Optional<String> own() {
        return Optional.of(Caller.of(identity).name());
    }
}

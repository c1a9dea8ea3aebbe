package io.liveness.gateway.notification.endpoint;

import io.liveness.gateway.notification.receiver.AllowedReceivers;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;

/** Webhook endpoints over HTTP. */
@Path(EndpointPath.PATH)
@RolesAllowed(Roles.LIVENESS)
@Tag(ref = "Webhooks")
class EndpointResource {

    private static final Logger LOG = Logger.getLogger(EndpointResource.class);

    private final Endpoints endpoints;
    private final AllowedReceivers receivers;
    private final SecurityIdentity identity;

    EndpointResource(Endpoints endpoints, AllowedReceivers receivers, SecurityIdentity identity) {
        this.endpoints = endpoints;
        this.receivers = receivers;
        this.identity = identity;
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "createWebhookEndpoint",
            summary = "Creates an endpoint that receives the caller's events",
            description = "The answer alone shows the secret: keep it.")
    @RequestBody(ref = "WebhookEndpointRequest")
    @APIResponse(responseCode = "201", ref = "WebhookEndpointCreated")
    @APIResponse(responseCode = "409", ref = "EndpointLimitReached")
    public Uni<RestResponse<EndpointView>> create(@NotNull(message = "is required") @Valid EndpointRequest request) {
        check(request);
        return endpoints
                .create(caller(), request)
                .invoke(made -> LOG.infof(
                        "webhook-endpoint.created endpointId=%s",
                        made.endpoint().id()))
                .map(made -> RestResponse.ResponseBuilder.<EndpointView>created(URI.create(
                                EndpointPath.PATH + "/" + made.endpoint().id()))
                        .entity(EndpointView.of(made.endpoint(), made.secret()))
                        .build());
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    @Operation(
            operationId = "listWebhookEndpoints",
            summary = "Lists webhook endpoints, newest first",
            description = "The own endpoints; for the role operator all callers'.")
    @APIResponse(responseCode = "200", ref = "WebhookEndpointPage")
    public Uni<EndpointPage> list(@BeanParam EndpointQuery query) {
        EndpointFilter filter = query.filter(sees());
        List<?> filters = filter.fingerprint();
        int size = query.size();
        return endpoints
                .list(sees(), filter, query.after(filters), size)
                .map(rows -> Page.of(
                        rows, size, this::view, last -> new PageToken(last.id()).encode(filters), EndpointPage::new));
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    @Operation(
            operationId = "getWebhookEndpoint",
            summary = "Reads a webhook endpoint",
            description = "An own endpoint; for the role operator any caller's.")
    @APIResponse(responseCode = "200", ref = "WebhookEndpoint")
    public Uni<EndpointView> get(@PathParam("endpointId") @Parameter(ref = "EndpointId") String id) {
        return endpoints.get(EndpointPath.id(id), sees()).map(this::view);
    }

    @PUT
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "changeWebhookEndpoint",
            summary = "Changes address, description and types of events of an endpoint",
            description = "What is left out is removed. Deliveries that have not ended go to the new address.")
    @RequestBody(ref = "WebhookEndpointRequest")
    @APIResponse(responseCode = "200", ref = "WebhookEndpointChanged")
    @APIResponse(responseCode = "404", ref = "NotFound")
    public Uni<EndpointView> change(
            @PathParam("endpointId") @Parameter(ref = "EndpointId") String id,
            @NotNull(message = "is required") @Valid EndpointRequest request) {
        check(request);
        return endpoints.change(EndpointPath.id(id), caller(), request).map(this::view);
    }

    @DELETE
    @Path("/{endpointId}")
    @Operation(
            operationId = "deleteWebhookEndpoint",
            summary = "Deletes an endpoint and its deliveries",
            description = "Deliveries that have not ended are not sent any more; one may be on its way.")
    @APIResponse(responseCode = "204", ref = "WebhookEndpointDeleted")
    public Uni<Void> delete(@PathParam("endpointId") @Parameter(ref = "EndpointId") String id) {
        UUID endpoint = EndpointPath.id(id);
        return endpoints
                .delete(endpoint, caller())
                .invoke(() -> LOG.infof("webhook-endpoint.deleted endpointId=%s", endpoint));
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}/pause")
    @Operation(
            operationId = "pauseWebhookEndpoint",
            summary = "Pauses an endpoint",
            description = "Its events are kept and delivered after a resume.")
    @APIResponse(responseCode = "200", ref = "WebhookEndpointPaused")
    public Uni<EndpointView> pause(@PathParam("endpointId") @Parameter(ref = "EndpointId") String id) {
        return endpoints.pause(EndpointPath.id(id), caller()).map(this::view);
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}/resume")
    @Operation(
            operationId = "resumeWebhookEndpoint",
            summary = "Resumes an endpoint that is paused or disabled",
            description = "What was kept is delivered.")
    @APIResponse(responseCode = "200", ref = "WebhookEndpointChanged")
    public Uni<EndpointView> resume(@PathParam("endpointId") @Parameter(ref = "EndpointId") String id) {
        return endpoints.resume(EndpointPath.id(id), caller()).map(this::view);
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}/rotate-secret")
    @Operation(
            operationId = "rotateWebhookSecret",
            summary = "Replaces the secret of an endpoint",
            description =
                    "The old secret signs too for a day (`liveness.webhook.old-secret-valid`), and the one before it until its"
                            + " own day ends. So repeat the request when its answer was lost: the receiver's secret stays valid.")
    @APIResponse(responseCode = "200", ref = "WebhookSecretRotated")
    public Uni<EndpointView> rotateSecret(@PathParam("endpointId") @Parameter(ref = "EndpointId") String id) {
        return endpoints
                .rotateSecret(EndpointPath.id(id), caller())
                .map(made -> EndpointView.of(made.endpoint(), made.secret()));
    }

    private void check(EndpointRequest request) {
        request.check();
        receivers.whyRefused(request.url()).ifPresent(why -> {
            throw ProblemException.invalid("url", why);
        });
    }

    private EndpointView view(EndpointRow row) {
        return sees().isEmpty() ? EndpointView.ofOperator(row, caller()) : EndpointView.of(row, null);
    }

    private String caller() {
        return Caller.of(identity).name();
    }

    /** Whose endpoints; empty for all. */
    private Optional<String> sees() {
        return identity.hasRole(Roles.OPERATOR) ? Optional.empty() : Optional.of(caller());
    }
}

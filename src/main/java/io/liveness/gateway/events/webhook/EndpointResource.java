package io.liveness.gateway.events.webhook;

import io.liveness.gateway.events.receiver.AllowedReceivers;
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
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;

/** Webhook endpoints over HTTP. */
@Path(EndpointPath.PATH)
@RolesAllowed(Roles.LIVENESS)
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
    public Uni<Page<EndpointView>> list(@BeanParam EndpointQuery query) {
        EndpointFilter filter = query.filter(sees());
        List<?> filters = filter.fingerprint();
        int size = query.size();
        return endpoints
                .list(sees(), filter, query.after(filters), size)
                .map(rows -> Page.of(rows, size, this::view, last -> new PageToken(last.id()).encode(filters)));
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<EndpointView> get(@PathParam("endpointId") String id) {
        return endpoints.get(EndpointPath.id(id), sees()).map(this::view);
    }

    @PUT
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<EndpointView> change(
            @PathParam("endpointId") String id, @NotNull(message = "is required") @Valid EndpointRequest request) {
        check(request);
        return endpoints.change(EndpointPath.id(id), caller(), request).map(this::view);
    }

    @DELETE
    @Path("/{endpointId}")
    public Uni<Void> delete(@PathParam("endpointId") String id) {
        UUID endpoint = EndpointPath.id(id);
        return endpoints
                .delete(endpoint, caller())
                .invoke(() -> LOG.infof("webhook-endpoint.deleted endpointId=%s", endpoint));
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}/pause")
    public Uni<EndpointView> pause(@PathParam("endpointId") String id) {
        return endpoints.pause(EndpointPath.id(id), caller()).map(this::view);
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}/resume")
    public Uni<EndpointView> resume(@PathParam("endpointId") String id) {
        return endpoints.resume(EndpointPath.id(id), caller()).map(this::view);
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}/rotate-secret")
    public Uni<EndpointView> rotateSecret(@PathParam("endpointId") String id) {
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

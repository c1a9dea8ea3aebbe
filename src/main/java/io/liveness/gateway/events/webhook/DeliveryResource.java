package io.liveness.gateway.events.webhook;

import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Deliveries of an endpoint over HTTP. */
@Path(EndpointPath.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.LIVENESS)
class DeliveryResource {

    private static final int ACCEPTED = 202;

    private final Endpoints endpoints;
    private final Deliveries deliveries;
    private final SecurityIdentity identity;

    DeliveryResource(Endpoints endpoints, Deliveries deliveries, SecurityIdentity identity) {
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.identity = identity;
    }

    @POST
    @Path("/{endpointId}/test")
    @ResponseStatus(ACCEPTED)
    public Uni<DeliveryView> test(@PathParam("endpointId") String id) {
        UUID endpoint = EndpointPath.id(id);
        return endpoints.require(endpoint, own()).chain(() -> deliveries.test(endpoint));
    }

    @GET
    @Path("/{endpointId}/deliveries")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<Page<DeliveryView>> list(@PathParam("endpointId") String id, @BeanParam DeliveryQuery query) {
        UUID endpoint = EndpointPath.id(id);
        List<?> filters = query.fingerprint(endpoint);
        int size = query.size();
        UUID before = query.highest(filters);
        return endpoints
                .require(endpoint, sees())
                .chain(() -> deliveries.list(endpoint, query.statusFilter(), query.lowest(), before, size + 1))
                .map(rows -> Page.of(rows, size, row -> row, last -> new PageToken(last.id()).encode(filters)));
    }

    @GET
    @Path("/{endpointId}/deliveries/{deliveryId}")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<DeliveryView> get(@PathParam("endpointId") String id, @PathParam("deliveryId") String deliveryId) {
        UUID endpoint = EndpointPath.id(id);
        UUID delivery = Parameters.uuid("deliveryId", deliveryId);
        return endpoints.require(endpoint, sees()).chain(() -> deliveries.get(endpoint, delivery));
    }

    @POST
    @Path("/{endpointId}/deliveries/{deliveryId}/replay")
    @ResponseStatus(ACCEPTED)
    public Uni<DeliveryView> replay(@PathParam("endpointId") String id, @PathParam("deliveryId") String deliveryId) {
        UUID endpoint = EndpointPath.id(id);
        UUID delivery = Parameters.uuid("deliveryId", deliveryId);
        return endpoints.require(endpoint, own()).chain(() -> deliveries.replay(endpoint, delivery));
    }

    private Optional<String> own() {
        return Optional.of(Caller.of(identity).name());
    }

    /** Whose deliveries; empty for all. */
    private Optional<String> sees() {
        return identity.hasRole(Roles.OPERATOR) ? Optional.empty() : own();
    }
}

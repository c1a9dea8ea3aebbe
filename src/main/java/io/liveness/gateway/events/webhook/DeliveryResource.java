package io.liveness.gateway.events.webhook;

import com.github.f4b6a3.uuid.UuidCreator;
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
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Deliveries and replays of an endpoint over HTTP. */
@Path(EndpointResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.LIVENESS)
class DeliveryResource {

    private static final int ACCEPTED = 202;

    private final Endpoints endpoints;
    private final Deliveries deliveries;
    private final Replays replays;
    private final SecurityIdentity identity;

    DeliveryResource(Endpoints endpoints, Deliveries deliveries, Replays replays, SecurityIdentity identity) {
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.replays = replays;
        this.identity = identity;
    }

    /** The query of the list of deliveries, as it was written. */
    static class Query extends PageQuery {

        private static final UUID FIRST = new UUID(0, 0);
        private static final UUID LAST = new UUID(-1, -1);

        @QueryParam("status")
        String status;

        @QueryParam("from")
        String from;

        @QueryParam("to")
        String to;

        Optional<Delivery.Status> statusFilter() {
            return Optional.ofNullable(status).map(given -> Parameters.choice("status", Delivery.Status.class, given));
        }

        UUID lowest() {
            return bound("from", from, FIRST);
        }

        /** The lowest id that is too late, or that of the last event of the page before. */
        UUID highest(List<?> filters) {
            return after(filters).orElseGet(() -> bound("to", to, LAST));
        }

        /** The lowest id of an event of that time: ids are in the order of their times. */
        private static UUID bound(String name, String given, UUID none) {
            return Optional.ofNullable(given)
                    .map(time -> UuidCreator.getTimeOrderedEpochMin(Parameters.time(name, time)))
                    .orElse(none);
        }

        /** What a page token is bound to. */
        List<?> fingerprint(UUID endpoint) {
            return List.of(endpoint, statusFilter(), lowest(), bound("to", to, LAST));
        }
    }

    @POST
    @Path("/{endpointId}/test")
    @ResponseStatus(ACCEPTED)
    public Uni<Delivery> test(@PathParam("endpointId") String id) {
        return ofOwn(id, deliveries::test);
    }

    @GET
    @Path("/{endpointId}/deliveries")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<Page<Delivery>> list(@PathParam("endpointId") String id, @BeanParam Query query) {
        UUID endpoint = EndpointResource.endpointId(id);
        List<?> filters = query.fingerprint(endpoint);
        int size = query.size();
        UUID before = query.highest(filters);
        return endpoints
                .require(endpoint, EndpointResource.sees(identity))
                .chain(() -> deliveries.list(endpoint, query.statusFilter(), query.lowest(), before, size + 1))
                .map(rows -> Page.of(rows, size, row -> row, last -> new PageToken(last.id()).encode(filters)));
    }

    @GET
    @Path("/{endpointId}/deliveries/{deliveryId}")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<Delivery> get(@PathParam("endpointId") String id, @PathParam("deliveryId") String deliveryId) {
        UUID endpoint = EndpointResource.endpointId(id);
        UUID delivery = Parameters.uuid("deliveryId", deliveryId);
        return endpoints
                .require(endpoint, EndpointResource.sees(identity))
                .chain(() -> deliveries.get(endpoint, delivery));
    }

    @POST
    @Path("/{endpointId}/deliveries/{deliveryId}/replay")
    @ResponseStatus(ACCEPTED)
    public Uni<Delivery> replay(@PathParam("endpointId") String id, @PathParam("deliveryId") String deliveryId) {
        UUID delivery = Parameters.uuid("deliveryId", deliveryId);
        return ofOwn(id, endpoint -> deliveries.replay(endpoint, delivery));
    }

    /** Which deliveries are made again. */
    record ReplayRequest(@NotNull(message = "is required") String failedSince) {}

    @POST
    @Path("/{endpointId}/replays")
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(ACCEPTED)
    public Uni<Replays.Replay> startReplay(
            @PathParam("endpointId") String id, @NotNull(message = "is required") @Valid ReplayRequest request) {
        Instant since = Parameters.time("failedSince", request.failedSince());
        return ofOwn(id, endpoint -> replays.start(endpoint, since));
    }

    @GET
    @Path("/{endpointId}/replays/{replayId}")
    public Uni<Replays.Replay> getReplay(@PathParam("endpointId") String id, @PathParam("replayId") String replayId) {
        UUID replay = Parameters.uuid("replayId", replayId);
        return ofOwn(id, endpoint -> replays.get(endpoint, replay));
    }

    /** Not found unless the endpoint is the caller's. */
    private <T> Uni<T> ofOwn(String id, Function<UUID, Uni<T>> work) {
        UUID endpoint = EndpointResource.endpointId(id);
        return endpoints
                .require(endpoint, Optional.of(Caller.of(identity).name()))
                .chain(() -> work.apply(endpoint));
    }
}

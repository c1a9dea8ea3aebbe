package io.liveness.gateway.events.webhook;

import io.liveness.gateway.events.receiver.AllowedReceivers;
import io.liveness.gateway.events.receiver.ReceiverUrl;
import io.liveness.gateway.platform.problem.ProblemException;
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
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;

/** Webhook endpoints over HTTP. */
@Path(EndpointResource.PATH)
@RolesAllowed(Roles.LIVENESS)
class EndpointResource {

    static final String PATH = "/v1/webhook-endpoints";

    private static final Logger LOG = Logger.getLogger(EndpointResource.class);

    private final Endpoints endpoints;
    private final AllowedReceivers receivers;
    private final SecurityIdentity identity;

    EndpointResource(Endpoints endpoints, AllowedReceivers receivers, SecurityIdentity identity) {
        this.endpoints = endpoints;
        this.receivers = receivers;
        this.identity = identity;
    }

    /** An endpoint as its owner wants it. */
    record Request(
            @NotNull(message = "is required")
            @Size(
                    min = 1,
                    max = ReceiverUrl.MOST_CHARACTERS,
                    message = "must have 1 to " + ReceiverUrl.MOST_CHARACTERS + " characters")
            String url,

            String description,

            @Size(max = MOST_TYPES, message = "must have at most " + MOST_TYPES + " types")
            List<Endpoint.@NotNull(message = "must not be null") EventType> eventTypes) {

        static final int MAX_DESCRIPTION = 200;
        static final int MOST_TYPES = 3;

        /** @throws ProblemException naming the field that breaks a rule */
        Endpoints.Settings checked(AllowedReceivers receivers) {
            Optional.ofNullable(description)
                    .ifPresent(given -> Parameters.text("description", given, 1, MAX_DESCRIPTION));
            receivers.whyRefused(url).ifPresent(why -> {
                throw ProblemException.invalid("url", why);
            });
            return new Endpoints.Settings(url, description, types());
        }

        /** Null for all. */
        private String[] types() {
            return eventTypes == null || eventTypes.isEmpty()
                    ? null
                    : eventTypes.stream()
                            .map(Endpoint.EventType::type)
                            .distinct()
                            .toArray(String[]::new);
        }

        /** Without the address. */
        @Override
        public String toString() {
            return "EndpointRequest";
        }
    }

    /** The query of the list of endpoints, as it was sent. */
    static class Query extends PageQuery {

        private static final int MAX_CALLER = 256;

        @QueryParam("caller")
        String caller;

        @QueryParam("status")
        String status;

        @QueryParam("healthy")
        String healthy;

        /** @param own the caller that asks; empty for an operator, who may ask for those of any caller */
        Endpoints.Filter filter(Optional<String> own) {
            return new Endpoints.Filter(
                    whose(own),
                    Optional.ofNullable(status).map(given -> Parameters.choice("status", Endpoint.Status.class, given)),
                    Optional.ofNullable(healthy).map(given -> Parameters.flag("healthy", given)));
        }

        private Optional<String> whose(Optional<String> own) {
            if (own.isEmpty()) {
                return Optional.ofNullable(caller).map(given -> Parameters.text("caller", given, 1, MAX_CALLER));
            }
            if (caller != null && !caller.equals(own.get())) {
                throw ProblemException.invalid(
                        "caller", "must be left out: only the role operator lists others' endpoints");
            }
            return own;
        }
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Endpoint>> create(@NotNull(message = "is required") @Valid Request request) {
        return endpoints
                .create(caller(), request.checked(receivers))
                .invoke(made -> LOG.infof("webhook-endpoint.created endpointId=%s", made.id()))
                .map(made -> RestResponse.ResponseBuilder.<Endpoint>created(URI.create(PATH + "/" + made.id()))
                        .entity(made)
                        .build());
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<Page<Endpoint>> list(@BeanParam Query query) {
        Endpoints.Filter filter = query.filter(sees(identity));
        List<?> filters = filter.fingerprint();
        int size = query.size();
        return endpoints
                .list(caller(), isOperator(identity), filter, query.after(filters), size)
                .map(rows -> Page.of(rows, size, row -> row, last -> new PageToken(last.id()).encode(filters)));
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<Endpoint> get(@PathParam("endpointId") String id) {
        return endpoints.get(endpointId(id), caller(), isOperator(identity));
    }

    @PUT
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Endpoint> change(
            @PathParam("endpointId") String id, @NotNull(message = "is required") @Valid Request request) {
        Endpoints.Settings settings = request.checked(receivers);
        return endpoints.change(endpointId(id), caller(), settings);
    }

    @DELETE
    @Path("/{endpointId}")
    public Uni<Void> delete(@PathParam("endpointId") String id) {
        UUID endpoint = endpointId(id);
        return endpoints
                .delete(endpoint, caller())
                .invoke(() -> LOG.infof("webhook-endpoint.deleted endpointId=%s", endpoint));
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}/pause")
    public Uni<Endpoint> pause(@PathParam("endpointId") String id) {
        return endpoints.pause(endpointId(id), caller());
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}/resume")
    public Uni<Endpoint> resume(@PathParam("endpointId") String id) {
        return endpoints.resume(endpointId(id), caller());
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}/rotate-secret")
    public Uni<Endpoint> rotateSecret(@PathParam("endpointId") String id) {
        return endpoints.rotateSecret(endpointId(id), caller());
    }

    private String caller() {
        return Caller.of(identity).name();
    }

    static UUID endpointId(String given) {
        return Parameters.uuid("endpointId", given);
    }

    static boolean isOperator(SecurityIdentity identity) {
        return identity.hasRole(Roles.OPERATOR);
    }

    /** Whose endpoints the caller sees; empty for all. */
    static Optional<String> sees(SecurityIdentity identity) {
        return isOperator(identity)
                ? Optional.empty()
                : Optional.of(Caller.of(identity).name());
    }
}

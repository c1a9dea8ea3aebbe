package io.liveness.gateway.privacy;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.check.open.CodePoints;
import io.liveness.gateway.check.open.OpenSessionRequest;
import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
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
import java.time.Instant;
import java.util.List;
import java.util.UUID;
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

        /** The text leaves out the reference. */
        @Override
        public String toString() {
            return "ErasureRequest";
        }
    }

    /** An erasure over HTTP. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            UUID id,
            ErasureStatus status,
            Instant requestedAt,
            Instant finishedAt,
            int sessionsErased,
            int sessionsWaiting) {

        private enum ErasureStatus {
            RUNNING,
            DONE
        }

        private static View of(Erasure erasure) {
            return new View(
                    erasure.id,
                    erasure.finishedAt == null ? ErasureStatus.RUNNING : ErasureStatus.DONE,
                    erasure.requestedAt,
                    erasure.finishedAt,
                    erasure.sessions - erasure.waiting,
                    erasure.waiting);
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
    public Uni<RestResponse<View>> start(
            @HeaderParam(IdempotencyKey.HEADER) String key, @NotNull(message = "is required") @Valid Request request) {
        return erasures.start(
                        caller(), Caller.actor(identity), IdempotencyKey.required(key, "erasure"), request.reference())
                .map(started -> {
                    View erasure = View.of(started.erasure());
                    LOG.infof("erasure.requested erasureId=%s replayed=%s", erasure.id, started.replayed());
                    var answer = RestResponse.ResponseBuilder.create(RestResponse.Status.ACCEPTED, erasure);
                    return (started.replayed() ? answer.header(IdempotencyKey.REPLAYED_HEADER, true) : answer).build();
                });
    }

    @GET
    public Uni<Page<View>> list(@BeanParam PageQuery page) {
        List<?> filters = List.of("erasures", caller());
        return erasures.list(caller(), page.after(filters), page.size() + 1)
                .map(all -> page.page(all.stream().map(View::of).toList(), filters, View::id));
    }

    @GET
    @Path("/{erasureId}")
    public Uni<View> get(@PathParam("erasureId") String id) {
        return erasures.get(Parameters.uuid("erasureId", id), caller()).map(View::of);
    }

    private String caller() {
        return Caller.of(identity).name();
    }
}

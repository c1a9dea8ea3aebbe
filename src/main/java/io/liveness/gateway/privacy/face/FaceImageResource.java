package io.liveness.gateway.privacy.face;

import io.liveness.gateway.check.SessionPath;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;

/** The face image of a session over HTTP. Role {@code liveness} alone. */
@Path(SessionPath.PATH)
@RolesAllowed(Roles.LIVENESS)
class FaceImageResource {

    // The path is that of each method, not of the class: among classes with different paths, a method that neither has
    // would be 404, not 405.
    private static final String FACE_IMAGE = "/{id}/face-image";

    private final StreamFaceImage stream;
    private final Redactions redactions;
    private final SecurityIdentity identity;

    FaceImageResource(StreamFaceImage stream, Redactions redactions, SecurityIdentity identity) {
        this.stream = stream;
        this.redactions = redactions;
        this.identity = identity;
    }

    @GET
    @Path(FACE_IMAGE)
    @Produces({"image/jpeg", "image/png", "image/webp"})
    public Uni<Void> get(@PathParam("id") String id, @Context RoutingContext request) {
        return stream.stream(Parameters.uuid("id", id), caller(), actor(), request.request());
    }

    @DELETE
    @Path(FACE_IMAGE)
    public Uni<Void> delete(@PathParam("id") String id) {
        return redactions.redact(Parameters.uuid("id", id), caller(), actor());
    }

    private Caller caller() {
        return Caller.of(identity);
    }

    private String actor() {
        return Caller.actor(identity);
    }
}

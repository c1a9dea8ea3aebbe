package io.liveness.gateway.session.face;

import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.liveness.gateway.session.SessionPath;
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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The face image of a session over HTTP. Role {@code liveness} alone. */
@Path(SessionPath.PATH)
@RolesAllowed(Roles.LIVENESS)
@Tag(ref = "Liveness sessions")
class FaceImageResource {

    // Of the methods, not of the class: among classes with different paths, a method that neither has would be
    // 404, not 405.
    private static final String FACE_IMAGE = "/{id}/face-image";

    private final StreamFaceImage stream;
    private final RedactFaceImage redact;
    private final SecurityIdentity identity;

    FaceImageResource(StreamFaceImage stream, RedactFaceImage redact, SecurityIdentity identity) {
        this.stream = stream;
        this.redact = redact;
        this.identity = identity;
    }

    @GET
    @Path(FACE_IMAGE)
    @Produces({"image/jpeg", "image/png", "image/webp"})
    @Operation(
            operationId = "getFaceImage",
            summary = "Streams the face image of the caller's session that passed",
            description =
                    "404 unless the session is PASSED. 410 when the face image was redacted, or the vendor gave none or"
                            + " no longer has it. The vendor's document does not say how long it keeps face images: fetch them"
                            + " soon. The gateway redacts them after `liveness.face.retention`, 24 hours by default. Each view is"
                            + " recorded before the first byte is sent: FACE_VIEWED in data-events. An answer that breaks off is"
                            + " incomplete: request it again.")
    @APIResponse(responseCode = "200", ref = "FaceImage")
    @APIResponse(responseCode = "410", ref = "Gone")
    @APIResponse(responseCode = "502", ref = "FaceRefused")
    @APIResponse(responseCode = "503", ref = "FaceUnavailable")
    public Uni<Void> get(@PathParam("id") @Parameter(ref = "SessionId") String id, @Context RoutingContext request) {
        return stream.stream(Parameters.uuid("id", id), caller(), actor(), request.request());
    }

    @DELETE
    @Path(FACE_IMAGE)
    @Operation(
            operationId = "redactFaceImage",
            summary = "Redacts the face image of the caller's session that passed",
            description =
                    "The gateway deletes the address of the face image permanently. The session, its verdict and its"
                            + " charge stay. The vendor keeps its copy: its API has no deletion. A repeated request changes"
                            + " nothing. The gateway does the same after `liveness.face.retention`, 24 hours by default.")
    @APIResponse(responseCode = "204", ref = "FaceRedacted")
    public Uni<Void> delete(@PathParam("id") @Parameter(ref = "SessionId") String id) {
        return redact.redact(Parameters.uuid("id", id), caller(), actor());
    }

    private Caller caller() {
        return Caller.of(identity);
    }

    private String actor() {
        return Caller.actor(identity);
    }
}

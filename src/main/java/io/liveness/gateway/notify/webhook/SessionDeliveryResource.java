package io.liveness.gateway.notify.webhook;

import io.liveness.gateway.check.ReadSession;
import io.liveness.gateway.check.Viewer;
import io.liveness.gateway.notify.webhook.DeliveryResource.Delivery;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;

/** The deliveries of a session's events to the endpoints of its caller, over HTTP. */
@Path("/v1/liveness-sessions")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
class SessionDeliveryResource {

    /** $1 the session. It has some events, and its caller some endpoints: each pair is looked up. */
    private static final String LIST = """
            select d.* from event_log e
            cross join lateral (select id from webhook_endpoint where caller = e.caller limit 1000) p
            cross join lateral (
                select %s from webhook_delivery where endpoint_id = p.id and event_id = e.id limit 1) d
            where e.session_id = $1
            order by e.seq, d.endpoint_id limit 100
            """.formatted(DeliveryResource.COLUMNS);

    private final ReadSession read;
    private final Database database;
    private final SecurityIdentity identity;

    SessionDeliveryResource(ReadSession read, Database database, SecurityIdentity identity) {
        this.read = read;
        this.database = database;
        this.identity = identity;
    }

    /** The first hundred of them. */
    record Deliveries(List<Delivery> items) {}

    /** Oldest event first. */
    @GET
    @Path("/{id}/deliveries")
    public Uni<Deliveries> list(@PathParam("id") String id) {
        UUID session = Parameters.uuid("id", id);
        return read.byId(session, Viewer.of(identity))
                .chain(() -> database.read(LIST, Tuple.of(session)))
                .map(rows -> new Deliveries(rows.stream().map(Delivery::of).toList()));
    }
}

package io.liveness.gateway.events.feed;

import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/** The feed over HTTP. */
@Path("/v1/events")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.LIVENESS)
class FeedResource {

    private final ReadFeed feed;
    private final SecurityIdentity identity;

    FeedResource(ReadFeed feed, SecurityIdentity identity) {
        this.feed = feed;
        this.identity = identity;
    }

    @GET
    public Uni<ReadFeed.Part> list(@QueryParam("after") String after, @QueryParam("pageSize") String pageSize) {
        String caller = Caller.of(identity).name();
        Optional<ReadFeed.Cursor> cursor =
                Optional.ofNullable(after).map(token -> ReadFeed.Cursor.decode(token, caller));
        return feed.after(caller, cursor, Parameters.pageSize(pageSize));
    }
}

package io.liveness.gateway.notification.feed;

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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The feed over HTTP. */
@Path("/v1/events")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.LIVENESS)
@Tag(ref = "Webhooks")
class FeedResource {

    private final ReadFeed feed;
    private final SecurityIdentity identity;

    FeedResource(ReadFeed feed, SecurityIdentity identity) {
        this.feed = feed;
        this.identity = identity;
    }

    @GET
    @Operation(
            operationId = "listEvents",
            summary = "Gives the caller's events in order, from after an earlier one",
            description =
                    "For callers that cannot receive webhooks, and for what was not delivered. Needs no endpoint. Ask again with `next`:"
                            + " no event is left out, also while others are being recorded.")
    @APIResponse(responseCode = "200", ref = "CallerEvents")
    @APIResponse(responseCode = "410", ref = "FeedRestored")
    public Uni<FeedPage> list(
            @QueryParam("after") @Parameter(ref = "EventsAfter") String after,
            @QueryParam("pageSize") @Parameter(ref = "PageSize") String pageSize) {
        String caller = Caller.of(identity).name();
        Optional<FeedCursor> cursor = Optional.ofNullable(after).map(token -> FeedCursor.decode(token, caller));
        return feed.after(caller, cursor, Parameters.pageSize(pageSize))
                .map(part -> new FeedPage(part.events(), part.next().encode(caller)));
    }
}

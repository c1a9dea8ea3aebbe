package io.liveness.gateway.notify.feed;

import io.liveness.gateway.notify.EventType;
import io.liveness.gateway.notify.feed.ReadFeed.Cursor;
import io.liveness.gateway.notify.feed.ReadFeed.FeedFilter;
import io.liveness.gateway.notify.feed.ReadFeed.FeedPart;
import io.liveness.gateway.platform.limits.WaitingPlaces;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The feed over HTTP. */
@Path("/v1/events")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.LIVENESS)
class FeedResource {

    private static final String LATEST = "latest";

    private final ReadFeed feed;
    private final AwaitEvents await;
    private final Clock clock;
    private final SecurityIdentity identity;

    FeedResource(ReadFeed feed, AwaitEvents await, Clock clock, SecurityIdentity identity) {
        this.feed = feed;
        this.await = await;
        this.clock = clock;
        this.identity = identity;
    }

    /** The query of the feed, as it was written. A cursor is a place in the whole feed, whatever the filters were. */
    static class FeedQuery {

        @QueryParam("after")
        String after;

        @QueryParam("from")
        String from;

        @QueryParam("type")
        String type;

        @QueryParam("sessionId")
        String sessionId;

        @QueryParam("pageSize")
        String pageSize;

        @QueryParam("waitSeconds")
        @DefaultValue("0")
        String waitSeconds;

        private FeedFilter filter() {
            return new FeedFilter(
                    Parameters.optional(
                            "type",
                            type,
                            (name, given) -> Parameters.choice(name, EventType.values(), EventType::type, given)),
                    Parameters.optional("sessionId", sessionId, Parameters::uuid),
                    Parameters.pageSize(pageSize));
        }

        /** A start after the present time is refused: an event may come at any time from now on. */
        private Optional<Instant> from(Instant now) {
            if (from != null && after != null) {
                throw ProblemException.invalid("from", "must be left out when after is given");
            }
            return Optional.ofNullable(from)
                    .map(given -> given.equals(LATEST) ? now : Parameters.time("from", given))
                    .map(time -> time.isAfter(now) ? now : time);
        }
    }

    @GET
    public Uni<FeedPart> list(@BeanParam FeedQuery query) {
        Caller caller = Caller.of(identity);
        FeedFilter filter = query.filter();
        Optional<Instant> from = query.from(clock.instant());
        Optional<Cursor> after = Optional.ofNullable(query.after).map(token -> Cursor.decode(token, caller.name()));
        Duration wait = WaitingPlaces.wait(query.waitSeconds);
        return await.await(
                () -> from.isPresent()
                        ? feed.from(from.get(), filter, caller.name())
                        : feed.after(after, filter, caller.name()),
                filter,
                caller,
                wait);
    }
}

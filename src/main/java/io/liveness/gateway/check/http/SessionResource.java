package io.liveness.gateway.check.http;

import io.liveness.gateway.check.AwaitSession;
import io.liveness.gateway.check.ReadSession;
import io.liveness.gateway.check.RecordReads;
import io.liveness.gateway.check.SessionPath;
import io.liveness.gateway.check.SessionRow;
import io.liveness.gateway.check.SessionStatus;
import io.liveness.gateway.check.Sessions;
import io.liveness.gateway.check.Viewer;
import io.liveness.gateway.check.open.BudgetLimit;
import io.liveness.gateway.check.open.CodePoints;
import io.liveness.gateway.check.open.ImportSession;
import io.liveness.gateway.check.open.ImportSessionRequest;
import io.liveness.gateway.check.open.OpenSession;
import io.liveness.gateway.check.open.OpenSessionRequest;
import io.liveness.gateway.check.settle.PollNow;
import io.liveness.gateway.platform.Uncancellable;
import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.limits.WaitingPlaces;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.liveness.gateway.vendor.Confidential;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerResponse;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Singleton;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestResponse;

/** Sessions over HTTP. */
@Path(SessionPath.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.LIVENESS)
public class SessionResource {

    private final OpenSession open;
    private final ImportSession imports;
    private final BudgetLimit budget;
    private final PollNow poll;
    private final AwaitSession await;
    private final ReadSession read;
    private final Sessions sessions;
    private final SessionView.Views views;
    private final RecordReads reads;
    private final SecurityIdentity identity;

    SessionResource(
            OpenSession open,
            ImportSession imports,
            BudgetLimit budget,
            PollNow poll,
            AwaitSession await,
            ReadSession read,
            Sessions sessions,
            SessionView.Views views,
            RecordReads reads,
            SecurityIdentity identity) {
        this.open = open;
        this.imports = imports;
        this.budget = budget;
        this.poll = poll;
        this.await = await;
        this.read = read;
        this.sessions = sessions;
        this.views = views;
        this.reads = reads;
        this.identity = identity;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<SessionView>> open(
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @NotNull(message = "is required") @Valid OpenSessionRequest request,
            @Context HttpServerResponse response) {
        Viewer viewer = viewer();
        budget.tell(response, viewer.caller());
        return Uncancellable.from(open.open(viewer.caller(), IdempotencyKey.required(key, "session"), request))
                .map(opened -> answer(views.of(opened.session(), viewer), opened.replayed()));
    }

    @POST
    @Path("/import")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.IMPORTER)
    public Uni<RestResponse<SessionView>> importSession(
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @NotNull(message = "is required") @Valid ImportSessionRequest request) {
        Viewer viewer = viewer();
        return Uncancellable.from(
                        imports.importSession(viewer.caller(), IdempotencyKey.required(key, "session"), request))
                .map(imported -> answer(views.of(imported.session(), viewer), imported.replayed()));
    }

    private static RestResponse<SessionView> answer(SessionView session, boolean replayed) {
        return replayed
                ? RestResponse.ResponseBuilder.ok(session)
                        .header(IdempotencyKey.REPLAYED_HEADER, true)
                        .build()
                : RestResponse.ResponseBuilder.<SessionView>created(URI.create(SessionPath.PATH + "/" + session.id()))
                        .entity(session)
                        .build();
    }

    /** The query of the list of sessions, as it was written. */
    static class ListQuery extends PageQuery {

        @QueryParam("status")
        String status;

        @QueryParam("reference")
        String reference;

        @QueryParam("createdFrom")
        String createdFrom;

        @QueryParam("createdTo")
        String createdTo;

        @QueryParam("caller")
        String caller;

        Sessions.SessionFilter filter(Viewer viewer) {
            Sessions.SessionFilter first = new Sessions.SessionFilter(
                    viewer.whose(caller),
                    Optional.ofNullable(status).map(given -> Parameters.choice("status", SessionStatus.class, given)),
                    Parameters.optionalText("reference", reference, OpenSessionRequest.MAX_REFERENCE),
                    Parameters.optional("createdFrom", createdFrom, Parameters::time),
                    Parameters.optional("createdTo", createdTo, Parameters::time),
                    Optional.empty(),
                    size());
            return first.after(after(first.fingerprint()));
        }
    }

    @GET
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<Page<SessionView>> list(@BeanParam ListQuery query) {
        Viewer viewer = viewer();
        Sessions.SessionFilter filter = query.filter(viewer);
        return recorded(
                        sessions.page(filter),
                        rows -> rows.stream().limit(filter.pageSize()).toList(),
                        viewer)
                .map(rows -> Page.of(
                        rows,
                        filter.pageSize(),
                        row -> views.of(row, viewer),
                        last -> new PageToken(last.id()).encode(filter.fingerprint())));
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<SessionView> get(
            @PathParam("id") String id, @QueryParam("waitSeconds") @DefaultValue("0") String waitSeconds) {
        Viewer viewer = viewer();
        Duration wait = WaitingPlaces.wait(waitSeconds);
        return recorded(await.await(Parameters.uuid("id", id), viewer, wait), List::of, viewer)
                .map(row -> views.of(row, viewer));
    }

    /** Data of other callers' sessions is shown after that was recorded. */
    private <T> Uni<T> recorded(Uni<T> read, Function<T, List<SessionRow>> sessions, Viewer viewer) {
        if (!viewer.seesDataOfOthers()) {
            return read;
        }
        String actor = Caller.actor(identity);
        return read.call(shown -> reads.record(sessions.apply(shown), viewer, actor));
    }

    @POST
    @Path("/lookup")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<SessionView> lookup(@NotNull(message = "is required") @Valid LookupRequest request) {
        Viewer viewer = viewer();
        return read.byToken(new Confidential(request.token()), viewer.caller()).map(row -> views.of(row, viewer));
    }

    @POST
    @Path("/{id}/check")
    public Uni<SessionView> check(@PathParam("id") String id) {
        Viewer viewer = viewer();
        return Uncancellable.from(poll.poll(Parameters.uuid("id", id), viewer.caller()))
                .map(row -> views.of(row, viewer));
    }

    private Viewer viewer() {
        return Viewer.of(identity);
    }

    /** What a return page knows of its session. In a body, not in a query: tokens stay out of access logs. */
    record LookupRequest(
            @NotNull(message = "is required") @CodePoints(min = 1, max = 512)
            String token) {

        @Override
        public String toString() {
            return "LookupRequest[***]";
        }
    }

    /** Nothing passes on a connection while a read waits: the server must not take it for an idle one. */
    @Singleton
    static class IdleTimeoutRule implements ConfigurationRule {

        private static final String PROPERTY = "quarkus.http.idle-timeout";

        IdleTimeoutRule(@ConfigProperty(name = PROPERTY) Duration idle) {
            if (idle.toSeconds() <= WaitingPlaces.MAX_WAIT_SECONDS) {
                throw new IllegalArgumentException(PROPERTY + " must be longer than " + WaitingPlaces.MAX_WAIT_SECONDS
                        + "s, the longest waitSeconds; it is " + idle.toSeconds() + "s");
            }
        }
    }
}

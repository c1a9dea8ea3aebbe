package io.liveness.gateway.session.api;

import io.liveness.gateway.platform.Uncancellable;
import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.liveness.gateway.session.ReadSession;
import io.liveness.gateway.session.RecordReads;
import io.liveness.gateway.session.SessionPath;
import io.liveness.gateway.session.SessionRow;
import io.liveness.gateway.session.Viewer;
import io.liveness.gateway.session.list.SessionEntity;
import io.liveness.gateway.session.list.SessionFilter;
import io.liveness.gateway.session.list.Sessions;
import io.liveness.gateway.session.opening.BudgetLimit;
import io.liveness.gateway.session.opening.OpenSession;
import io.liveness.gateway.session.request.OpenSessionRequest;
import io.liveness.gateway.session.settling.CheckSession;
import io.liveness.gateway.session.waiting.AwaitSession;
import io.liveness.gateway.vendor.Confidential;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerResponse;
import jakarta.annotation.security.RolesAllowed;
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
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Sessions over HTTP. */
@Path(SessionPath.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.LIVENESS)
@Tag(ref = "Liveness sessions")
public class SessionResource {

    static final int MAX_WAIT_SECONDS = 30;

    private final OpenSession open;
    private final BudgetLimit budget;
    private final CheckSession check;
    private final AwaitSession await;
    private final ReadSession read;
    private final Sessions sessions;
    private final SessionViews views;
    private final RecordReads reads;
    private final SecurityIdentity identity;

    SessionResource(
            OpenSession open,
            BudgetLimit budget,
            CheckSession check,
            AwaitSession await,
            ReadSession read,
            Sessions sessions,
            SessionViews views,
            RecordReads reads,
            SecurityIdentity identity) {
        this.open = open;
        this.budget = budget;
        this.check = check;
        this.await = await;
        this.read = read;
        this.sessions = sessions;
        this.views = views;
        this.reads = reads;
        this.identity = identity;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "openSession",
            summary = "Opens a session: at most one paid check for each key",
            description =
                    "Takes the fee at the vendor (pre-deduction, vendor document, 计费说明). Sending the same request again with the"
                            + " same key never costs a second fee.")
    @RequestBody(ref = "OpenSession")
    @APIResponse(responseCode = "201", ref = "SessionOpened")
    @APIResponse(responseCode = "200", ref = "SessionReplayed")
    @APIResponse(responseCode = "400", ref = "BadOpenRequest")
    @APIResponse(responseCode = "409", ref = "KeyInFlight")
    @APIResponse(responseCode = "410", ref = "KeyGone")
    @APIResponse(responseCode = "422", ref = "KeyReused")
    @APIResponse(responseCode = "429", ref = "OpenLimited")
    @APIResponse(responseCode = "502", ref = "VendorRejected")
    @APIResponse(responseCode = "503", ref = "VendorUnavailable")
    @APIResponse(responseCode = "504", ref = "VendorOutcomeUnknown")
    public Uni<RestResponse<SessionView>> open(
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(ref = "OpenKey") String key,
            @NotNull(message = "is required") @Valid OpenSessionRequest request,
            @Context HttpServerResponse response) {
        Viewer viewer = viewer();
        budget.tell(response, viewer.caller());
        return Uncancellable.from(open.open(viewer.caller(), IdempotencyKey.check(key, "session"), request))
                .map(opened -> answer(views.of(opened.session(), viewer), opened.replayed()));
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

    @GET
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    @Operation(
            operationId = "listSessions",
            summary = "Lists sessions, newest first",
            description =
                    "A caller sees its own sessions. The role operator sees all sessions, without token, checkUrl,"
                            + " metadata and returnUrl; with the role operator-data too it sees the last two, and that is recorded:"
                            + " DATA_READ in data-events.")
    @APIResponse(responseCode = "200", ref = "SessionPage")
    public Uni<SessionPage> list(@BeanParam ListQuery query) {
        Viewer viewer = viewer();
        SessionFilter filter = query.filter(viewer);
        return recorded(
                        sessions.page(filter),
                        rows -> rows.stream()
                                .limit(filter.pageSize())
                                .map(SessionEntity::row)
                                .toList(),
                        viewer)
                .map(rows -> Page.of(
                        rows,
                        filter.pageSize(),
                        row -> views.of(row.row(), viewer),
                        last -> new PageToken(last.id).encode(filter.fingerprint()),
                        SessionPage::new));
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    @Operation(
            operationId = "getSession",
            summary = "Reads a session",
            description =
                    "A caller may read its own sessions. The role operator may read all sessions, without token, checkUrl,"
                            + " metadata and returnUrl; with the role operator-data too it sees the last two, and that is recorded:"
                            + " DATA_READ in data-events.")
    @APIResponse(responseCode = "200", ref = "Session")
    @APIResponse(responseCode = "503", ref = "Busy")
    public Uni<SessionView> get(
            @PathParam("id") @Parameter(ref = "SessionId") String id,
            @QueryParam("waitSeconds") @DefaultValue("0") @Parameter(ref = "WaitSeconds") String waitSeconds) {
        Viewer viewer = viewer();
        Duration wait = Duration.ofSeconds(Parameters.number("waitSeconds", waitSeconds, 0, MAX_WAIT_SECONDS));
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
    @Operation(
            operationId = "lookupSession",
            summary = "Finds the caller's session with a vendor token",
            description = "For a return page, which receives only the token. Works before and after the verdict.")
    @RequestBody(ref = "LookupSession")
    @APIResponse(responseCode = "200", ref = "SessionFound")
    @APIResponse(responseCode = "404", ref = "NotFound")
    public Uni<SessionView> lookup(@NotNull(message = "is required") @Valid LookupRequest request) {
        Viewer viewer = viewer();
        return read.byToken(new Confidential(request.token()), viewer.caller()).map(row -> views.of(row, viewer));
    }

    @POST
    @Path("/{id}/check")
    @Operation(
            operationId = "checkSession",
            summary = "Asks the vendor for the verdict now",
            description =
                    "Answers with the session, changed or not, also when the vendor fails or the budget of calls is"
                            + " spent. A check costs no fee.")
    @APIResponse(responseCode = "200", ref = "SessionChecked")
    public Uni<SessionView> check(@PathParam("id") @Parameter(ref = "SessionId") String id) {
        Viewer viewer = viewer();
        return Uncancellable.from(check.check(Parameters.uuid("id", id), viewer.caller()))
                .map(row -> views.of(row, viewer));
    }

    private Viewer viewer() {
        return Viewer.of(identity);
    }
}

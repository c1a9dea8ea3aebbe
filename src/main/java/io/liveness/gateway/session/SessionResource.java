package io.liveness.gateway.session;

import io.liveness.gateway.platform.Caller;
import io.liveness.gateway.platform.Detached;
import io.liveness.gateway.platform.Page;
import io.liveness.gateway.platform.PageToken;
import io.liveness.gateway.platform.Parameters;
import io.liveness.gateway.platform.Problem;
import io.liveness.gateway.platform.ProblemException;
import io.liveness.gateway.platform.Roles;
import io.liveness.gateway.vendor.Confidential;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Sessions over HTTP. */
@Path(SessionResource.PATH)
@RolesAllowed(Roles.LIVENESS)
@Tag(name = "Liveness sessions", description = "Checks that a real person is in front of the camera.")
@APIResponse(
        responseCode = "400",
        description = "A rule is broken",
        content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
@APIResponse(
        responseCode = "401",
        description = "No valid token",
        content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
@APIResponse(
        responseCode = "403",
        description = "The role is missing",
        content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
@APIResponse(
        responseCode = "default",
        description = "Another error",
        content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
class SessionResource {

    static final String PATH = "/v1/liveness-sessions";

    private static final int MAX_WAIT_SECONDS = 30;

    private final OpenSession open;
    private final CheckSession check;
    private final AwaitSession await;
    private final Sessions sessions;
    private final Events events;
    private final SessionViews views;
    private final SecurityIdentity identity;

    SessionResource(
            OpenSession open,
            CheckSession check,
            AwaitSession await,
            Sessions sessions,
            Events events,
            SessionViews views,
            SecurityIdentity identity) {
        this.open = open;
        this.check = check;
        this.await = await;
        this.sessions = sessions;
        this.events = events;
        this.views = views;
        this.identity = identity;
    }

    @POST
    @Operation(operationId = "openSession", summary = "Opens a session: at most one paid check for each key")
    @APIResponse(
            responseCode = "201",
            description = "Opened by this request",
            headers = @Header(name = "Location", schema = @Schema(type = SchemaType.STRING)),
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = SessionView.class)))
    @APIResponse(
            responseCode = "200",
            description = "The session that this key led to before, as it is now",
            headers = @Header(name = "Idempotency-Replayed", schema = @Schema(type = SchemaType.BOOLEAN)),
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = SessionView.class)))
    public Uni<RestResponse<SessionView>> open(
            @HeaderParam(IdempotencyKey.HEADER)
                    @Parameter(
                            required = true,
                            description = "New for each intended session, kept for its retries.",
                            schema = @Schema(pattern = "^" + IdempotencyKey.FORM + "$", maxLength = 64))
                    String key,
            @NotNull(message = "is required") @Valid OpenSessionRequest request) {
        return Detached.from(open.open(caller(), IdempotencyKey.check(key), request))
                .map(opened -> answer(views.of(opened.session()), opened.replayed()));
    }

    private static RestResponse<SessionView> answer(SessionView session, boolean replayed) {
        return replayed
                ? RestResponse.ResponseBuilder.ok(session)
                        .header("Idempotency-Replayed", true)
                        .build()
                : RestResponse.ResponseBuilder.<SessionView>created(URI.create(PATH + "/" + session.id()))
                        .entity(session)
                        .build();
    }

    @GET
    @Operation(operationId = "listSessions", summary = "Lists the own sessions, newest first")
    @APIResponse(responseCode = "200", description = "A page of them")
    public Uni<Page<SessionView>> list(@BeanParam ListQuery query) {
        SessionFilter filter = query.filter();
        return sessions.page(caller(), filter)
                .map(rows -> Page.of(
                        rows,
                        filter.pageSize(),
                        views::of,
                        last -> new PageToken(last.id).encode(filter.fingerprint())));
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getSession", summary = "Reads an own session")
    @APIResponse(responseCode = "200", description = "The session")
    public Uni<SessionView> get(
            @PathParam("id") @Parameter(schema = @Schema(format = "uuid")) String id,
            @QueryParam("waitSeconds")
                    @DefaultValue("0")
                    @Parameter(
                            description = "Holds the answer until the session is settled, at most so many seconds.",
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "0",
                                            maximum = "30",
                                            defaultValue = "0"))
                    String waitSeconds) {
        Duration wait = Duration.ofSeconds(Parameters.number("waitSeconds", waitSeconds, 0, MAX_WAIT_SECONDS));
        return await.await(Parameters.uuid("id", id), caller(), wait).map(views::of);
    }

    @POST
    @Path("/lookup")
    @Operation(operationId = "lookupSession", summary = "Finds the own session that holds a vendor token")
    @APIResponse(responseCode = "200", description = "The session")
    public Uni<SessionView> lookup(@NotNull(message = "is required") @Valid LookupRequest request) {
        return found(sessions.byToken(new Confidential(request.token()), caller()));
    }

    @POST
    @Path("/{id}/check")
    @Operation(
            operationId = "checkSession",
            summary = "Asks the vendor for the verdict now",
            description =
                    "Answers with the session, changed or not: also when the vendor failed or its budget is spent.")
    @APIResponse(responseCode = "200", description = "The session, changed or not")
    public Uni<SessionView> check(@PathParam("id") @Parameter(schema = @Schema(format = "uuid")) String id) {
        return Detached.from(check.check(Parameters.uuid("id", id), caller())).map(views::of);
    }

    @GET
    @Path("/{id}/events")
    @Operation(operationId = "listSessionEvents", summary = "Tells what happened to an own session, oldest first")
    @APIResponse(responseCode = "200", description = "A page of them")
    public Uni<Page<EventView>> events(
            @PathParam("id") @Parameter(schema = @Schema(format = "uuid")) String id,
            @QueryParam("pageSize")
                    @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "500",
                                            defaultValue = "50"))
                    String pageSize,
            @QueryParam("pageToken") String pageToken) {
        UUID session = Parameters.uuid("id", id);
        int size = Parameters.pageSize(pageSize);
        List<?> filters = List.of(session);
        long after = pageToken == null
                ? 0
                : PageToken.decode(pageToken, filters).after().getLeastSignificantBits();
        return existing(sessions.byId(session, caller()))
                .chain(() -> events.of(session, after, size))
                .map(rows -> Page.of(
                        rows, size, EventView::of, last -> new PageToken(new UUID(0, last.seq)).encode(filters)));
    }

    private Caller caller() {
        return Caller.of(identity);
    }

    private Uni<SessionView> found(Uni<SessionRow> session) {
        return existing(session).map(views::of);
    }

    private static Uni<SessionRow> existing(Uni<SessionRow> session) {
        return session.onItem().ifNull().failWith(ProblemException::notFound);
    }
}

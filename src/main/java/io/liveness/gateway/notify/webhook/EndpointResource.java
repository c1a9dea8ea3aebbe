package io.liveness.gateway.notify.webhook;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.check.Viewer;
import io.liveness.gateway.notify.EventType;
import io.liveness.gateway.notify.WebhookConfig;
import io.liveness.gateway.notify.receiver.ReceiverUrl;
import io.liveness.gateway.notify.receiver.Receivers;
import io.liveness.gateway.notify.webhook.EndpointView.Backlog;
import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;

/** Webhook endpoints over HTTP. An endpoint of another caller does not exist for a caller. */
@Path(EndpointResource.PATH)
@RolesAllowed(Roles.LIVENESS)
class EndpointResource {

    static final String PATH = "/v1/webhook-endpoints";

    private static final Logger LOG = Logger.getLogger(EndpointResource.class);

    /** Comes after every id. */
    static final UUID LAST = new UUID(-1, -1);

    private final Endpoints endpoints;
    private final Database database;
    private final EndpointSecrets secrets;
    private final Receivers receivers;
    private final WebhookConfig config;
    private final SecurityIdentity identity;

    EndpointResource(
            Endpoints endpoints,
            Database database,
            EndpointSecrets secrets,
            Receivers receivers,
            WebhookConfig config,
            SecurityIdentity identity) {
        this.endpoints = endpoints;
        this.database = database;
        this.secrets = secrets;
        this.receivers = receivers;
        this.config = config;
        this.identity = identity;
    }

    /** An endpoint as its owner wants it. */
    record Request(
            @NotNull(message = "is required")
            @Size(
                    min = 1,
                    max = ReceiverUrl.MOST_CHARACTERS,
                    message = "must have 1 to " + ReceiverUrl.MOST_CHARACTERS + " characters")
            String url,

            String description,

            @Size(max = MOST_TYPES, message = "must have at most " + MOST_TYPES + " types")
            List<@NotNull(message = "must not be null") EventType> eventTypes) {

        static final int MAX_DESCRIPTION = 200;
        static final int MOST_TYPES = 5;

        /**
         * Fails naming the field that breaks a rule.
         *
         * @param verify what the query says
         * @param known the address that the endpoint has, which is not refused; null without one
         */
        private Uni<Void> check(Receivers receivers, String verify, String known, Caller caller) {
            Optional.ofNullable(description)
                    .ifPresent(given -> Parameters.text("description", given, 1, MAX_DESCRIPTION));
            boolean mustResolve =
                    Parameters.optional("verify", verify, Parameters::flag).orElse(true);
            if (url.equals(known)) {
                return Uni.createFrom().voidItem();
            }
            return receivers
                    .whyRefused(url, mustResolve, caller)
                    .invoke(why -> why.ifPresent(rule -> {
                        throw ProblemException.invalid("url", rule);
                    }))
                    .replaceWithVoid();
        }

        /** Null for all. */
        private String[] types() {
            return eventTypes == null || eventTypes.isEmpty()
                    ? null
                    : eventTypes.stream().map(EventType::type).distinct().toArray(String[]::new);
        }

        /** What it asks for, as one text. */
        private String content() {
            return new JsonArray()
                    .add(url)
                    .add(description)
                    .add(types() == null ? null : List.of(types()))
                    .encode();
        }

        /** The text leaves out the address. */
        @Override
        public String toString() {
            return "EndpointRequest";
        }
    }

    /**
     * Stores an endpoint with its secret, within the limit of endpoints. $1 its caller, $2 its id, $3 to $5 what the request gives, $6 the
     * secret, $7 how many a caller may have, $8 the key and $9 the hash of the request, null without a key. No row when the key has created
     * one.
     */
    private static final String CREATE = """
            insert into webhook_endpoint (id, caller, url, description, event_types, status, secrets_sealed, secrets_until, secrets_key,
                                          created_by_key, request_hash, created_at, updated_at)
            select $2, $1, $3, $4, $5, 'ACTIVE', array[$6::bytea], array['infinity'::timestamptz], array[$8::text],
                   $8, $9, liveness_now(), liveness_now()
            where endpoint_may_be_created($1, $7)
            on conflict (caller, created_by_key) do nothing
            returning created_at, version
            """;

    /** The secret that the key has made, while it signs. */
    private static final String SECRET_OF = """
            (select s.sealed from unnest(secrets_sealed, secrets_until, secrets_key) as s (sealed, until, key)
             where s.key = $2::text and s.until > liveness_now()) as secret_sealed
            """;

    /** $1 the caller, $2 the key. */
    private static final String READ_CREATED = """
            select id, request_hash, %s
            from webhook_endpoint where caller = $1 and created_by_key = $2::text
            """.formatted(SECRET_OF);

    /** Answers the secret, which is shown to this request and to its repetitions under the same key. */
    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<EndpointView>> create(
            @HeaderParam(IdempotencyKey.HEADER) String givenKey,
            @QueryParam("verify") String verify,
            @NotNull(message = "is required") @Valid Request request) {
        Optional<String> key = IdempotencyKey.optional(givenKey);
        return createdBefore(key, request)
                .chain(before -> before.isPresent()
                        ? Uni.createFrom().item(before.get())
                        : request.check(receivers, verify, null, Caller.of(identity))
                                .chain(allowed -> create(key, request)));
    }

    private Uni<RestResponse<EndpointView>> create(Optional<String> key, Request request) {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        String secret = secrets.create();
        Tuple parameters = Tuple.tuple()
                .addString(caller())
                .addUUID(id)
                .addString(request.url)
                .addString(request.description)
                .addArrayOfString(request.types())
                .addBuffer(Buffer.buffer(secrets.seal(id, secret)))
                .addInteger(config.maxEndpoints())
                .addString(key.orElse(null))
                .addBuffer(key.map(given -> hash(given, request)).orElse(null));
        return database.execute(CREATE, parameters)
                .chain(rows -> rows.size() == 0
                        ? createdBefore(key, request).map(before -> before.orElseThrow(this::limitReached))
                        : Uni.createFrom()
                                .item(created(
                                        own(made(id, request, rows.iterator().next()), secret))));
    }

    private Endpoint made(UUID id, Request request, Row row) {
        Endpoint made = new Endpoint();
        made.id = id;
        made.caller = caller();
        made.url = request.url;
        made.description = request.description;
        made.eventTypes = request.types();
        made.status = Endpoint.EndpointStatus.ACTIVE;
        made.version = row.getInteger("version");
        made.createdAt = Database.time(row, "created_at");
        made.updatedAt = made.createdAt;
        return made;
    }

    private static RestResponse<EndpointView> created(EndpointView made) {
        LOG.infof("webhook-endpoint.created endpointId=%s", made.id());
        return RestResponse.ResponseBuilder.<EndpointView>created(URI.create(PATH + "/" + made.id()))
                .header(HttpHeaders.ETAG, made.tag())
                .entity(made)
                .build();
    }

    /** The answer to a request that repeats another one. */
    private Uni<Optional<RestResponse<EndpointView>>> createdBefore(Optional<String> key, Request request) {
        if (key.isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        return database.execute(READ_CREATED, Tuple.of(caller(), key.get())).chain(rows -> {
            if (rows.size() == 0) {
                return Uni.createFrom().item(Optional.empty());
            }
            Row known = rows.iterator().next();
            if (!hash(key.get(), request).equals(known.getBuffer("request_hash"))) {
                throw IdempotencyKey.reused();
            }
            return withSecret(known)
                    .map(endpoint -> {
                        RestResponse<EndpointView> answer = IdempotencyKey.answer(endpoint, true);
                        answer.getHeaders().putSingle(HttpHeaders.ETAG, endpoint.tag());
                        return Optional.of(answer);
                    })
                    // A key whose endpoint was deleted meanwhile is free.
                    .onFailure(ProblemException.class)
                    .recoverWithItem(Optional.empty());
        });
    }

    private Buffer hash(String key, Request request) {
        return Buffer.buffer(secrets.hash(key, request.content()));
    }

    /** The view has the secret that the request with the key has made; none when it signs no more. */
    private Uni<EndpointView> withSecret(Row row) {
        UUID id = row.getUUID("id");
        Buffer sealed = row.getBuffer("secret_sealed");
        return own(id, sealed == null ? null : secrets.open(id, sealed.getBytes()));
    }

    private ProblemException limitReached() {
        return new ProblemException(
                ProblemCode.ENDPOINT_LIMIT_REACHED,
                "A caller has at most " + config.maxEndpoints()
                        + " webhook endpoints (liveness.webhook.max-endpoints). Delete one, or change one.");
    }

    /** The query of the list of endpoints, as it was sent. */
    static class EndpointQuery extends PageQuery {

        @QueryParam("caller")
        String caller;

        @QueryParam("status")
        String status;

        /** True: ACTIVE and without a failure since the last success; false: all others. */
        @QueryParam("healthy")
        String healthy;
    }

    /** Newest first. An operator sees the endpoints of all callers, with their backlog. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<Page<EndpointView>> list(@BeanParam EndpointQuery query) {
        Optional<String> whose = Viewer.of(identity).whose(query.caller);
        Optional<Endpoint.EndpointStatus> status = Parameters.optional(
                "status", query.status, (name, given) -> Parameters.choice(name, Endpoint.EndpointStatus.class, given));
        Optional<Boolean> healthy = Parameters.optional("healthy", query.healthy, Parameters::flag);
        List<?> filters = List.of(whose.orElse("*"), status, healthy);
        return endpoints
                .list(whose, status, healthy, query.after(filters).orElse(LAST), query.size() + 1)
                .chain(this::seen)
                .map(all -> query.page(all, filters, EndpointView::id));
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<RestResponse<EndpointView>> get(@PathParam("endpointId") String id) {
        return endpoints.get(endpointId(id), whose()).chain(this::seen).map(EndpointResource::tagged);
    }

    private static RestResponse<EndpointView> tagged(EndpointView endpoint) {
        return RestResponse.ResponseBuilder.ok(endpoint)
                .header(HttpHeaders.ETAG, endpoint.tag())
                .build();
    }

    private static final int MOST_OF_TAGS = 256;

    /** The form that our tags have: a weak one, or one of another form, is none of ours. */
    private static final Pattern TAG = Pattern.compile("\"([1-9]\\d{0,8})\"");

    @PUT
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<EndpointView>> change(
            @PathParam("endpointId") String id,
            @HeaderParam(HttpHeaders.IF_MATCH) List<String> ifMatch,
            @QueryParam("verify") String verify,
            @NotNull(message = "is required") @Valid Request request) {
        UUID endpoint = endpointId(id);
        Optional<Set<Integer>> versions = versions(ifMatch);
        Optional<String> owner = Optional.of(caller());
        return endpoints
                .get(endpoint, owner)
                .map(known -> known.url)
                .onFailure(ProblemException.class)
                .recoverWithNull()
                .chain(known -> request.check(receivers, verify, known, Caller.of(identity)))
                .chain(allowed -> endpoints.replace(
                        endpoint, caller(), versions, request.url, request.description, request.types()))
                .map(changed -> tagged(own(changed, null)));
    }

    static ProblemException changedMeanwhile() {
        return ProblemException.precondition(
                HttpHeaders.IF_MATCH, "changed-meanwhile", "must have the ETag that the endpoint has now");
    }

    /** Empty without a condition: {@code *} holds for any endpoint. */
    private static Optional<Set<Integer>> versions(List<String> ifMatch) {
        String tags = String.join(",", ifMatch).strip();
        if (ifMatch.size() > 1 || tags.length() > MOST_OF_TAGS) {
            throw ProblemException.invalid(
                    HttpHeaders.IF_MATCH, "must be given once, with at most " + MOST_OF_TAGS + " characters");
        }
        return tags.isEmpty() || tags.equals("*")
                ? Optional.empty()
                : Optional.of(Stream.of(tags.split(","))
                        .map(tag -> TAG.matcher(tag.strip()))
                        .filter(Matcher::matches)
                        .map(tag -> Integer.valueOf(tag.group(1)))
                        .collect(Collectors.toSet()));
    }

    /** Deletes its deliveries too. */
    @DELETE
    @Path("/{endpointId}")
    public Uni<Void> delete(@PathParam("endpointId") String id) {
        UUID endpoint = endpointId(id);
        return endpoints
                .delete(endpoint, caller())
                .invoke(() -> LOG.infof("webhook-endpoint.deleted endpointId=%s", endpoint));
    }

    /** Changes nothing where it is not ACTIVE, unless an operator binds its owner. The owner is told of an operator's pause. */
    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}/pause")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<EndpointView> pause(@PathParam("endpointId") String id) {
        String by = Caller.actor(identity);
        return endpoints
                .pause(endpointId(id), whose(), caller())
                .invoke(paused -> LOG.infof("webhook-endpoint.paused endpointId=%s by=%s", paused.id, by))
                .chain(this::seen);
    }

    /** Attempts begin at once, those too that would be due later. */
    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}/resume")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<EndpointView> resume(@PathParam("endpointId") String id) {
        String by = Caller.actor(identity);
        return endpoints
                .resume(endpointId(id), whose())
                .invoke(resumed -> LOG.infof("webhook-endpoint.resumed endpointId=%s by=%s", resumed.id, by))
                .chain(this::seen);
    }

    static ProblemException pausedByOperator() {
        return new ProblemException(
                ProblemCode.FORBIDDEN,
                "An operator has paused this endpoint, and resumes it. Ask operations what is wrong with it.");
    }

    /** Old secrets that sign beside the present one: each lengthens the header of signatures. */
    private static final int MOST_OLD_SECRETS = 10;

    /**
     * Adds a secret. $1 the caller, $2 the endpoint, $3 the new secret, $4 how long the present one still signs, in milliseconds, $5 the key or
     * null, $6 how many old ones are kept; the one that is dropped must have ended. No row when the key was used before.
     */
    private static final String ROTATE = """
            update webhook_endpoint
            set secrets_sealed = $3::bytea || secrets_sealed[1:$6::int],
                secrets_until =
                    array['infinity', liveness_now() + $4::float8 * interval '1 millisecond'] || secrets_until[2:$6::int],
                secrets_key = $5::text || secrets_key[1:$6::int],
                updated_at = liveness_now()
            where id = $2 and caller = $1
              and ($5::text is null or array_position(secrets_key || created_by_key, $5::text) is null)
              and coalesce(secrets_until[$6::int + 1] <= liveness_now(), true)
            returning updated_at, case when secrets_until[2] > liveness_now() then secrets_until[2] end as old_secret_until
            """;

    /** $1 the caller, $2 the key, $3 the endpoint. */
    private static final String READ_ROTATED = """
            select id, created_by_key = $2::text as creates, array_position(secrets_key, $2::text) is not null as rotates, %s
            from webhook_endpoint where id = $3 and caller = $1
            """.formatted(SECRET_OF);

    /** Answers the new secret, which is shown to this request and to its repetitions under the same key. */
    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}/rotate-secret")
    public Uni<RestResponse<EndpointView>> rotateSecret(
            @HeaderParam(IdempotencyKey.HEADER) String givenKey, @PathParam("endpointId") String id) {
        UUID endpoint = endpointId(id);
        Optional<String> key = IdempotencyKey.optional(givenKey);
        String secret = secrets.create();
        Tuple rotation = Tuple.of(
                caller(),
                endpoint,
                Buffer.buffer(secrets.seal(endpoint, secret)),
                (double) config.oldSecretValid().toMillis(),
                key.orElse(null),
                MOST_OLD_SECRETS);
        // Read before: once the secret is stored, nothing that fails may keep it from its owner.
        return endpoints
                .get(endpoint, Optional.of(caller()))
                .chain(own -> database.execute(ROTATE, rotation)
                        .chain(rows -> rows.size() == 0
                                ? rotatedBefore(endpoint, key)
                                : Uni.createFrom()
                                        .item(rotated(own, rows.iterator().next(), secret))));
    }

    private RestResponse<EndpointView> rotated(Endpoint own, Row row, String secret) {
        own.updatedAt = Database.time(row, "updated_at");
        own.oldSecretUntil = Database.time(row, "old_secret_until");
        return IdempotencyKey.answer(own(own, secret), false);
    }

    private Uni<RestResponse<EndpointView>> rotatedBefore(UUID endpoint, Optional<String> key) {
        return database.execute(READ_ROTATED, Tuple.of(caller(), key.orElse(null), endpoint))
                .chain(rows -> {
                    Row known = Database.only(rows);
                    if (Boolean.TRUE.equals(known.getBoolean("creates"))) {
                        throw IdempotencyKey.reused();
                    }
                    if (key.isEmpty() || !known.getBoolean("rotates")) {
                        throw new ProblemException(
                                ProblemCode.SECRET_LIMIT_REACHED,
                                "The endpoint has " + MOST_OLD_SECRETS
                                        + " old secrets that sign. Rotate again when the first of them has ended.");
                    }
                    return withSecret(known).map(made -> IdempotencyKey.answer(made, true));
                });
    }

    /**
     * Reads an endpoint of the caller, as its owner sees it.
     *
     * @param secret is shown this once; else null
     */
    private Uni<EndpointView> own(UUID id, String secret) {
        return endpoints.get(id, Optional.of(caller())).map(endpoint -> own(endpoint, secret));
    }

    private EndpointView own(Endpoint endpoint, String secret) {
        return EndpointView.of(endpoint, caller(), secret, null);
    }

    private Uni<EndpointView> seen(Endpoint endpoint) {
        return seen(List.of(endpoint)).map(all -> all.get(0));
    }

    /** $1 endpoints. */
    private static final String BACKLOG = """
            select id,
                   (select count(*) from (
                        select from webhook_delivery d where d.endpoint_id = p.id and d.status = 'PENDING' limit 100) counted) as pending,
                   (select count(*) from (
                        select from webhook_delivery d where d.endpoint_id = p.id and d.status = 'FAILED' limit 100) counted) as failed
            from unnest($1::uuid[]) p (id)
            """;

    /** An operator sees the backlog too. */
    private Uni<List<EndpointView>> seen(List<Endpoint> all) {
        String reader = caller();
        if (!isOperator()) {
            return Uni.createFrom()
                    .item(all.stream()
                            .map(endpoint -> EndpointView.of(endpoint, reader, null, null))
                            .toList());
        }
        UUID[] ids = all.stream().map(endpoint -> endpoint.id).toArray(UUID[]::new);
        return database.read(BACKLOG, Tuple.tuple().addArrayOfUUID(ids)).map(rows -> {
            Map<UUID, Backlog> backlogs = rows.stream()
                    .collect(Collectors.toMap(
                            row -> row.getUUID("id"),
                            row -> new Backlog(row.getLong("pending"), row.getLong("failed"))));
            return all.stream()
                    .map(endpoint -> EndpointView.of(endpoint, reader, null, backlogs.get(endpoint.id)))
                    .toList();
        });
    }

    /** Whose endpoints it reads; empty for an operator, who reads all. */
    private Optional<String> whose() {
        return isOperator() ? Optional.empty() : Optional.of(caller());
    }

    private String caller() {
        return Caller.of(identity).name();
    }

    static UUID endpointId(String given) {
        return Parameters.uuid("endpointId", given);
    }

    private boolean isOperator() {
        return identity.hasRole(Roles.OPERATOR);
    }
}

package io.liveness.gateway.notify.webhook;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.check.Viewer;
import io.liveness.gateway.notify.EventType;
import io.liveness.gateway.notify.WebhookConfig;
import io.liveness.gateway.notify.receiver.ReceiverUrl;
import io.liveness.gateway.notify.receiver.Receivers;
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
import io.vertx.sqlclient.RowSet;
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
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;

/** Webhook endpoints over HTTP. An endpoint of another caller does not exist for a caller. In each statement $1 is a caller. */
@Path(EndpointResource.PATH)
@RolesAllowed(Roles.LIVENESS)
class EndpointResource {

    static final String PATH = "/v1/webhook-endpoints";

    private static final Logger LOG = Logger.getLogger(EndpointResource.class);

    /** Comes after every id. */
    static final UUID LAST = new UUID(-1, -1);

    private static final String RETURNING = " returning " + Endpoint.COLUMNS;

    private final Database database;
    private final EndpointSecrets secrets;
    private final Receivers receivers;
    private final WebhookConfig config;
    private final SecurityIdentity identity;

    EndpointResource(
            Database database,
            EndpointSecrets secrets,
            Receivers receivers,
            WebhookConfig config,
            SecurityIdentity identity) {
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

        /** $1 to $5 of what stores it. */
        private Tuple parameters(String caller, UUID id) {
            return Tuple.tuple()
                    .addString(caller)
                    .addUUID(id)
                    .addString(url)
                    .addString(description)
                    .addArrayOfString(types());
        }

        /** Without the address. */
        @Override
        public String toString() {
            return "EndpointRequest";
        }
    }

    /**
     * $6 the secret, $7 how many a caller may have, $8 the key and $9 the hash of the request, null without a key. No row
     * when the key has created one.
     */
    private static final String CREATE = """
            insert into webhook_endpoint as p (id, caller, url, description, event_types, status, secrets_sealed, secrets_until, secrets_key,
                                          created_by_key, request_hash, created_at, updated_at)
            select $2, $1, $3, $4, $5, 'ACTIVE', array[$6::bytea], array['infinity'::timestamptz], array[$8::text],
                   $8, $9, liveness_now(), liveness_now()
            where endpoint_may_be_created($1, $7)
            on conflict (caller, created_by_key) do nothing
            """ + RETURNING;

    /** The secret that the key has made, while it signs. */
    private static final String SECRET_OF = """
            (select s.sealed from unnest(secrets_sealed, secrets_until, secrets_key) as s (sealed, until, key)
             where s.key = %s::text and s.until > liveness_now()) as secret_sealed
            """;

    /** $2 the key. */
    private static final String READ_CREATED = """
            select %s, request_hash, %s
            from webhook_endpoint p where caller = $1 and created_by_key = $2::text
            """.formatted(Endpoint.COLUMNS, SECRET_OF.formatted("$2"));

    /** Answers the secret, which is shown to this request and to its repetitions under the same key. */
    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Endpoint>> create(
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

    private Uni<RestResponse<Endpoint>> create(Optional<String> key, Request request) {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        String secret = secrets.create();
        Tuple parameters = request.parameters(caller(), id)
                .addBuffer(Buffer.buffer(secrets.seal(id, secret)))
                .addInteger(config.maxEndpoints())
                .addString(key.orElse(null))
                .addBuffer(key.map(given -> hash(given, request)).orElse(null));
        return database.execute(CREATE, parameters)
                .chain(rows -> own(rows, secret)
                        .map(made -> Uni.createFrom().item(created(made)))
                        .orElseGet(() ->
                                createdBefore(key, request).map(before -> before.orElseThrow(this::limitReached))));
    }

    private static RestResponse<Endpoint> created(Endpoint made) {
        LOG.infof("webhook-endpoint.created endpointId=%s", made.id());
        return RestResponse.ResponseBuilder.<Endpoint>created(URI.create(PATH + "/" + made.id()))
                .header(HttpHeaders.ETAG, made.tag())
                .entity(made)
                .build();
    }

    /** The answer to a request that repeats another one. */
    private Uni<Optional<RestResponse<Endpoint>>> createdBefore(Optional<String> key, Request request) {
        if (key.isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        return database.execute(READ_CREATED, Tuple.of(caller(), key.get()))
                .map(rows -> rows.stream().findFirst().map(known -> {
                    if (!hash(key.get(), request).equals(known.getBuffer("request_hash"))) {
                        throw IdempotencyKey.reused();
                    }
                    Endpoint endpoint = withSecret(known);
                    RestResponse<Endpoint> answer = IdempotencyKey.answer(endpoint, true);
                    answer.getHeaders().putSingle(HttpHeaders.ETAG, endpoint.tag());
                    return answer;
                }));
    }

    private Buffer hash(String key, Request request) {
        return Buffer.buffer(secrets.hash(key, request.content()));
    }

    /** With the secret that the request with the key has made; without one when it signs no more. */
    private Endpoint withSecret(Row row) {
        Buffer sealed = row.getBuffer("secret_sealed");
        return Endpoint.of(row, sealed == null ? null : secrets.open(row.getUUID("id"), sealed.getBytes()), false);
    }

    private ProblemException limitReached() {
        return new ProblemException(
                ProblemCode.ENDPOINT_LIMIT_REACHED,
                "A caller has at most " + config.maxEndpoints()
                        + " webhook endpoints (liveness.webhook.max-endpoints). Delete one, or change one.");
    }

    /** The query of the list of endpoints, as it was sent. */
    static class Query extends PageQuery {

        @QueryParam("caller")
        String caller;

        @QueryParam("status")
        String status;

        /** True: ACTIVE and without a failure since the last success; false: all others. */
        @QueryParam("healthy")
        String healthy;
    }

    /**
     * $2 how many, $3 before which, $4 whose, null for any caller's, $5 of which status, $6 whether healthy, null for all,
     * $7 whether an operator reads.
     */
    private static final String LIST = """
            select %s from webhook_endpoint p
            where id < $3 and %s and ($5::text is null or status = $5)
                and ($6::bool is null or (status = 'ACTIVE' and failing_since is null) = $6)
            order by id desc limit $2
            """;

    private static final String LIST_OF_CALLER = LIST.formatted(Endpoint.columns("$7"), "caller = $4::text");
    private static final String LIST_OF_ALL = LIST.formatted(Endpoint.columns("$7"), "$4::text is null");

    /** Newest first. An operator sees the endpoints of all callers, with their backlog. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<Page<Endpoint>> list(@BeanParam Query query) {
        Optional<String> whose = Viewer.of(identity).whose(query.caller);
        Optional<Endpoint.Status> status = Parameters.optional(
                "status", query.status, (name, given) -> Parameters.choice(name, Endpoint.Status.class, given));
        Optional<Boolean> healthy = Parameters.optional("healthy", query.healthy, Parameters::flag);
        List<?> filters = List.of(whose.orElse("*"), status, healthy);
        return database.read(
                        whose.isPresent() ? LIST_OF_CALLER : LIST_OF_ALL,
                        Tuple.of(
                                caller(),
                                query.size() + 1,
                                query.after(filters).orElse(LAST),
                                whose.orElse(null),
                                status.map(Enum::name).orElse(null),
                                healthy.orElse(null),
                                isOperator()))
                .map(rows -> rows.stream().map(this::seen).toList())
                .map(all -> query.page(all, filters, Endpoint::id));
    }

    /** $2 the endpoint, as in all that follow; $3 whether others' count too. */
    private static final String READ =
            "select %s from webhook_endpoint p where id = $2 and (caller = $1 or $3)".formatted(Endpoint.columns("$3"));

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<RestResponse<Endpoint>> get(@PathParam("endpointId") String id) {
        return database.read(READ, Tuple.of(caller(), endpointId(id), isOperator()))
                .map(rows -> tagged(seen(rows)));
    }

    private static RestResponse<Endpoint> tagged(Endpoint endpoint) {
        return RestResponse.ResponseBuilder.ok(endpoint)
                .header(HttpHeaders.ETAG, endpoint.tag())
                .build();
    }

    private static final int MOST_OF_TAGS = 256;

    /** In the form that ours have: a weak one, or one of another form, is none of ours. */
    private static final Pattern TAG = Pattern.compile("\"([1-9]\\d{0,8})\"");

    /**
     * What a receiver answered counts for its address, and what waits is attempted at another one now; what is stopped still says why. $6 the
     * versions that it may replace; null for any.
     */
    private static final String CHANGE = """
            with own as materialized (
                select *, url <> $3 and status = 'ACTIVE' as begins from webhook_endpoint
                where id = $2 and caller = $1 and ($6::int[] is null or version = any ($6::int[]))
                for no key update
            ), resumed as (
                select id, 'RESUME' as kind from own where begins
            ),
            """ + Endpoint.RESUME_JOBS + """

            update webhook_endpoint p
            set url = $3, description = $4, event_types = $5, updated_at = liveness_now(), version = version + 1,
                round = case url when $3 then round else round + 1 end,
                gone_count = case url when $3 then gone_count else 0 end, not_before = case url when $3 then not_before end,
                failing_since = case when url = $3 or status <> 'ACTIVE' then failing_since end,
                last_error = case when url = $3 or status <> 'ACTIVE' then last_error end
            where id = any (array(select id from own))
            """ + RETURNING;

    @PUT
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Endpoint>> change(
            @PathParam("endpointId") String id,
            @HeaderParam(HttpHeaders.IF_MATCH) List<String> ifMatch,
            @QueryParam("verify") String verify,
            @NotNull(message = "is required") @Valid Request request) {
        UUID endpoint = endpointId(id);
        Integer[] versions = versions(ifMatch);
        return database.read(READ, Tuple.of(caller(), endpoint, false))
                .map(rows -> own(rows, null).map(Endpoint::url).orElse(null))
                .chain(known -> request.check(receivers, verify, known, Caller.of(identity)))
                .chain(allowed -> database.execute(
                        CHANGE, request.parameters(caller(), endpoint).addArrayOfInteger(versions)))
                .chain(rows -> own(rows, null)
                        .map(changed -> Uni.createFrom().item(tagged(changed)))
                        .orElseGet(() -> refused(
                                endpoint,
                                ProblemException.precondition(
                                        HttpHeaders.IF_MATCH,
                                        "changed-meanwhile",
                                        "must have the ETag that the endpoint has now"))));
    }

    /** Null without a condition: {@code *} holds for any endpoint. */
    private static Integer[] versions(List<String> ifMatch) {
        String tags = String.join(",", ifMatch).strip();
        if (ifMatch.size() > 1 || tags.length() > MOST_OF_TAGS) {
            throw ProblemException.invalid(
                    HttpHeaders.IF_MATCH, "must be given once, with at most " + MOST_OF_TAGS + " characters");
        }
        return tags.isEmpty() || tags.equals("*")
                ? null
                : Stream.of(tags.split(","))
                        .map(tag -> TAG.matcher(tag.strip()))
                        .filter(Matcher::matches)
                        .map(tag -> Integer.valueOf(tag.group(1)))
                        .toArray(Integer[]::new);
    }

    /** Not found when it is not the caller's; else the reason why nothing was done. */
    private <T> Uni<T> refused(UUID endpoint, ProblemException why) {
        return database.read(READ, Tuple.of(caller(), endpoint, false)).map(rows -> {
            throw rows.size() == 0 ? ProblemException.notFound() : why;
        });
    }

    private static final String REMOVE = """
            with removed as (
                delete from webhook_endpoint where id = $2 and caller = $1 returning id
            ), job as (
                insert into webhook_job (id, endpoint_id, kind, position, created_at)
                select new_id(), id, 'DELETE', '00000000-0000-0000-0000-000000000000', liveness_now() from removed
            )
            select id from removed
            """;

    /** Deletes its deliveries too. */
    @DELETE
    @Path("/{endpointId}")
    public Uni<Void> delete(@PathParam("endpointId") String id) {
        return database.execute(REMOVE, Tuple.of(caller(), endpointId(id)))
                .map(Database::only)
                .invoke(deleted -> LOG.infof("webhook-endpoint.deleted endpointId=%s", deleted.getUUID("id")))
                .replaceWithVoid();
    }

    /**
     * Changes nothing where it is not ACTIVE, unless an operator binds its owner. $3 whether others' endpoints may be paused; their owners are
     * told.
     */
    private static final String PAUSE = """
            with own as materialized (
                select * from webhook_endpoint where id = $2 and (caller = $1 or $3) for no key update
            ), paused as (
                update webhook_endpoint
                set status = 'PAUSED', reason = case caller when $1 then 'OWNER' else 'OPERATOR' end, updated_at = liveness_now()
                where id = any (array(select id from own where status = 'ACTIVE' or caller <> $1 and reason <> 'OPERATOR'))
                returning *
            ), stopped as (
                select * from paused where reason = 'OPERATOR'
            ), %s
            select %s from (
                select * from paused union all select * from own where id <> all (array(select id from paused))) p
            """.formatted(Endpoint.TELL, Endpoint.columns("$3"));

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}/pause")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<Endpoint> pause(@PathParam("endpointId") String id) {
        String by = Caller.actor(identity);
        return database.execute(PAUSE, Tuple.of(caller(), endpointId(id), isOperator()))
                .map(this::seen)
                .invoke(paused -> LOG.infof("webhook-endpoint.paused endpointId=%s by=%s", paused.id(), by));
    }

    /**
     * Changes nothing where it is ACTIVE, does not fail and did not ask to wait. An ACTIVE one that fails does so until a success. $3 whether
     * others' endpoints may be resumed, and what an operator has paused; no row where not.
     */
    private static final String RESUME = """
            with own as materialized (
                select * from webhook_endpoint where id = $2 and (caller = $1 and reason is distinct from 'OPERATOR' or $3)
                for no key update
            ), resumed as (
                select id, 'RESUME' as kind from own where status <> 'ACTIVE' or not_before > liveness_now() or failing_since is not null
            ),
            """ + Endpoint.RESUME_JOBS + """

            update webhook_endpoint p
            set status = 'ACTIVE', reason = null, not_before = null, round = round + 1,
                failing_since = case status when 'ACTIVE' then failing_since end,
                last_error = case status when 'ACTIVE' then last_error end,
                updated_at = case status when 'ACTIVE' then updated_at else liveness_now() end
            where id = any (array(select id from own))
            returning
            """ + Endpoint.columns("$3");

    /** Attempts begin at once, those too that would be due later. */
    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}/resume")
    @RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
    public Uni<Endpoint> resume(@PathParam("endpointId") String id) {
        String by = Caller.actor(identity);
        UUID endpoint = endpointId(id);
        return database.execute(RESUME, Tuple.of(caller(), endpoint, isOperator()))
                .chain(rows -> rows.size() == 0
                        ? this.<Endpoint>refused(endpoint, pausedByOperator())
                        : Uni.createFrom().item(seen(rows)))
                .invoke(resumed -> LOG.infof("webhook-endpoint.resumed endpointId=%s by=%s", resumed.id(), by));
    }

    static ProblemException pausedByOperator() {
        return new ProblemException(
                ProblemCode.FORBIDDEN,
                "An operator has paused this endpoint, and resumes it. Ask operations what is wrong with it.");
    }

    /** Old secrets that sign beside the present one: each lengthens the header of signatures. */
    private static final int MOST_OLD_SECRETS = 10;

    /**
     * $3 the new secret, $4 how long the present one still signs, in milliseconds, $5 the key or null, $6 how many old ones are kept; the one
     * that is dropped must have ended. No row when the key was used before.
     */
    private static final String ROTATE = """
            update webhook_endpoint p
            set secrets_sealed = $3::bytea || secrets_sealed[1:$6::int],
                secrets_until =
                    array['infinity', liveness_now() + $4::float8 * interval '1 millisecond'] || secrets_until[2:$6::int],
                secrets_key = $5::text || secrets_key[1:$6::int],
                updated_at = liveness_now()
            where id = $2 and caller = $1
              and ($5::text is null or array_position(secrets_key || created_by_key, $5::text) is null)
              and coalesce(secrets_until[$6::int + 1] <= liveness_now(), true)
            """ + RETURNING;

    /** $3 the key. */
    private static final String READ_ROTATED = """
            select %s, created_by_key = $3::text as creates, array_position(secrets_key, $3::text) is not null as rotates, %s
            from webhook_endpoint p where id = $2 and caller = $1
            """.formatted(Endpoint.COLUMNS, SECRET_OF.formatted("$3"));

    /** Answers the new secret, which is shown to this request and to its repetitions under the same key. */
    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{endpointId}/rotate-secret")
    public Uni<RestResponse<Endpoint>> rotateSecret(
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
        return database.execute(ROTATE, rotation)
                .chain(rows -> own(rows, secret)
                        .map(made -> Uni.createFrom().item(IdempotencyKey.answer(made, false)))
                        .orElseGet(() -> rotatedBefore(endpoint, key)));
    }

    private Uni<RestResponse<Endpoint>> rotatedBefore(UUID endpoint, Optional<String> key) {
        return database.execute(READ_ROTATED, Tuple.of(caller(), endpoint, key.orElse(null)))
                .map(rows -> {
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
                    return IdempotencyKey.answer(withSecret(known), true);
                });
    }

    /** The endpoint in the first row as its owner sees it; empty without rows. */
    private static Optional<Endpoint> own(RowSet<Row> rows, String secret) {
        return rows.stream().findFirst().map(row -> Endpoint.of(row, secret, false));
    }

    private Endpoint seen(RowSet<Row> rows) {
        return seen(Database.only(rows));
    }

    private Endpoint seen(Row row) {
        return Endpoint.of(row, null, isOperator());
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

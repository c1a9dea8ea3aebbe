package io.liveness.gateway.events.webhook;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.events.WebhookConfig;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Stores webhook endpoints. An endpoint of another caller does not exist for a caller. In each statement $1 is a caller. */
@Singleton
public class Endpoints {

    /** Comes after every id. */
    private static final UUID LAST = new UUID(-1, -1);

    private static final String RETURNING = " returning " + Endpoint.OF_OWNER;

    private final Database database;
    private final EndpointSecrets secrets;
    private final WebhookConfig config;

    Endpoints(Database database, EndpointSecrets secrets, WebhookConfig config) {
        this.database = database;
        this.secrets = secrets;
        this.config = config;
    }

    /** What an owner says of an endpoint. {@code eventTypes} is null for all. */
    record Settings(String url, String description, String[] eventTypes) {}

    /**
     * Which endpoints are listed; what is empty does not limit them.
     *
     * @param caller their owner
     * @param healthy true: ACTIVE and without a failure since the last success; false: all others
     */
    record Filter(Optional<String> caller, Optional<Endpoint.Status> status, Optional<Boolean> healthy) {

        /** What a page token is bound to. */
        List<?> fingerprint() {
            return List.of(caller.orElse("*"), status, healthy);
        }
    }

    /** $2 the endpoint, $3 to $6 what it is, $7 how many a caller may have. Those created at the same moment do not see each other. */
    private static final String CREATE = """
            insert into webhook_endpoint (id, caller, url, description, event_types, status, secret_sealed, created_at, updated_at)
            select $2, $1, $3, $4, $5, 'ACTIVE', $6, liveness_now(), liveness_now()
            where (select count(*) from (select from webhook_endpoint where caller = $1 limit $7) own) < $7
            """ + RETURNING;

    /** @return with its secret, which is shown this once */
    Uni<Endpoint> create(String caller, Settings settings) {
        UUID id = newId();
        String secret = secrets.create();
        return database.execute(
                        CREATE,
                        Tuple.tuple()
                                .addString(caller)
                                .addUUID(id)
                                .addString(settings.url())
                                .addString(settings.description())
                                .addArrayOfString(settings.eventTypes())
                                .addBuffer(Buffer.buffer(secrets.seal(id, secret)))
                                .addInteger(config.maxEndpoints()))
                .map(rows -> first(rows, secret).orElseThrow(this::limitReached));
    }

    private ProblemException limitReached() {
        return new ProblemException(
                ProblemCode.ENDPOINT_LIMIT_REACHED,
                "A caller has at most " + config.maxEndpoints()
                        + " webhook endpoints (liveness.webhook.max-endpoints). Delete one, or change one.");
    }

    /** $2 how many, $3 before which, $4 whose, null for any caller's, $5 of which status, $6 whether healthy, null for all. */
    private static final String FITS = """
            id < $3 and ($4::text is null or caller = $4) and ($5::text is null or status = $5)
                and ($6::bool is null or (status = 'ACTIVE' and failing_since is null) = $6)""";

    private static final String LIST_OF_OWNER = """
            select %s from webhook_endpoint
            where %s and caller = $1
            order by id desc limit $2
            """.formatted(Endpoint.OF_OWNER, FITS);

    private static final String LIST_OF_OPERATOR = """
            select %s from webhook_endpoint p
            where %s
            order by id desc limit $2
            """.formatted(Endpoint.OF_OPERATOR, FITS);

    /**
     * A page, newest first, and one endpoint more when another page follows.
     *
     * @param operator whether the caller sees the endpoints of all callers, with their backlog
     * @param after the last one of the page before
     */
    Uni<List<Endpoint>> list(String caller, boolean operator, Filter filter, Optional<UUID> after, int pageSize) {
        return database.read(
                        operator ? LIST_OF_OPERATOR : LIST_OF_OWNER,
                        Tuple.of(
                                caller,
                                pageSize + 1,
                                after.orElse(LAST),
                                filter.caller().orElse(null),
                                filter.status().map(Enum::name).orElse(null),
                                filter.healthy().orElse(null)))
                .map(rows -> all(rows, null));
    }

    /** $2 the endpoint. */
    private static final String GET =
            "select %s from webhook_endpoint where id = $2 and caller = $1".formatted(Endpoint.OF_OWNER);

    private static final String GET_OF_OPERATOR =
            "select %s from webhook_endpoint p where id = $2".formatted(Endpoint.OF_OPERATOR);

    /** @param operator whether the caller sees the endpoints of all callers, with their backlog */
    Uni<Endpoint> get(UUID id, String caller, boolean operator) {
        return database.read(operator ? GET_OF_OPERATOR : GET, Tuple.of(caller, id))
                .map(Endpoints::found);
    }

    private static final String EXISTS =
            "select id from webhook_endpoint where id = $2 and ($1::text is null or caller = $1)";

    /**
     * Fails with not-found when the endpoint is not the caller's.
     *
     * @param caller empty for an operator, who sees the endpoints of all callers
     */
    Uni<Void> require(UUID id, Optional<String> caller) {
        return database.read(EXISTS, Tuple.of(caller.orElse(null), id))
                .invoke(rows -> {
                    if (rows.size() == 0) {
                        throw ProblemException.notFound();
                    }
                })
                .replaceWithVoid();
    }

    private static final String CHANGE = """
            update webhook_endpoint
            set url = $3, description = $4, event_types = $5, updated_at = liveness_now()
            where id = $2 and caller = $1
            """ + RETURNING;

    Uni<Endpoint> change(UUID id, String caller, Settings settings) {
        return database.execute(
                        CHANGE,
                        Tuple.tuple()
                                .addString(caller)
                                .addUUID(id)
                                .addString(settings.url())
                                .addString(settings.description())
                                .addArrayOfString(settings.eventTypes()))
                .map(Endpoints::found);
    }

    /** Changes nothing where it is not ACTIVE. */
    private static final String PAUSE = """
            update webhook_endpoint
            set status = case status when 'ACTIVE' then 'PAUSED' else status end,
                reason = coalesce(reason, 'OWNER'),
                updated_at = case status when 'ACTIVE' then liveness_now() else updated_at end
            where id = $2 and caller = $1
            """ + RETURNING;

    Uni<Endpoint> pause(UUID id, String caller) {
        return database.execute(PAUSE, Tuple.of(caller, id)).map(Endpoints::found);
    }

    /** Changes nothing where it is ACTIVE. $3 id of the job that has the deliveries attempted now that would be due later. */
    private static final String RESUME = """
            with job as (
                insert into webhook_job (id, endpoint_id, kind, position, created_at)
                select $3, id, 'RESUME', '00000000-0000-0000-0000-000000000000', liveness_now()
                from webhook_endpoint where id = $2 and caller = $1 and status <> 'ACTIVE'
            )
            update webhook_endpoint
            set status = 'ACTIVE', reason = null, failing_since = case status when 'ACTIVE' then failing_since end,
                last_error = case status when 'ACTIVE' then last_error end,
                updated_at = case status when 'ACTIVE' then updated_at else liveness_now() end
            where id = $2 and caller = $1
            """ + RETURNING;

    /** Attempts begin at once, those too that would be due later. */
    Uni<Endpoint> resume(UUID id, String caller) {
        return database.execute(RESUME, Tuple.of(caller, id, newId())).map(Endpoints::found);
    }

    /**
     * $3 the new secret, $4 how long the old one still signs, in milliseconds. The one before it signs as long as it would have: when the
     * answer was lost and the request is repeated, it is the one that the receiver has.
     */
    private static final String ROTATE = """
            update webhook_endpoint
            set secret_sealed = $3, older_secret_sealed = old_secret_sealed, older_secret_until = old_secret_until,
                old_secret_sealed = secret_sealed,
                old_secret_until = liveness_now() + $4::float8 * interval '1 millisecond', updated_at = liveness_now()
            where id = $2 and caller = $1
            """ + RETURNING;

    /** @return with its new secret, which is shown this once */
    Uni<Endpoint> rotateSecret(UUID id, String caller) {
        String secret = secrets.create();
        Buffer sealed = Buffer.buffer(secrets.seal(id, secret));
        double oldSecretMillis = config.oldSecretValid().toMillis();
        return database.execute(ROTATE, Tuple.of(caller, id, sealed, oldSecretMillis))
                .map(rows -> first(rows, secret).orElseThrow(ProblemException::notFound));
    }

    /** $3 id of the job that deletes its deliveries. */
    private static final String DELETE = """
            with job as (
                insert into webhook_job (id, endpoint_id, kind, position, created_at)
                select $3, id, 'DELETE', '00000000-0000-0000-0000-000000000000', liveness_now()
                from webhook_endpoint where id = $2 and caller = $1
            )
            delete from webhook_endpoint where id = $2 and caller = $1
            """ + RETURNING;

    /** Deletes its deliveries too. */
    Uni<Void> delete(UUID id, String caller) {
        return database.execute(DELETE, Tuple.of(caller, id, newId()))
                .invoke(Endpoints::found)
                .replaceWithVoid();
    }

    private static UUID newId() {
        return UuidCreator.getTimeOrderedEpoch();
    }

    private static Endpoint found(RowSet<Row> rows) {
        return first(rows, null).orElseThrow(ProblemException::notFound);
    }

    private static Optional<Endpoint> first(RowSet<Row> rows, String secret) {
        return all(rows, secret).stream().findFirst();
    }

    private static List<Endpoint> all(RowSet<Row> rows, String secret) {
        List<Endpoint> all = new ArrayList<>();
        rows.forEach(row -> all.add(Endpoint.of(row, secret)));
        return all;
    }
}

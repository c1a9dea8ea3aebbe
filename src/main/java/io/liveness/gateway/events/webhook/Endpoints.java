package io.liveness.gateway.events.webhook;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.events.EventProblem;
import io.liveness.gateway.events.WebhookConfig;
import io.liveness.gateway.platform.postgres.Database;
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

/** Stores webhook endpoints. An endpoint of another caller does not exist for a caller. */
@Singleton
public class Endpoints {

    private final Database database;
    private final EndpointSecrets secrets;
    private final WebhookConfig config;

    Endpoints(Database database, EndpointSecrets secrets, WebhookConfig config) {
        this.database = database;
        this.secrets = secrets;
        this.config = config;
    }

    /** @param secret is shown this once */
    record WithSecret(EndpointRow endpoint, String secret) {

        /** Without the secret. */
        @Override
        public String toString() {
            return endpoint.toString();
        }
    }

    Uni<WithSecret> create(String caller, EndpointRequest request) {
        UUID id = newId();
        String secret = secrets.create();
        return database.execute(
                        EndpointSql.CREATE,
                        Tuple.tuple()
                                .addUUID(id)
                                .addString(caller)
                                .addString(request.url())
                                .addString(request.description())
                                .addArrayOfString(request.types())
                                .addBuffer(Buffer.buffer(secrets.seal(id, secret)))
                                .addInteger(config.maxEndpoints()))
                .map(
                        rows -> first(rows)
                                .orElseThrow(
                                        () -> new ProblemException(
                                                EventProblem.ENDPOINT_LIMIT_REACHED,
                                                "A caller has at most " + config.maxEndpoints()
                                                        + " webhook endpoints (liveness.webhook.max-endpoints). Delete one, or change one.")))
                .map(row -> new WithSecret(row, secret));
    }

    /**
     * A page, newest first, and one endpoint more when another page follows.
     *
     * @param caller empty for an operator, who sees the endpoints of all callers with their backlog
     * @param after the last one of the page before
     */
    Uni<List<EndpointRow>> list(Optional<String> caller, EndpointFilter filter, Optional<UUID> after, int pageSize) {
        return database.read(
                        caller.isPresent() ? EndpointSql.LIST_OWN : EndpointSql.LIST_ALL,
                        Tuple.of(
                                pageSize + 1,
                                after.orElse(EndpointSql.LAST),
                                filter.caller().orElse(null),
                                filter.status().map(Enum::name).orElse(null),
                                filter.healthy().orElse(null)))
                .map(Endpoints::all);
    }

    /** @param caller empty for an operator, who sees the endpoints of all callers with their backlog */
    Uni<EndpointRow> get(UUID id, Optional<String> caller) {
        return caller.map(own -> database.read(EndpointSql.GET, Tuple.of(id, own)))
                .orElseGet(() -> database.read(EndpointSql.GET_ANY, Tuple.of(id)))
                .map(Endpoints::found);
    }

    /** Fails with not-found when the endpoint is not the caller's. */
    public Uni<Void> require(UUID id, Optional<String> caller) {
        return database.read(EndpointSql.GET, Tuple.of(id, caller.orElse(null)))
                .invoke(Endpoints::found)
                .replaceWithVoid();
    }

    Uni<EndpointRow> change(UUID id, String caller, EndpointRequest request) {
        return database.execute(
                        EndpointSql.CHANGE,
                        Tuple.tuple()
                                .addUUID(id)
                                .addString(caller)
                                .addString(request.url())
                                .addString(request.description())
                                .addArrayOfString(request.types()))
                .map(Endpoints::found);
    }

    Uni<EndpointRow> pause(UUID id, String caller) {
        return database.execute(EndpointSql.PAUSE, Tuple.of(id, caller)).map(Endpoints::found);
    }

    /** Attempts begin at once, those too that would be due later. */
    Uni<EndpointRow> resume(UUID id, String caller) {
        return database.execute(EndpointSql.RESUME, Tuple.of(id, caller, newId()))
                .map(Endpoints::found);
    }

    Uni<WithSecret> rotateSecret(UUID id, String caller) {
        String secret = secrets.create();
        return database.execute(
                        EndpointSql.ROTATE, Tuple.of(id, caller, Buffer.buffer(secrets.seal(id, secret)), (double)
                                config.oldSecretValid().toMillis()))
                .map(rows -> new WithSecret(found(rows), secret));
    }

    /** Deletes its deliveries too. */
    Uni<Void> delete(UUID id, String caller) {
        return database.execute(EndpointSql.DELETE, Tuple.of(id, caller, newId()))
                .invoke(Endpoints::found)
                .replaceWithVoid();
    }

    private static UUID newId() {
        return UuidCreator.getTimeOrderedEpoch();
    }

    private static EndpointRow found(RowSet<Row> rows) {
        return first(rows).orElseThrow(ProblemException::notFound);
    }

    private static Optional<EndpointRow> first(RowSet<Row> rows) {
        return all(rows).stream().findFirst();
    }

    private static List<EndpointRow> all(RowSet<Row> rows) {
        List<EndpointRow> all = new ArrayList<>();
        rows.forEach(row -> all.add(EndpointRow.of(row)));
        return all;
    }
}

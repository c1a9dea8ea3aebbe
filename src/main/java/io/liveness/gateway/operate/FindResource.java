package io.liveness.gateway.operate;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.check.SessionRow;
import io.liveness.gateway.check.Sessions;
import io.liveness.gateway.check.open.OpenSessionRequest;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Finds what has an id, a task number or a reference, over HTTP. */
@Path("/v1/find")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.OPERATOR, Roles.FINANCE, Roles.FINANCE_ADMIN})
class FindResource {

    private static final int MOST = 20;

    /** $1 the id, $2 whether webhooks are shown, $3 whether statements are. Each endpoint is looked up: they are few. */
    private static final String OTHERS = """
            select 'WEBHOOK_ENDPOINT' as type, endpoint_id as id, null::uuid as endpoint_id, caller, created_at as at
            from webhook_owner where endpoint_id = $1 and $2::boolean
            union all
            select 'WEBHOOK_DELIVERY', $1, p.endpoint_id, p.caller, d.at
            from webhook_owner p cross join lateral (
                select at from webhook_told where endpoint_id = p.endpoint_id and event_id = $1) d
            where $2::boolean
            union all
            select 'STATEMENT', id, null, null, imported_at from vendor_bill where id = $1 and $3::boolean
            limit 20
            """;

    private final Sessions sessions;
    private final Database database;
    private final SecurityIdentity identity;

    FindResource(Sessions sessions, Database database, SecurityIdentity identity) {
        this.sessions = sessions;
        this.database = database;
        this.identity = identity;
    }

    /** What may be found. */
    enum Type {
        SESSION,
        WEBHOOK_ENDPOINT,
        WEBHOOK_DELIVERY,
        STATEMENT
    }

    /**
     * What was found.
     *
     * @param endpointId of a delivery
     * @param at when the session was opened, the endpoint created, the event happened, or the statement was imported
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Hit(Type type, UUID id, UUID endpointId, String caller, String reference, String taskNo, Instant at) {

        private static Hit of(SessionRow found) {
            return new Hit(
                    Type.SESSION,
                    found.id(),
                    null,
                    found.caller(),
                    found.requested().reference(),
                    found.fee().taskNo(),
                    found.createdAt());
        }

        private static Hit of(Row row) {
            return new Hit(
                    Type.valueOf(row.getString("type")),
                    row.getUUID("id"),
                    row.getUUID("endpoint_id"),
                    row.getString("caller"),
                    null,
                    null,
                    Database.time(row, "at"));
        }
    }

    /** The newest of them. */
    record Hits(List<Hit> items) {}

    @GET
    public Uni<Hits> find(@QueryParam("text") String given) {
        if (given == null) {
            throw ProblemException.invalid("text", "is required");
        }
        String text = Parameters.text("text", given, 1, OpenSessionRequest.MAX_REFERENCE);
        UUID id = Parameters.uuid(text).orElse(null);
        return Uni.combine()
                .all()
                .unis(
                        sessions.ofTaskNo(text, Optional.ofNullable(id)).map(FindResource::hits),
                        ofReference(text),
                        id == null ? Uni.createFrom().item(List.<Hit>of()) : others(id))
                .with((byId, byReference, others) -> new Hits(Stream.of(byId, byReference, others)
                        .flatMap(List::stream)
                        // A session's task number may be its reference too.
                        .distinct()
                        .sorted(Comparator.comparing(Hit::at).reversed())
                        .limit(MOST)
                        .toList()));
    }

    private Uni<List<Hit>> ofReference(String text) {
        Sessions.SessionFilter newest = new Sessions.SessionFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.of(text),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                MOST);
        return sessions.page(newest).map(FindResource::hits);
    }

    private static List<Hit> hits(List<SessionRow> sessions) {
        return sessions.stream().map(Hit::of).toList();
    }

    private Uni<List<Hit>> others(UUID id) {
        boolean finance = identity.hasRole(Roles.FINANCE) || identity.hasRole(Roles.FINANCE_ADMIN);
        return database.execute(
                Connections.READING,
                OTHERS,
                Tuple.of(id, identity.hasRole(Roles.OPERATOR), finance),
                rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(Hit::of)
                        .toList());
    }
}

package io.liveness.gateway.check.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.check.ReadSession;
import io.liveness.gateway.check.SessionPath;
import io.liveness.gateway.check.Viewer;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** The events of a session over HTTP, oldest first. */
@Path(SessionPath.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
class EventResource {

    /**
     * $1 the session, $2 after which number, $3 how many, as in {@link #DATA_EVENTS}. The types are those of the contract, which says what
     * each means; it lists them as an enum, so version 1 gets no further one.
     */
    private static final String EVENTS = """
            select id, seq, type, at, detail from session_event
            where session_id = $1 and seq > $2 and type in ('OPENING', 'OPENED', 'REJECTED', 'OUTCOME_UNKNOWN', 'CHECKED', 'SETTLED',
                  'CONTRADICTED', 'WRITTEN_OFF', 'FACE_REDACTED')
            order by seq limit $3
            """;

    private static final String DATA_EVENTS = """
            select id, seq, type, at, detail ->> 'by' as by_whom from session_event
            where session_id = $1 and seq > $2 and type in ('FACE_REDACTED', 'THINNED', 'ERASED', 'DATA_READ')
            union all
            select id, seq, 'FACE_VIEWED', at, viewed_by from face_viewed
            where session_id = $1 and seq > $2
            order by seq limit $3
            """;

    private final ReadSession read;
    private final Database database;
    private final SecurityIdentity identity;

    EventResource(ReadSession read, Database database, SecurityIdentity identity) {
        this.read = read;
        this.database = database;
        this.identity = identity;
    }

    @GET
    @Path("/{id}/events")
    public Uni<Page<EventView>> events(@PathParam("id") String id, @BeanParam PageQuery page) {
        UUID session = Parameters.uuid("id", id);
        return page(session, EVENTS, page, List.of(session), EventView::of);
    }

    @GET
    @Path("/{id}/data-events")
    public Uni<Page<DataEventView>> dataEvents(@PathParam("id") String id, @BeanParam PageQuery page) {
        UUID session = Parameters.uuid("id", id);
        return page(session, DATA_EVENTS, page, List.of(session, "data"), DataEventView::of);
    }

    /** Fails with not-found when the session is not the viewer's to read. */
    private <V> Uni<Page<V>> page(UUID session, String sql, PageQuery page, List<?> filters, Function<Row, V> view) {
        int size = page.size();
        return read.byId(session, Viewer.of(identity)).chain(() -> {
            long after = page.after(filters).map(UUID::getLeastSignificantBits).orElse(0L);
            return database.execute(Connections.READING, sql, Tuple.of(session, after, size + 1), found -> {
                List<Row> rows = new ArrayList<>();
                found.forEach(rows::add);
                return Page.of(
                        rows, size, view, last -> token(last.getLong("seq")).encode(filters));
            });
        });
    }

    private static PageToken token(long seq) {
        return new PageToken(new UUID(0, seq));
    }

    /**
     * Something that happened to a session.
     *
     * @param detail what belongs to the type of event
     */
    record EventView(UUID id, String type, Instant at, Map<String, Object> detail) {

        private static final String FIRST_POLL_AT = "firstPollAt";

        /** What is shown of the stored detail; the contract has each. */
        private static final List<String> SHOWN = List.of(
                "code",
                "polls",
                FIRST_POLL_AT,
                "taskNo",
                "status",
                "charge",
                "billed",
                "reason",
                "passing",
                "recorded",
                "late",
                "imported",
                "by");

        static EventView of(Row row) {
            JsonObject stored = row.getJsonObject("detail");
            Map<String, Object> detail = new LinkedHashMap<>();
            SHOWN.stream()
                    .filter(name -> stored.getValue(name) != null)
                    .forEach(name -> detail.put(name, stored.getValue(name)));
            // PostgreSQL wrote it, in its own form.
            detail.computeIfPresent(FIRST_POLL_AT, (name, at) -> stored.getInstant(name));
            return new EventView(
                    row.getUUID("id"),
                    row.getString("type"),
                    row.getOffsetDateTime("at").toInstant(),
                    detail);
        }
    }

    /**
     * Something that happened to the personal data of a session.
     *
     * @param type {@code FACE_VIEWED}: the face image was passed on; recorded before its first byte. {@code FACE_REDACTED}: its address was
     *     erased. {@code THINNED}: the data of the request was erased when its retention was over. {@code ERASED}: it was erased because the
     *     caller asked for the erasure of a person; callers are told of it. {@code DATA_READ}: metadata and returnUrl were shown to an
     *     operator.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DataEventView(UUID id, String type, Instant at, String by) {

        static DataEventView of(Row row) {
            return new DataEventView(
                    row.getUUID("id"),
                    row.getString("type"),
                    row.getOffsetDateTime("at").toInstant(),
                    row.getString("by_whom"));
        }
    }
}

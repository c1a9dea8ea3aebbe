package io.liveness.gateway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Roles;
import io.liveness.gateway.session.ChargeStatus;
import io.liveness.gateway.session.DataEventRow;
import io.liveness.gateway.session.DataEvents;
import io.liveness.gateway.session.EventRow;
import io.liveness.gateway.session.EventType;
import io.liveness.gateway.session.Events;
import io.liveness.gateway.session.ReadSession;
import io.liveness.gateway.session.SessionPath;
import io.liveness.gateway.session.SessionStatus;
import io.liveness.gateway.session.Viewer;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The events of a session over HTTP. */
@Path(SessionPath.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.LIVENESS, Roles.OPERATOR})
class EventResource {

    private final ReadSession read;
    private final Events events;
    private final DataEvents dataEvents;
    private final SecurityIdentity identity;

    EventResource(ReadSession read, Events events, DataEvents dataEvents, SecurityIdentity identity) {
        this.read = read;
        this.events = events;
        this.dataEvents = dataEvents;
        this.identity = identity;
    }

    @GET
    @Path("/{id}/events")
    public Uni<Page<EventView>> events(@PathParam("id") String id, @BeanParam PageQuery page) {
        UUID session = Parameters.uuid("id", id);
        List<?> filters = List.of(session);
        int size = page.size();
        return readable(session)
                .chain(() -> events.of(session, after(page, filters), size))
                .map(rows -> Page.of(
                        rows, size, EventView::of, last -> token(last.seq).encode(filters)));
    }

    @GET
    @Path("/{id}/data-events")
    public Uni<Page<DataEventView>> dataEvents(@PathParam("id") String id, @BeanParam PageQuery page) {
        UUID session = Parameters.uuid("id", id);
        List<?> filters = List.of(session, "data");
        int size = page.size();
        return readable(session)
                .chain(() -> dataEvents.of(session, after(page, filters), size))
                .map(rows -> Page.of(
                        rows, size, DataEventView::of, last -> token(last.seq).encode(filters)));
    }

    /** Fails with not-found when the session is not the viewer's to read. */
    private Uni<?> readable(UUID session) {
        return read.byId(session, Viewer.of(identity));
    }

    private static long after(PageQuery page, List<?> filters) {
        return page.after(filters).map(UUID::getLeastSignificantBits).orElse(0L);
    }

    private static PageToken token(long seq) {
        return new PageToken(new UUID(0, seq));
    }

    /** Something that happened to a session. */
    record EventView(UUID id, EventType type, Instant at, Detail detail) {

        static EventView of(EventRow row) {
            return new EventView(row.id, EventType.valueOf(row.type), row.at.toInstant(), Detail.of(row.detail));
        }

        /** What belongs to the type of event. */
        @JsonInclude(JsonInclude.Include.NON_NULL)
        record Detail(
                Integer code,
                Integer polls,
                Instant firstPollAt,
                String taskNo,
                SessionStatus status,
                ChargeStatus charge,
                Boolean billed,
                String reason,
                Boolean passing,
                SessionStatus recorded,
                String late,
                String by) {

            static Detail of(Map<String, Object> stored) {
                return new Detail(
                        (Integer) stored.get("code"),
                        (Integer) stored.get("polls"),
                        time(stored.get("firstPollAt")),
                        (String) stored.get("taskNo"),
                        choice(SessionStatus.class, stored.get("status")),
                        choice(ChargeStatus.class, stored.get("charge")),
                        (Boolean) stored.get("billed"),
                        (String) stored.get("reason"),
                        (Boolean) stored.get("passing"),
                        choice(SessionStatus.class, stored.get("recorded")),
                        (String) stored.get("late"),
                        (String) stored.get("by"));
            }

            private static Instant time(Object text) {
                return text == null ? null : OffsetDateTime.parse((String) text).toInstant();
            }

            private static <E extends Enum<E>> E choice(Class<E> choices, Object name) {
                return name == null ? null : Enum.valueOf(choices, (String) name);
            }
        }
    }

    /** Something that happened to the personal data of a session. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DataEventView(UUID id, String type, Instant at, String by) {

        static DataEventView of(DataEventRow row) {
            return new DataEventView(row.id, row.type, row.at.toInstant(), row.by);
        }
    }
}

package io.liveness.gateway.check;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Lists sessions: a caller's own, or all. One session is read by {@link ReadSession}.
 *
 * <p>A page is read from a position in an index, whose last column is the id. A comparison of whole rows makes the planner read along that
 * index, independent of statistics; with {@code caller = … and id < …} it may walk all sessions instead. See {@code
 * docs/decisions/0011-lists-by-position-in-one-index.md}.
 */
@Singleton
public class Sessions {

    /**
     * The filter of a list of sessions.
     *
     * @param caller the owner of the sessions; empty for all callers
     * @param createdFrom inclusive
     * @param createdTo exclusive
     * @param after the last session of the page before
     */
    public record SessionFilter(
            Optional<String> caller,
            Optional<SessionStatus> status,
            Optional<String> reference,
            Optional<Instant> createdFrom,
            Optional<Instant> createdTo,
            Optional<UUID> after,
            int pageSize) {

        /** What a page token is bound to. */
        public List<?> fingerprint() {
            return List.of(caller, status, reference, createdFrom, createdTo);
        }

        public SessionFilter after(Optional<UUID> last) {
            return new SessionFilter(caller, status, reference, createdFrom, createdTo, last, pageSize);
        }
    }

    /** $1 the task number, of a fee or of an answer to init without one, $2 the id, or null. */
    private static final String OF_TASK_NO = "select " + SessionRow.COLUMNS + """
            from liveness_session
            where id = any (
                array(select session_id from ledger where kind = 'PRE_DEDUCT' and task_no = $1 limit 20)
                || array(
                    select session_id from session_event
                    where detail ->> 'taskNo' = $1
                      and (type in ('REJECTED', 'CONTRADICTED') or type = 'OPENED' and detail ->> 'charge' = 'NONE')
                    limit 20)
                || $2::uuid)
            """;

    /** The tables that have the sessions of a status; of any other it is the one of those that have ended. */
    private static final Map<SessionStatus, List<String>> TABLES = Map.of(
            SessionStatus.OPENING, List.of("session_open"),
            SessionStatus.PENDING, List.of("session_open"),
            SessionStatus.UNKNOWN, List.of("session_open", "session_end"));

    private static final UUID BEFORE_ALL = new UUID(0, 0);
    private static final UUID AFTER_ALL = new UUID(-1, -1);

    private final Database database;

    Sessions(Database database) {
        this.database = database;
    }

    /** Newest first. One row more than the page has shows whether another page follows. */
    public Uni<List<SessionRow>> page(SessionFilter filter) {
        ListQuery query = new ListQuery(filter);
        String sql = query.sql();
        return database.execute(
                Connections.READING,
                sql,
                Tuple.from(query.parameters),
                rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(SessionRow::of)
                        .takeWhile(session -> isOfTheList(filter, session))
                        .toList());
    }

    /** The sessions that had a task number, some dozens at most, and the one with an id. */
    public Uni<List<SessionRow>> ofTaskNo(String taskNo, Optional<UUID> id) {
        return database.execute(
                Connections.READING,
                OF_TASK_NO,
                Tuple.of(taskNo, id.orElse(null)),
                rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(SessionRow::of)
                        .toList());
    }

    /** What is read along an index does not end with the list. */
    private static boolean isOfTheList(SessionFilter filter, SessionRow session) {
        return filter.caller().orElse(session.caller()).equals(session.caller())
                && earlier(from(filter), session.id()).equals(from(filter));
    }

    /** The query of a page, with the parameters that it names. */
    private static final class ListQuery {

        private final SessionFilter filter;
        private final List<Object> parameters = new ArrayList<>();
        private final String before;
        private final String limit;

        ListQuery(SessionFilter filter) {
            this.filter = filter;
            this.before = parameter(before(filter));
            this.limit = parameter(filter.pageSize() + 1);
        }

        String sql() {
            String select = "select " + SessionRow.COLUMNS + "from liveness_session where ";
            if (filter.reference().isPresent()) {
                String reference = parameter(filter.reference().get());
                return select
                        + among(filter.status()
                                .map(status -> ofReferenceAndStatus(reference, parameter(status.name())))
                                .orElseGet(() -> ofEachCaller("liveness_session", "id", "reference", reference)));
            }
            if (filter.status().isPresent()) {
                SessionStatus status = filter.status().get();
                String name = parameter(status.name());
                return select
                        + among(TABLES.getOrDefault(status, List.of("session_end")).stream()
                                .map(table -> ofEachCaller(table, "session_id", "status", name))
                                .collect(Collectors.joining(" union all ")));
            }
            return select
                    + filter.caller()
                            .map(caller -> "(caller, id) < (" + parameter(caller) + ", " + before
                                    + ") order by caller desc, id desc")
                            .orElse("id < " + before + " order by id desc")
                    + " limit " + limit;
        }

        private String among(String found) {
            return "id = any (array(select id from (" + found + ") found order by id desc limit " + limit
                    + ")) order by id desc";
        }

        /**
         * The newest ids that a value has in an index of caller, this column and the id: of the filter's caller, or of each. What is read
         * along the index does not end with the value.
         */
        private String ofEachCaller(String table, String id, String column, String value) {
            String columns = "caller, " + column + ", " + id;
            return "select newest.id from " + callers() + " cross join lateral (select " + id + " as id, caller, "
                    + column
                    + " as value from " + table + " where (" + columns + ") < (k.caller, " + value + ", " + before + ")"
                    + (column.equals("reference") ? " and reference is not null" : "")
                    + " order by " + columns.replace(",", " desc,") + " desc limit " + limit
                    + ") newest where newest.caller = k.caller and newest.value = " + value + " and newest.id >= "
                    + from();
        }

        /** Few sessions have one reference: the status of each is read. */
        private String ofReferenceAndStatus(String reference, String status) {
            return "select newest.id from " + callers()
                    + " cross join lateral (select id from liveness_session where caller = k.caller"
                    + " and reference = " + reference + " and id >= " + from() + " and id < " + before
                    + " and status = " + status + " order by id desc limit " + limit + ") newest";
        }

        private String callers() {
            return filter.caller()
                            .map(caller -> "(values (" + parameter(caller) + "::text))")
                            .orElse("callers()") + " k (caller)";
        }

        private String from() {
            return parameter(Sessions.from(filter));
        }

        /** Adds a parameter unless there is one with this value. @return as the query names it */
        private String parameter(Object value) {
            if (!parameters.contains(value)) {
                parameters.add(value);
            }
            return "$" + (parameters.indexOf(value) + 1);
        }
    }

    private static UUID from(SessionFilter filter) {
        return filter.createdFrom().map(Sessions::firstIdAt).orElse(BEFORE_ALL);
    }

    private static UUID before(SessionFilter filter) {
        return earlier(
                filter.createdTo().map(Sessions::firstIdAt).orElse(AFTER_ALL),
                filter.after().orElse(AFTER_ALL));
    }

    /** The first id of a millisecond. Ids are UUIDv7: their order is the order of creation. */
    public static UUID firstIdAt(Instant time) {
        return UuidCreator.getTimeOrderedEpochMin(time);
    }

    private static UUID earlier(UUID one, UUID other) {
        // UUID.compareTo would take the halves as signed numbers.
        return one.toString().compareTo(other.toString()) <= 0 ? one : other;
    }
}

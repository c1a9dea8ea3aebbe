package io.liveness.gateway.session;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Lists sessions: a caller's own, or all. One session is read by {@link ReadSession}.
 *
 * <p>A page is read from a position in an index, whose last column is the id, between two rows of it. Comparisons of whole rows make the
 * planner read along that index, independent of statistics; with {@code caller = … and id < …} it may walk all sessions instead. See
 * {@code docs/decisions/0011-lists-by-position-in-one-index.md}.
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
    public record Filter(
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

        public Filter after(Optional<UUID> last) {
            return new Filter(caller, status, reference, createdFrom, createdTo, last, pageSize);
        }
    }

    private static final UUID BEFORE_ALL = new UUID(0, 0);
    private static final UUID AFTER_ALL = new UUID(-1, -1);

    private final Database database;

    Sessions(Database database) {
        this.database = database;
    }

    /** Newest first. One row more than the page has shows whether another page follows. */
    public Uni<List<SessionRow>> page(Filter filter) {
        Query query = new Query(filter);
        String sql = query.sql();
        return database.execute(
                Connections.READING,
                sql,
                Tuple.from(query.parameters),
                rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(SessionRow::of)
                        .toList());
    }

    /** The query of a page, with the parameters that it names. */
    private static final class Query {

        private final Filter filter;
        private final List<Object> parameters = new ArrayList<>();
        private final String from;
        private final String before;
        private final String limit;

        Query(Filter filter) {
            this.filter = filter;
            this.from = parameter(from(filter));
            this.before = parameter(before(filter));
            this.limit = parameter(filter.pageSize() + 1);
        }

        String sql() {
            String select = "select " + SessionRow.COLUMNS + "from liveness_session where ";
            if (filter.reference().isEmpty() && filter.status().isPresent()) {
                return select + among(ended() + " union all " + unsettled());
            }
            String status = filter.status()
                    .map(wanted -> " and status || '' = " + parameter(wanted.name()))
                    .orElse("");
            if (filter.reference().isPresent()) {
                String reference = parameter(filter.reference().get());
                return select
                        + among(ofEachCaller(
                                "liveness_session",
                                "id",
                                "reference",
                                reference,
                                " and reference is not null" + status));
            }
            return select
                    + filter.caller()
                            .map(caller -> range(List.of("caller", "id"), parameter(caller)))
                            .orElseGet(() -> range(List.of("id"), ""));
        }

        private String among(String found) {
            return "id = any (array(select id from (" + found + ") found order by id desc limit " + limit
                    + ")) order by id desc";
        }

        private String ended() {
            return ofEachCaller(
                    "session_end",
                    "session_id",
                    "status",
                    parameter(filter.status().orElseThrow().name()),
                    "");
        }

        /** Of the schedule, which has what is unsettled alone. */
        private String unsettled() {
            return "select session_id as id from session_schedule where status = "
                    + parameter(filter.status().orElseThrow().name())
                    + filter.caller()
                            .map(caller -> " and caller = " + parameter(caller))
                            .orElse("")
                    + " and session_id >= " + from + " and session_id < " + before;
        }

        /** The newest ids that a value has in an index that begins with the caller: of the filter's caller, or of each. */
        private String ofEachCaller(String table, String id, String column, String value, String condition) {
            String callers = filter.caller()
                    .map(caller -> "(values (" + parameter(caller) + "::text))")
                    .orElse("callers()");
            return "select newest.id from " + callers + " k (caller) cross join lateral (select " + id + " as id from "
                    + table + " where " + range(List.of("caller", column, id), "k.caller, " + value, condition)
                    + ") newest";
        }

        private String range(List<String> columns, String values) {
            return range(columns, values, "");
        }

        /** Along the index of these columns, where all but the id have these values. */
        private String range(List<String> columns, String values, String condition) {
            String row = "(" + String.join(", ", columns) + ")";
            String first = values.isEmpty() ? "(" : "(" + values + ", ";
            return row + " >= " + first + from + ") and " + row + " < " + first + before + ")" + condition
                    + columns.stream().collect(Collectors.joining(" desc, ", " order by ", " desc"))
                    + " limit " + limit;
        }

        /** Adds a parameter unless there is one with this value. @return as the query names it */
        private String parameter(Object value) {
            if (!parameters.contains(value)) {
                parameters.add(value);
            }
            return "$" + (parameters.indexOf(value) + 1);
        }
    }

    private static UUID from(Filter filter) {
        return filter.createdFrom().map(Sessions::firstIdAt).orElse(BEFORE_ALL);
    }

    private static UUID before(Filter filter) {
        return earlier(
                filter.createdTo().map(Sessions::firstIdAt).orElse(AFTER_ALL),
                filter.after().orElse(AFTER_ALL));
    }

    /** Ids are UUIDv7: their order is the order of creation. */
    private static UUID firstIdAt(Instant time) {
        return UuidCreator.getTimeOrderedEpochMin(time);
    }

    private static UUID earlier(UUID one, UUID other) {
        // Not UUID.compareTo, which takes the halves as signed numbers.
        return one.toString().compareTo(other.toString()) <= 0 ? one : other;
    }
}

package io.liveness.gateway.session;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Lists sessions: a caller's own, or all. One session is read by {@link ReadSession}.
 *
 * <p>A page is read from a position in an index: from a row of the index's columns, whose last one is the id. A comparison of whole
 * rows makes the planner read along that index, independent of statistics; with {@code caller = … and id < …} it may walk all sessions
 * instead. What is read does not end with the list, see {@code docs/decisions/0011-lists-by-position-in-one-index.md}.
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
        List<Object> parameters = new ArrayList<>();
        String sql = "select " + SessionRow.COLUMNS + "from liveness_session where "
                + (filter.reference().isPresent() && filter.status().isPresent()
                        ? ofReferenceAndStatus(filter, parameters)
                        : fromPosition(filter, parameters))
                + " limit " + next(parameters, filter.pageSize() + 1);
        return database.execute(Connections.READING, sql, Tuple.from(parameters), rows -> ofTheList(filter, rows));
    }

    private static String fromPosition(Filter filter, List<Object> parameters) {
        Map<String, String> position = new LinkedHashMap<>();
        filter.caller().ifPresent(caller -> position.put("caller", next(parameters, caller)));
        filter.reference().ifPresent(reference -> position.put("reference", next(parameters, reference)));
        filter.status().ifPresent(status -> position.put("status", next(parameters, status.name())));
        position.put("id", next(parameters, before(filter)));
        return "(" + String.join(", ", position.keySet()) + ") < (" + String.join(", ", position.values()) + ")"
                // Its index is a partial one.
                + (filter.reference().isPresent() ? " and reference is not null" : "")
                + position.keySet().stream().collect(Collectors.joining(" desc, ", " order by ", " desc"));
    }

    /** Few sessions have one reference: the status of each is read. No index of the status is considered. */
    private static String ofReferenceAndStatus(Filter filter, List<Object> parameters) {
        return filter.caller()
                        .map(caller -> "caller = " + next(parameters, caller) + " and ")
                        .orElse("")
                + "reference = " + next(parameters, filter.reference().orElseThrow())
                + " and id >= " + next(parameters, from(filter))
                + " and id < " + next(parameters, before(filter))
                + " and status || '' = "
                + next(parameters, filter.status().orElseThrow().name())
                + " order by id desc";
    }

    /** Adds a parameter. @return as the query names it */
    private static String next(List<Object> parameters, Object value) {
        parameters.add(value);
        return "$" + parameters.size();
    }

    /** The sessions of the list among those that were read, which begin with them. */
    private static List<SessionRow> ofTheList(Filter filter, RowSet<Row> read) {
        UUID from = from(filter);
        return StreamSupport.stream(read.spliterator(), false)
                .map(SessionRow::of)
                .takeWhile(session -> isSame(filter.caller(), session.caller())
                        && isSame(filter.reference(), session.requested().reference())
                        && isSame(filter.status(), session.status())
                        && earlier(from, session.id()).equals(from))
                .toList();
    }

    private static boolean isSame(Optional<?> wanted, Object value) {
        return wanted.isEmpty() || wanted.get().equals(value);
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

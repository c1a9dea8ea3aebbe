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
import java.util.Arrays;
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
 * instead. What is read does not end with the list, see {@code docs/decisions/0011-lists-by-position-in-one-index.md}. Lists without an
 * index of their own are read from ranges of another one, see {@code docs/decisions/0071-an-open-writes-few-index-entries.md}.
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

    /** Callers are few: each is found behind the one before. */
    private static final String OWNERS = """
            with recursive owner as (
                (select caller from liveness_session order by caller limit 1)
                union all
                select (select n.caller from liveness_session n where n.caller > owner.caller order by n.caller limit 1)
                from owner where owner.caller is not null
            )""";

    /** $1 the caller. */
    private static final String OF_A_CALLER = ofRanges(
            "",
            "(values ($1::text)) owner (caller)",
            Arrays.stream(SessionStatus.values())
                    .map(status -> "('" + status + "')")
                    .collect(Collectors.joining(", ")),
            "status");

    /** $1 the status. */
    private static final String OF_A_STATUS = ofRanges(OWNERS, "owner", "($1::text)", "status");

    /** $1 the reference. */
    private static final String OF_A_REFERENCE = ofRanges(OWNERS, "owner", "($1::text)", "reference");

    /**
     * Newest first, from ranges of one index, each of which gives no more than a page: the newest of all are read by their keys. $2 is the id
     * before which they are, $3 how many.
     *
     * @param owners the callers
     * @param wanted values of the index's second column
     */
    private static String ofRanges(String with, String owners, String wanted, String column) {
        return "select " + SessionRow.COLUMNS
                + """
                from liveness_session where id = any (array(
                    :with
                    select p.id
                    from :owners
                    cross join (values :wanted) k (value)
                    cross join lateral (
                        select o.caller, o.:column as value, o.id from liveness_session o
                        -- The index of references is a partial one.
                        where (o.caller, o.:column, o.id) < (owner.caller, k.value, $2::uuid) and o.:column is not null
                        order by o.caller desc, o.:column desc, o.id desc
                        limit $3::int) p
                    where p.caller = owner.caller and p.value = k.value
                    order by p.id desc
                    limit $3::int))
                order by id desc
                """.replace(":with", with)
                        .replace(":owners", owners)
                        .replace(":wanted", wanted)
                        .replace(":column", column);
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
        String sql = query(filter, parameters);
        return database.execute(Connections.READING, sql, Tuple.from(parameters), rows -> ofTheList(filter, rows));
    }

    private static String query(Filter filter, List<Object> parameters) {
        Optional<String> status = filter.status().map(SessionStatus::name);
        if (filter.reference().isPresent() && status.isPresent()) {
            return ofReferenceAndStatus(filter, parameters);
        }
        Optional<String> second = filter.reference().or(() -> status);
        if (filter.caller().isPresent() == second.isPresent()) {
            return fromPosition(filter, parameters);
        }
        parameters.addAll(
                List.of(filter.caller().or(() -> second).orElseThrow(), before(filter), filter.pageSize() + 1));
        return filter.caller().isPresent() ? OF_A_CALLER : status.isPresent() ? OF_A_STATUS : OF_A_REFERENCE;
    }

    private static String fromPosition(Filter filter, List<Object> parameters) {
        Map<String, String> position = new LinkedHashMap<>();
        filter.caller().ifPresent(caller -> position.put("caller", next(parameters, caller)));
        filter.reference().ifPresent(reference -> position.put("reference", next(parameters, reference)));
        filter.status().ifPresent(status -> position.put("status", next(parameters, status.name())));
        position.put("id", next(parameters, before(filter)));
        return "select " + SessionRow.COLUMNS + "from liveness_session where (" + String.join(", ", position.keySet())
                + ") < (" + String.join(", ", position.values()) + ")"
                // Its index is a partial one.
                + (filter.reference().isPresent() ? " and reference is not null" : "")
                + position.keySet().stream().collect(Collectors.joining(" desc, ", " order by ", " desc"))
                + " limit " + next(parameters, filter.pageSize() + 1);
    }

    /** Few sessions have one reference: the status of each is read. No index of the status is considered. */
    private static String ofReferenceAndStatus(Filter filter, List<Object> parameters) {
        String owners = filter.caller()
                .map(caller -> "with owner (caller) as (values (" + next(parameters, caller) + "::text))")
                .orElse(OWNERS);
        return "select " + SessionRow.COLUMNS + "from liveness_session where id = any (array(" + owners
                + " select o.id from owner join liveness_session o on o.caller = owner.caller"
                + " where o.reference = " + next(parameters, filter.reference().orElseThrow())
                + " and o.id >= " + next(parameters, from(filter))
                + " and o.id < " + next(parameters, before(filter))
                + " and o.status || '' = "
                + next(parameters, filter.status().orElseThrow().name())
                + " order by o.id desc limit " + next(parameters, filter.pageSize() + 1) + ")) order by id desc";
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

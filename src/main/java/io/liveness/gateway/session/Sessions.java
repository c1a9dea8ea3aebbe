package io.liveness.gateway.session;

import com.github.f4b6a3.uuid.UuidCreator;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Lists sessions: a caller's own, or all. One session is read by {@link ReadSession}.
 *
 * <p>A page is read from a position in an index: from a row of the index's columns, whose last one is the id. A comparison of whole
 * rows makes the planner read along that index, independent of statistics; with {@code caller = … and id < …} it may walk all sessions
 * instead. What is read does not end with the list, see {@code docs/decisions/0011-lists-by-position-in-one-index.md}.
 */
@ApplicationScoped
@WithSession
public class Sessions implements PanacheRepositoryBase<SessionEntity, UUID> {

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

    // Few sessions have one reference: the status of each is looked at. No index of the status is considered.
    private static final String REFERENCE_AND_STATUS =
            "reference = :reference and id >= :from and id < :before and concat(statusName, '') = :statusName";

    /** Newest first. One row more than the page has shows whether another page follows. */
    public Uni<List<SessionEntity>> page(Filter filter) {
        Position position = position(filter);
        return find(position.where(), position.order(), position.parameters())
                .range(0, filter.pageSize())
                .list()
                .map(read -> ofTheList(filter, read));
    }

    /**
     * Where the list begins.
     *
     * @param where in HQL
     * @param order the columns, each descending
     */
    private record Position(String where, Sort order, Map<String, Object> parameters) {}

    private static Position position(Filter filter) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        List<String> columns = new ArrayList<>();
        filter.caller().ifPresent(caller -> {
            columns.add("caller");
            parameters.put("caller", caller);
        });
        filter.reference().ifPresent(reference -> parameters.put("reference", reference));
        filter.status().ifPresent(status -> parameters.put("statusName", status.name()));
        parameters.put(
                "before",
                earlier(
                        filter.createdTo().map(Sessions::firstIdAt).orElse(AFTER_ALL),
                        filter.after().orElse(AFTER_ALL)));
        if (filter.reference().isPresent() && filter.status().isPresent()) {
            parameters.put("from", from(filter));
            String caller = filter.caller().isPresent() ? "caller = :caller and " : "";
            return new Position(caller + REFERENCE_AND_STATUS, Sort.descending("id"), parameters);
        }
        filter.reference().ifPresent(reference -> columns.add("reference"));
        filter.status().ifPresent(status -> columns.add("statusName"));
        columns.add("id");
        return new Position(
                "(" + String.join(", ", columns) + ") < " + values(columns, ":before")
                        // Its index is a partial one.
                        + (columns.contains("reference") ? " and reference is not null" : ""),
                Sort.descending(columns.toArray(String[]::new)),
                parameters);
    }

    /** The sessions of the list among those that were read, which begin with them. */
    private static List<SessionEntity> ofTheList(Filter filter, List<SessionEntity> read) {
        UUID from = from(filter);
        return read.stream()
                .takeWhile(session -> isSame(filter.caller(), session.caller)
                        && isSame(filter.reference(), session.reference)
                        && isSame(filter.status(), session.status)
                        && earlier(from, session.id).equals(from))
                .toList();
    }

    private static boolean isSame(Optional<?> wanted, Object value) {
        return wanted.isEmpty() || wanted.get().equals(value);
    }

    private static UUID from(Filter filter) {
        return filter.createdFrom().map(Sessions::firstIdAt).orElse(BEFORE_ALL);
    }

    private static String values(List<String> columns, String id) {
        return columns.stream()
                .map(column -> column.equals("id") ? id : ":" + column)
                .collect(Collectors.joining(", ", "(", ")"));
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

package io.liveness.gateway.bill.work;

import io.liveness.gateway.bill.match.MatchKind;
import io.liveness.gateway.books.audit.PageOrFile;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.ws.rs.QueryParam;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A filter of results; a listed one fits all of it.
 *
 * @param kind all that are differences when empty
 */
record DifferenceFilter(Optional<MatchKind> kind, Optional<WorkState> state, Optional<String> assignee) {

    /** The longest name of an assignee, in characters. */
    static final int ASSIGNEE = 64;

    /** Where the work on a difference stands. */
    enum WorkState {
        OPEN,
        PROPOSED,
        ACCEPTED,
        /** Accepted ones whose revocation awaits a second person. Only filters have this state. */
        REVOCATION_PROPOSED
    }

    /** The query, as it was sent. */
    static class DifferenceQuery {

        @QueryParam("kind")
        String kind;

        @QueryParam("state")
        String state;

        @QueryParam("assignee")
        String assignee;

        DifferenceFilter filter() {
            return new DifferenceFilter(
                    Optional.ofNullable(kind).map(given -> Parameters.choice("kind", MatchKind.class, given)),
                    Optional.ofNullable(state).map(given -> Parameters.choice("state", WorkState.class, given)),
                    checkedAssignee(assignee));
        }
    }

    /** @param given may be null */
    static Optional<String> checkedAssignee(String given) {
        return Optional.ofNullable(given).map(text -> Parameters.text("assignee", text, 1, ASSIGNEE));
    }

    /** The kinds that fit, by name. Results that are no differences have no state. */
    String[] kinds() {
        Stream<MatchKind> kinds = kind.map(Stream::of).orElseGet(() -> Arrays.stream(MatchKind.values()));
        return kinds.filter(one -> one.isDifference() || (kind.isPresent() && state.isEmpty()))
                .map(Enum::name)
                .toArray(String[]::new);
    }

    /** The filter in the words of the API: what it holds of parameters, by their names. */
    Map<String, String> text() {
        return new PageOrFile.GivenFilters()
                .with("kind", kind)
                .with("state", state)
                .with("assignee", assignee)
                .texts();
    }
}

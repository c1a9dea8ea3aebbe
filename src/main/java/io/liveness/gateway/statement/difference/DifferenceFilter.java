package io.liveness.gateway.statement.difference;

import io.liveness.gateway.statement.matching.MatchKind;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which results are listed; all of it must fit.
 *
 * @param kind all that are differences when empty
 */
record DifferenceFilter(Optional<MatchKind> kind, Optional<DifferenceState> state, Optional<String> assignee) {

    /** The kinds that fit, by name. Results that are no differences have no state. */
    String[] kinds() {
        Stream<MatchKind> kinds = kind.map(Stream::of).orElseGet(() -> Arrays.stream(MatchKind.values()));
        return kinds.filter(one -> one.isDifference() || (kind.isPresent() && state.isEmpty()))
                .map(Enum::name)
                .toArray(String[]::new);
    }

    /** In the words of the API: what it holds of parameters, by their names. */
    Map<String, String> text() {
        Map<String, String> given = new LinkedHashMap<>();
        kind.ifPresent(one -> given.put("kind", one.name()));
        state.ifPresent(one -> given.put("state", one.name()));
        // Lines of the log are told apart by their ends.
        assignee.ifPresent(one -> given.put("assignee", one.replaceAll("\\p{Cntrl}", "?")));
        return given;
    }

    List<?> fingerprint() {
        return List.of(kind, state, assignee);
    }
}

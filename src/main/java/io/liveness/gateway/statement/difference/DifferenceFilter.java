package io.liveness.gateway.statement.difference;

import io.liveness.gateway.statement.matching.MatchKind;
import java.util.Arrays;
import java.util.List;
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

    List<?> fingerprint() {
        return List.of(kind, state, assignee);
    }
}

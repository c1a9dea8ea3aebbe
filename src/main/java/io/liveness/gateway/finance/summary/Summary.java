package io.liveness.gateway.finance.summary;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Sums by group, and the totals, which are the sums of the groups. */
final class Summary {

    private static final Comparator<Group> ORDER = Comparator.comparing(
                    Group::key,
                    Comparator.comparing(key -> key.orElse(null), Comparator.nullsLast(Comparator.naturalOrder())))
            .thenComparing(Group::currency);

    /** @param key empty for fees without a cost centre, and for adjustments that are of no session */
    record Group(Optional<String> key, String currency) {}

    private final SortedMap<Group, Sums> groups = new TreeMap<>(ORDER);
    private final SortedMap<String, Sums> totals = new TreeMap<>();

    void add(Group group, Standing standing, Figure figure) {
        groups.computeIfAbsent(group, any -> new Sums()).add(standing, figure);
        totals.computeIfAbsent(group.currency(), any -> new Sums()).add(standing, figure);
    }

    /** By key and currency; groups without a key are the last ones. */
    Map<Group, Sums> groups() {
        return groups;
    }

    /** By currency. */
    SortedMap<String, Sums> totals() {
        return totals;
    }
}

package io.liveness.gateway.statement.adjustment;

import io.liveness.gateway.finance.Month;
import io.liveness.gateway.statement.matching.MatchKind;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Which adjustments are listed; all of it must fit.
 *
 * @param from when they were recorded, at the earliest
 * @param to before which they were recorded
 * @param ofMonth that they correct
 */
record AdjustmentFilter(
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<Month> ofMonth,
        Optional<UUID> statement,
        Optional<UUID> session,
        Optional<String> caller,
        Optional<MatchKind> kind) {

    /** In the words of the API: what it holds of parameters, by their names. */
    Map<String, String> text() {
        Map<String, String> given = new LinkedHashMap<>();
        put(given, "from", from);
        put(given, "to", to);
        put(given, "ofMonth", ofMonth.map(Month::name));
        put(given, "statement", statement);
        put(given, "sessionId", session);
        put(given, "caller", caller);
        put(given, "kind", kind);
        return given;
    }

    private static void put(Map<String, String> given, String name, Optional<?> value) {
        // Lines of the log are told apart by their ends.
        value.ifPresent(present -> given.put(name, present.toString().replaceAll("\\p{Cntrl}", "?")));
    }

    List<?> fingerprint() {
        return List.of("adjustments", from, to, ofMonth, statement, session, caller, kind);
    }
}

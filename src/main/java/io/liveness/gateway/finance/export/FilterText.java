package io.liveness.gateway.finance.export;

import io.liveness.gateway.finance.ChargeFilter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A filter in the words of the API: what it holds of parameters, by their names. */
final class FilterText {

    private FilterText() {}

    static Map<String, String> of(ChargeFilter filter) {
        Map<String, String> given = new LinkedHashMap<>();
        put(given, "from", filter.opened().from());
        put(given, "to", filter.opened().to());
        put(given, "endedFrom", filter.ended().from());
        put(given, "endedTo", filter.ended().to());
        put(given, "status", filter.status());
        put(given, "basis", filter.basis());
        put(given, "caller", filter.caller());
        put(given, "costCentre", filter.costCentre());
        put(given, "taskNo", filter.taskNo());
        put(given, "sessionId", filter.session());
        return given;
    }

    private static void put(Map<String, String> given, String name, Optional<?> value) {
        // Lines of the log are told apart by their ends.
        value.ifPresent(present -> given.put(name, present.toString().replaceAll("\\p{Cntrl}", "?")));
    }
}

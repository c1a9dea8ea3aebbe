package io.liveness.gateway.process.leak;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What must not leak, and the columns that may have it in the clear: the data map of docs/privacy.md. */
enum Datum {
    APP_SECRET(false),
    ENCRYPTION_KEY(false),
    ACCESS_TOKEN(false),
    VENDOR_TOKEN(false),
    CHECK_PAGE(false),
    FACE_IMAGE(false),
    WEBHOOK_SECRET(false),
    REFERENCE(true, "liveness_session.reference"),
    METADATA(true, "liveness_session.metadata"),
    /** Of a person that is erased. */
    PERSON_REFERENCE(true, "liveness_session.reference"),
    PERSON_METADATA(true, "liveness_session.metadata"),
    TITLE(true, "liveness_session.title"),
    RETURN_ADDRESS(true, "liveness_session.return_url"),
    IDEMPOTENCY_KEY(true, "liveness_session.idempotency_key"),
    COST_CENTRE(false, "liveness_session.cost_centre", "ledger_entry.cost_centre");

    private final boolean isThinned;
    private final Set<String> columns;

    Datum(boolean isThinned, String... columns) {
        this.isThinned = isThinned;
        this.columns = Set.of(columns);
    }

    Set<String> columns() {
        return columns;
    }

    /** Where the data may be while sessions are kept. */
    static Map<Datum, Set<String>> kept() {
        return columns(datum -> true);
    }

    /** Where they may be after redaction and thinning. */
    static Map<Datum, Set<String>> keptAfterThinning() {
        return columns(datum -> !datum.isThinned);
    }

    private static Map<Datum, Set<String>> columns(Predicate<Datum> which) {
        Map<Datum, Set<String>> kept = new EnumMap<>(Datum.class);
        for (Datum datum : values()) {
            if (which.test(datum) && !datum.columns.isEmpty()) {
                kept.put(datum, datum.columns);
            }
        }
        return kept;
    }
}

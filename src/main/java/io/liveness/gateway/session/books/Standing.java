package io.liveness.gateway.session.books;

import io.vertx.sqlclient.Row;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the books stand.
 *
 * @param counts differences that are known and not mended; a kind without any is absent
 * @param overdue fees in minor units that should have ended and are open
 */
record Standing(Map<DifferenceKind, Integer> counts, long overdue) {

    /** Empty when the last comparison was too long ago. */
    static Optional<Standing> of(Iterable<Row> rows) {
        Map<DifferenceKind, Integer> counts = new EnumMap<>(DifferenceKind.class);
        long overdue = 0;
        for (Row row : rows) {
            if (row.getBoolean("stale")) {
                return Optional.empty();
            }
            Optional<DifferenceKind> kind = DifferenceKind.of(row.getString("kind"));
            if (kind.isPresent()) {
                counts.put(kind.get(), row.getInteger("count"));
                overdue += kind.get() == DifferenceKind.OVERDUE ? row.getLong("fee_amount") : 0;
            }
        }
        return Optional.of(new Standing(counts, overdue));
    }

    int count(DifferenceKind kind) {
        return counts.getOrDefault(kind, 0);
    }

    /** All differences that concern the ledger. */
    int imbalance() {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().ofLedger())
                .mapToInt(Map.Entry::getValue)
                .sum();
    }
}

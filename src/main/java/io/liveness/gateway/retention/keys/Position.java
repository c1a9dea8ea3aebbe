package io.liveness.gateway.retention.keys;

import io.vertx.sqlclient.Row;
import java.util.UUID;

/**
 * Where a pass is.
 *
 * @param stage which table, as numbered by {@link RotatedTables}
 * @param done the last row that is done; null before the first
 * @param since the first row of the table when the stage began, null before that
 * @param upto the last row then: what was stored later is under the first key
 */
record Position(int stage, UUID done, UUID since, UUID upto) {

    private static final UUID NOWHERE = new UUID(0, 0);

    static Position of(Row row) {
        return new Position(
                row.getInteger("stage"), row.getUUID("position"), row.getUUID("since"), row.getUUID("upto"));
    }

    /** Before the first batch of a table. */
    static Position beginning(int stage) {
        return new Position(stage, null, null, null);
    }

    Position within(UUID first, UUID last) {
        return new Position(stage, done, first, last);
    }

    Position after(UUID row) {
        return new Position(stage, row, since, upto);
    }

    UUID after() {
        return done == null ? NOWHERE : done;
    }

    /** From 0 to 1, by the time in the ids, which is when the rows were created. */
    double share() {
        if (done == null || upto == null || time(upto) <= time(since)) {
            return 0;
        }
        return Math.min(1, (time(done) - time(since)) / (time(upto) - time(since)));
    }

    private static double time(UUID id) {
        return id.getMostSignificantBits() >>> 16;
    }
}

package io.liveness.gateway.session.books;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.session.SessionConfig;
import io.liveness.gateway.vendor.LivenessVendor;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.OptionalInt;
import org.jboss.logging.Logger;

/**
 * Compares sessions with their ledger entries and events, one pass at a time. A pass reads what is new since the last two passes, what is
 * known to differ, what is overdue, and the next pages of walks through open sessions and through all of history. Its cost is bounded,
 * whatever the size of the history.
 *
 * <p>A pass runs every 8 to 10 seconds on one replica. New rows are compared by the next pass. Any other change is found by the walk: of
 * 250 sessions and 500 entries a pass, over two million sessions a day. While more new rows exist than one pass reads, passes follow at
 * once and then each second, and continue the walks every 8 seconds.
 */
@Singleton
class CompareBooks {

    private static final Logger LOG = Logger.getLogger(CompareBooks.class);

    // Writing off takes a moment after the end.
    private static final Duration MARGIN = Duration.ofMinutes(15);

    private final Database database;
    private final String pass;

    CompareBooks(Database database, LivenessVendor vendor, SessionConfig config) {
        this.database = database;
        this.pass =
                BooksSql.pass(vendor.tokenLifetime().plus(config.expiryGrace()).plus(MARGIN));
    }

    /**
     * Does a pass if it is time and no other replica is at it.
     *
     * @return milliseconds until the next pass, 0 when there is more that is new; empty without a pass
     */
    Uni<OptionalInt> compare() {
        return database.execute(pass, Tuple.tuple()).map(CompareBooks::report);
    }

    private static OptionalInt report(RowSet<Row> rows) {
        OptionalInt pause = OptionalInt.empty();
        for (Row row : rows) {
            pause = OptionalInt.of(row.getInteger("pause"));
            if (row.getUUID("session_id") != null) {
                report(row);
            }
        }
        return pause;
    }

    private static void report(Row row) {
        if (row.getBoolean("found")) {
            LOG.errorf("books.differ sessionId=%s kind=%s", row.getUUID("session_id"), row.getString("kind"));
        } else {
            LOG.infof("books.mended sessionId=%s kind=%s", row.getUUID("session_id"), row.getString("kind"));
        }
    }
}

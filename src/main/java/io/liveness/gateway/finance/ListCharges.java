package io.liveness.gateway.finance;

import io.liveness.gateway.platform.postgres.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Lists charges by page, newest first. */
@Singleton
class ListCharges {

    private static final int LISTED = ChargeRow.NUMBER_OF_COLUMNS;
    private static final int BEYOND = LISTED + 1;
    private static final int LAST_READ = BEYOND + 1;

    private final Database database;

    ListCharges(Database database) {
        this.database = database;
    }

    /**
     * Charges, and where the next page begins.
     *
     * @param next the session after which it does; empty when there is none
     */
    record Charges(List<ChargeRow> rows, Optional<UUID> next) {}

    /** @param after the session that the page before ended with */
    Uni<Charges> page(ChargeFilter filter, Optional<UUID> after, int size) {
        // One row more than the page has shows whether another page follows.
        return database.read(
                        ChargesSql.page(ChargePosition.of(filter)),
                        ChargesSql.parameters(filter, after.orElse(ChargesSql.BEFORE_ALL))
                                .addInteger(size + 1))
                .map(rows -> charges(rows, size));
    }

    private static Charges charges(RowSet<Row> read, int size) {
        List<ChargeRow> listed = new ArrayList<>();
        UUID behind = null;
        boolean moreMayFollow = false;
        for (Row row : read) {
            if (row.getBoolean(BEYOND)) {
                break;
            }
            if (listed.size() == size) {
                moreMayFollow = true;
                break;
            }
            behind = row.getUUID(0);
            if (row.getBoolean(LISTED)) {
                listed.add(ChargeRow.of(row));
            }
            moreMayFollow = row.getBoolean(LAST_READ);
        }
        return new Charges(listed, moreMayFollow ? Optional.of(behind) : Optional.empty());
    }
}

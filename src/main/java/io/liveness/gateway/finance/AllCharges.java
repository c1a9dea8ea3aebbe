package io.liveness.gateway.finance;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;

/** The statement that reads a whole list of charges in its order, for a cursor, and how its rows are to be taken. */
public final class AllCharges {

    private static final int LISTED = ChargeRow.NUMBER_OF_COLUMNS;
    private static final int BEYOND = LISTED + 1;

    private AllCharges() {}

    public static String sql(ChargeFilter filter) {
        return ChargesSql.whole(ChargePosition.of(filter));
    }

    public static Tuple parameters(ChargeFilter filter) {
        return ChargesSql.parameters(filter, ChargesSql.BEFORE_ALL);
    }

    /** Whether a row is of the list. */
    public static boolean isListed(Row row) {
        return row.getBoolean(LISTED);
    }

    /** Whether a row, and so all behind it, lies behind the end of the list. */
    public static boolean isBeyond(Row row) {
        return row.getBoolean(BEYOND);
    }
}

package io.liveness.gateway.bill;

import io.liveness.gateway.books.Money;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What is undone when a statement is withdrawn, or when another one takes its place. It neither reads nor writes.
 *
 * @param confirmedByTwo whether two people have confirmed adjustments of it
 * @param weight the larger of what it charges and of what was accepted of it, in the units of {@link Money}; empty when it does not count
 */
record Undoing(boolean confirmedByTwo, Optional<BigDecimal> weight, String currency) {

    static final String COLUMNS = "needs_two_to_undo(id) as confirmed_by_two, statement_weight(id) as weight, currency";

    /** Reads a row with {@link #COLUMNS}. */
    static Undoing of(ResultSet row) throws SQLException {
        return new Undoing(
                row.getBoolean("confirmed_by_two"),
                Optional.ofNullable(row.getBigDecimal("weight")),
                row.getString("currency"));
    }

    /** @param above what one person may undo alone */
    boolean takesTwo(Money above) {
        return confirmedByTwo
                || weight.filter(units -> above.isExceededBy(units, currency)).isPresent();
    }
}

package io.liveness.gateway.books;

import java.sql.ResultSet;
import java.sql.SQLException;

/** An amount of money as the API tells it: a decimal string. */
public record AmountView(String value, String currency) {

    public static AmountView of(Money money) {
        return new AmountView(money.decimal(), money.currency());
    }

    /** Reads an amount from two columns of a row; null where the amount is. */
    public static AmountView of(ResultSet row, String amount, String currency) throws SQLException {
        Long units = row.getObject(amount, Long.class);
        return units == null ? null : of(new Money(units, row.getString(currency)));
    }
}

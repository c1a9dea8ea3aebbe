package io.liveness.gateway.finance.period;

import io.liveness.gateway.finance.Month;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** A check before a month is closed. Every bean of this type runs for the checklist and for a close, which findings prevent. */
public interface ClosingCheck {

    /**
     * A reason against closing a month.
     *
     * @param code stable, in kebab case: programs branch on it
     * @param count the number of objects it concerns
     * @param detail what to do about it, for people
     */
    record Finding(String code, long count, String detail) {}

    /** What is not in order; empty when all is. */
    List<Finding> look(Connection connection, Month month) throws SQLException;
}

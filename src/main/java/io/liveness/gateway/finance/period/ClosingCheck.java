package io.liveness.gateway.finance.period;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import io.liveness.gateway.finance.Month;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A check before a month is closed. Every bean of this type runs for the checklist and for a close. What it finds prevents the close, or is
 * a warning, which is stored with it.
 */
public interface ClosingCheck {

    /**
     * What is not in order.
     *
     * @param code stable, in kebab case: programs branch on it
     * @param count the number of objects it concerns
     * @param detail what to do about it, for people
     * @param isWarning whether the month can be closed nevertheless
     */
    record Finding(
            String code,
            long count,
            String detail,
            @JsonIgnore boolean isWarning) {

        public static Finding reason(String code, long count, String detail) {
            return new Finding(code, count, detail, false);
        }

        @JsonCreator(mode = JsonCreator.Mode.PROPERTIES) // those that are stored with a closed month
        public static Finding warning(String code, long count, String detail) {
            return new Finding(code, count, detail, true);
        }
    }

    /** What is not in order; empty when all is. */
    List<Finding> look(Connection connection, Month month) throws SQLException;
}

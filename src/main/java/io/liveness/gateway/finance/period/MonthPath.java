package io.liveness.gateway.finance.period;

import io.liveness.gateway.platform.query.Parameters;
import jakarta.ws.rs.PathParam;
import java.time.YearMonth;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** Which month is asked for, as it was written. */
class MonthPath {

    private static final String MONTH = "month";

    @PathParam(MONTH)
    @Parameter(name = MONTH, ref = "Month")
    String month;

    YearMonth month() {
        return Parameters.month(MONTH, month);
    }
}

package io.liveness.gateway.finance.period;

import io.liveness.gateway.platform.query.Parameters;
import jakarta.ws.rs.PathParam;
import java.time.YearMonth;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** The month in the path, as it was sent. */
class MonthPath {

    private static final String MONTH = "month";

    @PathParam(MONTH)
    @Parameter(name = MONTH, ref = "Month")
    String month;

    YearMonth month() {
        return Parameters.month(MONTH, month);
    }
}

package io.liveness.gateway.finance.period;

import io.liveness.gateway.platform.query.Parameters;
import jakarta.ws.rs.PathParam;
import java.time.YearMonth;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** Which month is asked for, as it was written. */
class MonthPath {

    private static final String MONTH = "month";

    @PathParam(MONTH)
    @Parameter(
            description = "The month, where prices begin (`liveness.billing.time-zone`).",
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$",
                            minLength = 7,
                            maxLength = 7),
            example = "2026-10")
    String month;

    YearMonth month() {
        return Parameters.month(MONTH, month);
    }
}

package io.liveness.gateway.statement.mapping;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The names that the columns have in the header of a file; either of the amount, or of a count and a price. Those that a file may lack are null. */
@Schema(
        name = "StatementColumns",
        description = "The names of the columns in the header of the file. Letter case and blanks around a name are"
                + " ignored. Either `amount`, or `count` and `price`; either `status`, or the `status` of the mapping.",
        additionalProperties = Schema.False.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Columns(
        @NotNull(message = "is required")
        @Size(min = 1, max = MAX, message = LENGTH)
        @Schema(description = "The vendor's task number of init.")
        String taskNo,

        @Size(min = 1, max = MAX, message = LENGTH)
        @Schema(description = "The day of `time`, where that has the time of day alone.")
        String date,

        @NotNull(message = "is required")
        @Size(min = 1, max = MAX, message = LENGTH)
        @Schema(description = "When the fee was taken.")
        String time,

        @Size(min = 1, max = MAX, message = LENGTH) @Schema(description = "The status of the fee.")
        String status,

        @Size(min = 1, max = MAX, message = LENGTH) @Schema(description = "The amount of the fee.")
        String amount,

        @Size(min = 1, max = MAX, message = LENGTH)
        @Schema(description = "The number of checks on the line, multiplied by `price`.")
        String count,

        @Size(min = 1, max = MAX, message = LENGTH) @Schema(description = "The price of one check.")
        String price) {

    private static final int MAX = 64;
    private static final String LENGTH = "must have 1 to 64 characters";

    /**
     * Name of the column by what is in it: {@code taskNo}, {@code date}, {@code time}, {@code status}, {@code amount} or {@code count},
     * {@code price}. Columns that the file lacks are not in it.
     */
    public Map<String, String> byField() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("taskNo", taskNo);
        names.put("date", date);
        names.put("time", time);
        names.put("status", status);
        names.put("amount", amount);
        names.put("count", count);
        names.put("price", price);
        names.values().removeIf(Objects::isNull);
        return names;
    }

    boolean hasOneKindOfAmount() {
        return amount == null ? count != null && price != null : count == null && price == null;
    }
}

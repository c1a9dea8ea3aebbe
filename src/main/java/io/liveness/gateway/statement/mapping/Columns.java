package io.liveness.gateway.statement.mapping;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The names that the columns have in the header of a file; either of the amount, or of a count and a price. Those that a file may lack are null. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Columns(
        @NotNull(message = "is required") @Size(min = 1, max = MAX, message = LENGTH)
        String taskNo,

        @Size(min = 1, max = MAX, message = LENGTH) String date,

        @NotNull(message = "is required") @Size(min = 1, max = MAX, message = LENGTH)
        String time,

        @Size(min = 1, max = MAX, message = LENGTH) String status,

        @Size(min = 1, max = MAX, message = LENGTH) String amount,

        @Size(min = 1, max = MAX, message = LENGTH) String count,

        @Size(min = 1, max = MAX, message = LENGTH) String price) {

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

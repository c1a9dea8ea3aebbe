package io.liveness.gateway.bill.read;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Currency;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** How the columns of a statement's file are read. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Mapping(
        @NotNull(message = "is required") @Valid Columns columns,

        @NotEmpty(message = "must have 1 to 5 formats") @Size(max = 5, message = "must have 1 to 5 formats")
        List<
                        @NotNull(message = "is required")
                        @Size(min = 1, max = 64, message = "must have 1 to 64 characters") String>
                timeFormats,

        @NotNull(message = "is required") @Size(min = 1, max = 64, message = "must have 1 to 64 characters")
        String timeZone,

        @Size(max = 50, message = "must have 1 to 50 words")
        Map<
                        @Size(min = 1, max = 64, message = "must have 1 to 64 characters") String,
                        @NotNull(message = "is required") StatedStatus>
                statusWords,

        @NotNull(message = "is required") @Pattern(regexp = "[A-Z]{3}", message = "must be a code of ISO 4217")
        String currency,

        @NotNull(message = "is required") Sign sign,

        @NotNull(message = "is required") @Size(max = 10, message = "must have at most 10 words")
        List<
                        @NotNull(message = "is required")
                        @Size(min = 1, max = 64, message = "must have 1 to 64 characters") String>
                totalWords,

        StatedStatus status) {

    /** What a statement says has become of a fee (vendor document, 计费说明). */
    public enum StatedStatus {
        PRE_DEDUCTED,
        CHARGED,
        REFUNDED
    }

    /** What a column has: each line has an amount, or a count and a price. */
    enum Field {
        TASK_NO,
        DATE,
        TIME,
        STATUS,
        AMOUNT,
        COUNT,
        PRICE
    }

    /** The names that the columns have in the header of a file; either of the amount, or of a count and a price. Missing ones are null. */
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

        /** Name of the column by what is in it. Columns that the file lacks are not in it. */
        Map<Field, String> byField() {
            Map<Field, String> names = new EnumMap<>(Field.class);
            names.put(Field.TASK_NO, taskNo);
            names.put(Field.DATE, date);
            names.put(Field.TIME, time);
            names.put(Field.STATUS, status);
            names.put(Field.AMOUNT, amount);
            names.put(Field.COUNT, count);
            names.put(Field.PRICE, price);
            names.values().removeIf(Objects::isNull);
            return names;
        }

        boolean hasOneKindOfAmount() {
            return amount == null ? count != null && price != null : count == null && price == null;
        }
    }

    /** The sign that the amounts of fees have in a statement. */
    public enum Sign {
        POSITIVE,
        NEGATIVE,
        IGNORED
    }

    public Mapping {
        // The words have one order: imports with the same mapping have the same definition.
        statusWords = statusWords == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(statusWords));
    }

    /** @throws ProblemException when it keeps every rule of a field and is of no use still */
    public Mapping checked() {
        List<FieldError> broken = new ArrayList<>();
        rule(broken, columns.hasOneKindOfAmount(), "columns", "must have either amount, or count and price");
        rule(
                broken,
                (columns.status() == null) != (status == null),
                "columns.status",
                "is required, unless status has the status of every line");
        rule(broken, columns.status() == null || !statusWords.isEmpty(), "statusWords", "must have 1 to 50 words");
        rule(broken, isZone(timeZone), "timeZone", "must be a time zone, for example Asia/Shanghai");
        for (int i = 0; i < timeFormats.size(); i++) {
            rule(
                    broken,
                    TimeFormat.isUsable(timeFormats.get(i))
                            && timeFormats.get(i).indexOf(0) < 0,
                    "timeFormats[" + i + "]",
                    "must be a format of a date, or a date and time, for example yyyy-MM-dd HH:mm:ss");
        }
        rule(
                broken,
                Currency.getAvailableCurrencies().stream()
                        .anyMatch(one -> one.getCurrencyCode().equals(currency)),
                "currency",
                "must be a code of ISO 4217");
        rule(
                broken,
                Stream.of(columns.byField().values(), statusWords.keySet(), totalWords)
                        .flatMap(Collection::stream)
                        .noneMatch(text -> text.indexOf(0) >= 0),
                "columns",
                "must have names and words without NUL");
        if (!broken.isEmpty()) {
            throw ProblemException.invalid(broken);
        }
        return this;
    }

    private static void rule(List<FieldError> broken, boolean kept, String field, String message) {
        if (!kept) {
            broken.add(new FieldError(field, message));
        }
    }

    private static boolean isZone(String name) {
        try {
            ZoneId.of(name);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }
}

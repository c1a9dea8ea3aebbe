package io.liveness.gateway.statement.mapping;

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
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How the columns of a statement's file are read. */
@Schema(
        name = "StatementMapping",
        description = "How the columns of a statement's file are read.",
        additionalProperties = Schema.False.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Mapping(
        @NotNull(message = "is required") @Valid @Schema(description = "The names of the columns.")
        Columns columns,

        @NotEmpty(message = "must have 1 to 5 formats")
        @Size(max = 5, message = "must have 1 to 5 formats")
        @Schema(
                description =
                        "Time formats in the syntax of Java's DateTimeFormatter, tried in order. Parsing is strict: 30"
                                + " February is an error. A day without a time is its beginning.",
                examples = "[\"yyyy-MM-dd HH:mm:ss\"]")
        List<
                        @NotNull(message = "is required")
                        @Size(min = 1, max = 64, message = "must have 1 to 64 characters") String>
                timeFormats,

        @NotNull(message = "is required")
        @Size(min = 1, max = 64, message = "must have 1 to 64 characters")
        @Schema(description = "The IANA time zone of times without an offset.", examples = "Asia/Shanghai")
        String timeZone,

        @Size(max = 50, message = "must have 1 to 50 words")
        @Schema(description = "The meaning of each word in the status column; without that column none.")
        Map<
                        @Size(min = 1, max = 64, message = "must have 1 to 64 characters") String,
                        @NotNull(message = "is required") StatedStatus>
                statusWords,

        @NotNull(message = "is required")
        @Pattern(regexp = "[A-Z]{3}", message = "must be a code of ISO 4217")
        @Schema(description = "ISO 4217.", pattern = "^[A-Z]{3}$", examples = "CNY")
        String currency,

        @NotNull(message = "is required") @Schema(description = "The sign of the amounts.")
        Sign sign,

        @NotNull(message = "is required")
        @Size(max = 10, message = "must have at most 10 words")
        @Schema(description = "Words that the totals row of the file begins with.", examples = "[\"合计\"]")
        List<
                        @NotNull(message = "is required")
                        @Size(min = 1, max = 64, message = "must have 1 to 64 characters") String>
                totalWords,

        @Schema(description = "The status of every line of a file without a status column.")
        StatedStatus status) {

    public Mapping {
        statusWords = statusWords == null ? Map.of() : statusWords;
    }

    /** @throws ProblemException when it keeps every rule of a field and is of no use still */
    public Mapping checked() {
        List<FieldError> broken = new ArrayList<>();
        if (!columns.hasOneKindOfAmount()) {
            broken.add(new FieldError("columns", "must have either amount, or count and price"));
        }
        if ((columns.status() == null) == (status == null)) {
            broken.add(new FieldError("columns.status", "is required, unless status has the status of every line"));
        }
        if (columns.status() != null && statusWords.isEmpty()) {
            broken.add(new FieldError("statusWords", "must have 1 to 50 words"));
        }
        try {
            ZoneId.of(timeZone);
        } catch (DateTimeException e) {
            broken.add(new FieldError("timeZone", "must be a time zone, for example Asia/Shanghai"));
        }
        for (int i = 0; i < timeFormats.size(); i++) {
            if (!TimeFormat.isUsable(timeFormats.get(i))) {
                broken.add(new FieldError(
                        "timeFormats[" + i + "]",
                        "must be a format of a date, or a date and time, for example yyyy-MM-dd HH:mm:ss"));
            }
        }
        if (Currency.getAvailableCurrencies().stream()
                .noneMatch(one -> one.getCurrencyCode().equals(currency))) {
            broken.add(new FieldError("currency", "must be a code of ISO 4217"));
        }
        Stream.of(columns.byField().values(), statusWords.keySet(), totalWords)
                .flatMap(Collection::stream)
                .filter(text -> text.indexOf(0) >= 0)
                .forEach(text -> broken.add(new FieldError("columns", "must have names and words without NUL")));
        if (!broken.isEmpty()) {
            throw ProblemException.invalid(broken);
        }
        return new Mapping(
                columns, timeFormats, timeZone, new TreeMap<>(statusWords), currency, sign, totalWords, status);
    }
}

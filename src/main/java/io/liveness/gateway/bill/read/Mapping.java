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
import java.util.Optional;
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

        StatedStatus status,
        Unit unit) {

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
        PRICE,
        CURRENCY
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

            @Size(min = 1, max = MAX, message = LENGTH) String price,

            @Size(min = 1, max = MAX, message = LENGTH) String currency) {

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
            names.put(Field.CURRENCY, currency);
            names.values().removeIf(Objects::isNull);
            return names;
        }

        boolean hasOneKindOfAmount() {
            return amount == null ? count != null && price != null : count == null && price == null;
        }

        /** Name of the column whose numbers are amounts of money. */
        private String money() {
            return amount == null ? price : amount;
        }
    }

    /** The sign that the amounts of fees have in a statement. By the last two the sign is the status: of a charge, or else of a return. */
    public enum Sign {
        POSITIVE,
        NEGATIVE,
        IGNORED,
        POSITIVE_IS_CHARGE,
        NEGATIVE_IS_CHARGE;

        boolean isStatus() {
            return this == POSITIVE_IS_CHARGE || this == NEGATIVE_IS_CHARGE;
        }

        /** The status that a fee has on the bill when it is taken, whatever becomes of it. */
        public StatedStatus taken() {
            return isStatus() ? StatedStatus.CHARGED : StatedStatus.PRE_DEDUCTED;
        }
    }

    /** What an amount is counted in: 元 or 分. */
    public enum Unit {
        MAJOR("元|圆|yuan"),
        MINOR("分|fen|cents?");

        private final java.util.regex.Pattern word;

        /** A word stands alone, in brackets or behind what is counted: 积分 and 分摊金额 are in no unit. */
        Unit(String words) {
            this.word = java.util.regex.Pattern.compile(
                    "(^|\\P{L}|金额|费用|费|单价|价格|人民币|单位|rmb|cny|amount|price|fee|cost)(" + words + ")(?!\\p{L})");
        }

        /** The unit that a text names; empty when it names none, or both. */
        static Optional<Unit> in(String text) {
            String name = RawRow.name(text);
            List<Unit> named = Stream.of(values())
                    .filter(unit -> unit.word.matcher(name).find())
                    .toList();
            return named.size() == 1 ? Optional.of(named.get(0)) : Optional.empty();
        }

        /** The unit that a row above the header says, such as {@code 单位：元}. */
        static Optional<Unit> statedIn(RawRow row) {
            return stated(row).flatMap(cell -> in(cell).stream()).findFirst();
        }

        /** Whether a row above the header says a unit in which no amount is read, such as {@code 单位：万元}. */
        static boolean isOther(RawRow row) {
            return stated(row).anyMatch(cell -> OTHER_UNIT.matcher(cell).find());
        }

        private static Stream<String> stated(RawRow row) {
            return row.cells().stream()
                    .map(RawRow::name)
                    .filter(cell -> UNIT_STATED.matcher(cell).find());
        }
    }

    private static final java.util.regex.Pattern UNIT_STATED =
            java.util.regex.Pattern.compile("(^|\\P{L}|金额|货币)单位 ?[:=] ?(人民币)?[百千万亿]?[元圆角分厘毫]");
    private static final java.util.regex.Pattern OTHER_UNIT =
            java.util.regex.Pattern.compile("[百千万亿][元圆]|(\\P{L}|金额|费用|单价)[角厘毫](?!\\p{L})");

    public Mapping {
        // The words have one order: imports with the same mapping have the same definition.
        statusWords = statusWords == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(statusWords));
    }

    /** The unit of the amounts: the one that the mapping has, or else the one that the name of their column says, or else the major one. */
    Unit unitOfAmounts() {
        return unit != null ? unit : Unit.in(columns.money()).orElse(Unit.MAJOR);
    }

    /** This mapping with a column of currencies. */
    Mapping withCurrency(String column) {
        Columns all = new Columns(
                columns.taskNo(),
                columns.date(),
                columns.time(),
                columns.status(),
                columns.amount(),
                columns.count(),
                columns.price(),
                column);
        return new Mapping(all, timeFormats, timeZone, statusWords, currency, sign, totalWords, status, unit);
    }

    /** @throws ProblemException when it keeps every rule of a field and is of no use still */
    public Mapping checked() {
        List<FieldError> broken = new ArrayList<>();
        rule(broken, columns.hasOneKindOfAmount(), "columns", "must have either amount, or count and price");
        rule(
                broken,
                Stream.of(columns.status() != null, status != null, sign.isStatus())
                                .filter(Boolean::booleanValue)
                                .count()
                        == 1,
                "columns.status",
                "is required, unless status has the status of every line, or the sign is the status");
        rule(broken, columns.amount(), "columns.amount");
        rule(broken, columns.price(), "columns.price");
        rule(broken, columns.status() == null || !statusWords.isEmpty(), "statusWords", "must have 1 to 50 words");
        rule(broken, isZone(timeZone), "timeZone", "must be a time zone, for example Asia/Shanghai");
        for (int i = 0; i < timeFormats.size(); i++) {
            rule(
                    broken,
                    TimeFormat.isUsable(timeFormats.get(i))
                            && timeFormats.get(i).indexOf(0) < 0,
                    "timeFormats[" + i + "]",
                    "must be a format of a date, or a date and time, for example yyyy-MM-dd HH:mm:ss");
            rule(
                    broken,
                    TimeFormat.isRightForDates(timeFormats.get(i)),
                    "timeFormats[" + i + "]",
                    "must not read 2026-03-04 05:06:07 as another time than that of 4 March: a workbook's dates are read in this form");
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

    /** The name of a column of amounts says what the mapping does. */
    private void rule(List<FieldError> broken, String money, String field) {
        if (money != null) {
            rule(
                    broken,
                    unit == null || Unit.in(money).orElse(unit) == unit,
                    field,
                    "must name the unit that unit has: 分, fen and cents are MINOR, 元 and yuan are MAJOR");
            rule(
                    broken,
                    !OTHER_UNIT.matcher(RawRow.name(money)).find(),
                    field,
                    "must name no unit but 元 and 分: have the vendor write the amounts in one of them");
            rule(
                    broken,
                    CurrencyName.in(money).orElse(currency).equals(currency),
                    field,
                    "must name no other currency than currency has");
        }
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

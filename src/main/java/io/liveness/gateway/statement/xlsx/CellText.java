package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.platform.export.XlsxText;
import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.mapping.TimeFormat;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The text that a CSV file has for a cell. */
final class CellText {

    /** As many digits as a spreadsheet shows; what is behind them is noise of binary fractions. */
    private static final MathContext SHOWN = new MathContext(15, RoundingMode.HALF_UP);

    private static final int MOST_DIGITS = 400;
    private static final long MILLIS_OF_A_DAY = 86_400_000;
    /** The first one of the year 10000. */
    private static final int LAST_DAY = 2_958_466;
    /** Excel counts a 29 February 1900, of which no bill is: days before it are one less. */
    private static final int MARCH_1900 = 61;

    private static final LocalDateTime BEFORE_1900 = LocalDate.of(1899, 12, 30).atStartOfDay();
    private static final LocalDateTime IN_1904 = LocalDate.of(1904, 1, 1).atStartOfDay();

    private static final Pattern ERROR = Pattern.compile("#(N/A|[A-Z0-9_/]+[!?])");
    private static final DateTimeFormatter TIME_OF_DAY = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final List<TimeFormat> forms;
    private final boolean from1904;
    private String broken;

    /** @param from1904 whether the workbook counts days from 1904, not from 1900 */
    CellText(Mapping mapping, boolean from1904) {
        ZoneId zone = ZoneId.of(mapping.timeZone());
        this.forms = mapping.timeFormats().stream()
                .map(pattern -> new TimeFormat(pattern, zone))
                .toList();
        this.from1904 = from1904;
    }

    /**
     * A formula counts for the value that was last worked out for it.
     *
     * @param type as ECMA-376 has them (part 1, 18.18.11)
     * @param date whether its style shows a number as a date
     * @param value null when the cell has none
     * @param formula null when it has none
     */
    String of(String type, boolean date, String value, String formula) {
        broken = null;
        boolean number = type.equals("n");
        if (formula != null && (value == null || number && value.isEmpty())) {
            broken = "is a formula whose value is not in the file; open it in a spreadsheet and save it";
            return "=" + formula;
        }
        if (value == null || value.isEmpty()) {
            return "";
        }
        return switch (type) {
            case "n" -> number(value, date);
            case "b" -> value.equals("1") ? "TRUE" : value.equals("0") ? "FALSE" : value;
            case "d" -> isoTime(value);
            case "e", "str" -> calculated(XlsxText.read(value));
            default -> XlsxText.read(value);
        };
    }

    /** Why the cell that was read last cannot be used; null when it can. */
    String broken() {
        return broken;
    }

    private String calculated(String text) {
        if (ERROR.matcher(text).matches()) {
            broken = "is an error of a formula";
        }
        return text;
    }

    private String number(String value, boolean date) {
        BigDecimal number;
        try {
            number = value.length() > MOST_DIGITS ? null : new BigDecimal(value);
        } catch (NumberFormatException e) {
            number = null;
        }
        if (number == null || Math.abs((long) number.scale()) > MOST_DIGITS) {
            return calculated(value);
        }
        double days = number.doubleValue();
        return date && days >= 0 && days < LAST_DAY ? time(days) : shown(number);
    }

    /**
     * Without an exponent and zeros at the end. One of more than 15 digits before the point keeps its exponent: a spreadsheet has rounded
     * it.
     */
    private static String shown(BigDecimal given) {
        BigDecimal number = given.round(SHOWN).stripTrailingZeros();
        int whole = number.precision() - number.scale();
        if (whole <= SHOWN.getPrecision()) {
            return number.toPlainString();
        }
        String digits = number.unscaledValue().abs().toString();
        return (number.signum() < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + "E+" + (whole - 1);
    }

    /** A day and time in a form of the mapping, or a time of day. */
    private String time(double days) {
        LocalDateTime begin = from1904 ? IN_1904 : days < MARCH_1900 ? BEFORE_1900.plusDays(1) : BEFORE_1900;
        LocalDateTime time = begin.plus(Math.round(days * MILLIS_OF_A_DAY), ChronoUnit.MILLIS);
        return days < 1 ? TIME_OF_DAY.format(time) : written(time);
    }

    /** Of a cell that has its date as ISO 8601. */
    private String isoTime(String text) {
        try {
            return written(text.length() == 10 ? LocalDate.parse(text).atStartOfDay() : LocalDateTime.parse(text));
        } catch (DateTimeException e) {
            return text;
        }
    }

    /** In the first form that has its seconds, else in the first one. */
    private String written(LocalDateTime time) {
        Optional<String> any = Optional.empty();
        for (TimeFormat form : forms) {
            Optional<String> text = form.write(time);
            if (text.filter(written -> form.hasSecondsOf(time, written)).isPresent()) {
                return text.get();
            }
            any = any.or(() -> text);
        }
        return any.orElseGet(time::toString);
    }
}

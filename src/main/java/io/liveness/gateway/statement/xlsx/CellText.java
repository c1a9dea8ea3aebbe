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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;

/** The text that a CSV file has for a cell. */
final class CellText {

    /** The number of the one format by which the guard marks dates. */
    static final int DATE = 22;

    /** As many digits as a spreadsheet shows; what is behind them is noise of binary fractions. */
    private static final MathContext SHOWN = new MathContext(15, RoundingMode.HALF_UP);

    private static final int MOST_DIGITS = 400;
    private static final BigDecimal LAST_DAY = BigDecimal.valueOf(2_958_466);
    private static final Pattern ERROR = Pattern.compile("#(N/A|[A-Z0-9_/]+[!?])");
    private static final DateTimeFormatter TIME_OF_DAY = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final List<TimeFormat> forms;
    private final boolean uncalculated;
    private String broken;

    /** @param uncalculated whether the sheet has formulas with an empty value in place of none */
    CellText(Mapping mapping, boolean uncalculated) {
        ZoneId zone = ZoneId.of(mapping.timeZone());
        this.forms = mapping.timeFormats().stream()
                .map(pattern -> new TimeFormat(pattern, zone))
                .toList();
        this.uncalculated = uncalculated;
    }

    /** A formula counts for the value that was last worked out for it. */
    String of(Cell cell) {
        broken = null;
        Object value = cell.getValue();
        if (value == null) {
            return withoutValue(cell);
        }
        if (value instanceof BigDecimal number) {
            return isDate(cell) ? time(cell, number) : number(number, cell.getRawValue());
        }
        if (value instanceof Boolean flag) {
            return flag ? "TRUE" : "FALSE";
        }
        String text = XlsxText.read(value.toString());
        if (cell.getType() != CellType.STRING && ERROR.matcher(text).matches()) {
            broken = "is an error of a formula";
        } else if (cell.getType() == CellType.ERROR) {
            return isoTime(text);
        }
        return text;
    }

    /** Why the cell that was read last cannot be used; null when it can. */
    String broken() {
        return broken;
    }

    private String withoutValue(Cell cell) {
        String raw = Optional.ofNullable(cell.getRawValue()).orElse("");
        boolean none = cell.getRawValue() == null || uncalculated && raw.isEmpty();
        if (none && cell.getType() == CellType.FORMULA && cell.getFormula() != null) {
            broken = "is a formula whose value is not in the file; open it in a spreadsheet and save it";
            return "=" + cell.getFormula();
        }
        return raw;
    }

    private static boolean isDate(Cell cell) {
        Integer format = cell.getDataFormatId();
        return format != null && format == DATE;
    }

    /**
     * Without an exponent and zeros at the end. One of more than 15 digits before the point keeps its exponent: a spreadsheet has rounded
     * it.
     */
    private static String number(BigDecimal given, String raw) {
        if (Math.abs((long) given.scale()) > MOST_DIGITS) {
            return raw;
        }
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

    /** A day and time in a form of the mapping, or a time of day; as a number when it is neither. */
    private String time(Cell cell, BigDecimal days) {
        if (days.signum() < 0 || days.compareTo(LAST_DAY) >= 0) {
            return number(days, cell.getRawValue());
        }
        LocalDateTime time = cell.asDate();
        return days.compareTo(BigDecimal.ONE) < 0 ? TIME_OF_DAY.format(time) : written(time);
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

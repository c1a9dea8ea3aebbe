package io.liveness.gateway.bill.read;

import io.liveness.gateway.bill.read.RawRow.Why;
import io.liveness.gateway.platform.file.XlsxText;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;

/** The text that a CSV file has for a cell. */
final class CellText {

    /** A spreadsheet shows 15 digits; what is behind them is noise of binary fractions. */
    private static final MathContext SHOWN = new MathContext(15, RoundingMode.HALF_UP);

    private static final int MOST_DIGITS = 400;
    private static final BigDecimal LAST_DAY = BigDecimal.valueOf(2_958_466);
    private static final Pattern ERROR = Pattern.compile("#(N/A|[A-Z0-9_/]+[!?])");
    private static final DateTimeFormatter TIME_OF_DAY = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    /** A form that is read whatever the mapping says, unless it has one that finds another day in it, as {@code yyyy-dd-MM HH:mm:ss}. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    /** What is not part of a format itself: text in quotes, escapes, fillers, colours and currencies; fractions of a second. */
    private static final Pattern PASSED_OVER =
            Pattern.compile("\"[^\"]*\"?|\\\\.|[_*].|\\[[^\\]]*\\]?|[sS]\\.0+|General", Pattern.DOTALL);

    private static final Pattern OF_TIME = Pattern.compile("[yYmMdDhHsS]");
    private static final Pattern OF_NUMBER = Pattern.compile("[0#?]");

    private final boolean uncalculated;
    /** Whether a format shows a number as a date or time, by its number in the file. */
    private final Map<Integer, Boolean> dates = new HashMap<>();

    private Why broken;

    /** @param uncalculated whether the sheet has formulas with an empty value in place of none */
    CellText(boolean uncalculated) {
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
            broken = Why.ERROR;
        }
        return text;
    }

    /** Why the cell that was read last cannot be used; null when it can. */
    Why broken() {
        return broken;
    }

    private String withoutValue(Cell cell) {
        String raw = Optional.ofNullable(cell.getRawValue()).orElse("");
        boolean none = cell.getRawValue() == null || uncalculated && raw.isEmpty();
        if (none && cell.getType() == CellType.FORMULA && cell.getFormula() != null) {
            broken = Why.NOT_CALCULATED;
            return "=" + cell.getFormula();
        }
        return raw;
    }

    private boolean isDate(Cell cell) {
        Integer format = cell.getDataFormatId();
        return format != null
                && dates.computeIfAbsent(format, any -> isBuiltIn(format) || isDateFormat(cell.getDataFormatString()));
    }

    /** Those that are not written down: ECMA-376, part 1, 18.8.30, with the forms of China, Japan and Korea. */
    private static boolean isBuiltIn(int format) {
        return format >= 14 && format <= 22
                || format >= 27 && format <= 36
                || format >= 45 && format <= 47
                || format >= 50 && format <= 58;
    }

    /** @param code null for an unknown one */
    static boolean isDateFormat(String code) {
        if (code == null) {
            return false;
        }
        String form = PASSED_OVER.matcher(code).replaceAll("").split(";", 2)[0];
        // In [h]:mm the hours are in brackets; the minutes are not.
        return OF_TIME.matcher(form).find() && !OF_NUMBER.matcher(form).find();
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

    /** A day and time, or a time of day; as a number when it is neither. */
    private String time(Cell cell, BigDecimal days) {
        if (days.signum() < 0 || days.compareTo(LAST_DAY) >= 0) {
            return number(days, cell.getRawValue());
        }
        return (days.compareTo(BigDecimal.ONE) < 0 ? TIME_OF_DAY : TIME).format(cell.asDate());
    }
}

package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.platform.export.XlsxText;
import io.liveness.gateway.statement.reading.Why;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** The text that a CSV file has for a cell. */
final class CellText {

    /** As many digits as a spreadsheet shows; what is behind them is noise of binary fractions. */
    private static final MathContext SHOWN = new MathContext(15, RoundingMode.HALF_UP);

    private static final int LONGEST_NUMBER = 400;
    private static final int MOST_DIGITS = 400;
    private static final BigDecimal LAST_DAY = BigDecimal.valueOf(2_958_466);
    private static final BigDecimal MILLIS_OF_A_DAY = BigDecimal.valueOf(86_400_000);
    private static final LocalDateTime DAY_0 = LocalDate.of(1899, 12, 30).atStartOfDay();
    private static final LocalDateTime DAY_0_FROM_1904 =
            LocalDate.of(1904, 1, 1).atStartOfDay();
    private static final Pattern ERROR = Pattern.compile("#(N/A|[A-Z0-9_/]+[!?])");
    private static final DateTimeFormatter TIME_OF_DAY = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    /** A form that is read whatever the mapping says, unless it has one that finds another day in it, as {@code yyyy-dd-MM HH:mm:ss}. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    /** What is not part of a format itself: text in quotes, escapes, fillers, colours and currencies; fractions of a second. */
    private static final Pattern PASSED_OVER =
            Pattern.compile("\"[^\"]*\"?|\\\\.|[_*].|\\[[^\\]]*\\]?|[sS]\\.0+|General", Pattern.DOTALL);

    private static final Pattern OF_TIME = Pattern.compile("[yYmMdDhHsS]");
    private static final Pattern OF_NUMBER = Pattern.compile("[0#?]");

    private final List<String> shared;
    private final BitSet dates;
    private final LocalDateTime day0;

    private Why broken;

    /**
     * @param shared the texts that cells share
     * @param dates the numbers of styles that show a number as a date or time
     */
    CellText(List<String> shared, BitSet dates, boolean from1904) {
        this.shared = shared;
        this.dates = dates;
        this.day0 = from1904 ? DAY_0_FROM_1904 : DAY_0;
    }

    /** Reads the cell that begins here to its end. A formula counts for the value that was last worked out for it. */
    String of(Xml cell) {
        broken = null;
        String type = Objects.requireNonNullElse(cell.attribute("t"), "n");
        String style = cell.attribute("s");
        String formula = null;
        String value = null;
        while (cell.next() && !cell.ends("c")) {
            if (cell.begins("v")) {
                value = cell.text("v");
            } else if (cell.begins("f")) {
                formula = cell.text("f");
            } else if (cell.begins("is")) {
                value = runs(cell, "is");
            } else if (cell.begins("c") || cell.begins("row")) {
                throw cell.refused("has <" + cell.name() + "> in a cell, where no spreadsheet writes it");
            }
        }
        boolean empty = value == null || value.isEmpty();
        // Some programs write an empty number for what was never worked out.
        if (formula != null && (value == null || empty && type.equals("n"))) {
            broken = Why.NOT_CALCULATED;
            return "=" + formula;
        }
        if (empty) {
            return "";
        }
        if (type.equals("n") && value.length() > LONGEST_NUMBER) {
            throw cell.refused("has a number of more than " + LONGEST_NUMBER + " characters");
        }
        return switch (type) {
            case "n" -> isDate(style) ? time(new BigDecimal(value), value) : number(new BigDecimal(value), value);
            case "b" -> flag(value);
            case "s" -> shared(Integer.parseInt(value));
            case "str", "inlineStr", "d", "e" -> text(value, formula != null || type.equals("e"));
            default -> throw new IllegalArgumentException("no type of a cell");
        };
    }

    /** The text of an element, to its end: of all its runs, without how they are pronounced, with its escapes. */
    static String runs(Xml xml, String element) {
        StringBuilder text = new StringBuilder();
        boolean pronounced = false;
        while (xml.next() && !xml.ends(element)) {
            if (xml.begins("rPh") || xml.ends("rPh")) {
                pronounced = xml.begins();
            } else if (xml.begins("t")) {
                String run = xml.text("t");
                text.append(pronounced ? "" : run);
                xml.requireShort(text.length());
            }
        }
        return text.toString();
    }

    /** Why the cell that was read last cannot be used; null when it can. */
    Why broken() {
        return broken;
    }

    private static String flag(String value) {
        return switch (value) {
            case "1" -> "TRUE";
            case "0" -> "FALSE";
            default -> throw new IllegalArgumentException("no flag");
        };
    }

    private String shared(int number) {
        if (number >= shared.size()) {
            throw Parts.unreadable("has a cell whose text is not in the file");
        }
        return shared.get(number);
    }

    private String text(String value, boolean mayBeError) {
        if (mayBeError && ERROR.matcher(value).matches()) {
            broken = Why.ERROR;
        }
        return XlsxText.read(value);
    }

    private boolean isDate(String style) {
        return style != null && dates.get(Integer.parseInt(style));
    }

    /** The numbers of the styles of cells, in a part with styles, that show a number as a date or time. */
    static BitSet dates(Xml styles) {
        Set<Integer> defined = new HashSet<>();
        List<Integer> formats = new ArrayList<>();
        boolean ofCells = false;
        while (styles.next()) {
            if (styles.begins("cellXfs") || styles.ends("cellXfs")) {
                ofCells = styles.begins();
            } else if (styles.begins("numFmt")) {
                styles.keep();
                if (isDateFormat(styles.attribute("formatCode"))) {
                    defined.add(Integer.valueOf(styles.attribute("numFmtId")));
                }
            } else if (ofCells && styles.begins("xf")) {
                styles.keep();
                formats.add(Integer.valueOf(Objects.requireNonNullElse(styles.attribute("numFmtId"), "0")));
            }
        }
        BitSet dates = new BitSet();
        for (int style = 0; style < formats.size(); style++) {
            dates.set(style, isBuiltIn(formats.get(style)) || defined.contains(formats.get(style)));
        }
        return dates;
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
    private String time(BigDecimal days, String raw) {
        if (days.signum() < 0 || days.compareTo(LAST_DAY) >= 0 || days.scale() > MOST_DIGITS) {
            return number(days, raw);
        }
        long millis =
                days.multiply(MILLIS_OF_A_DAY).setScale(0, RoundingMode.HALF_UP).longValueExact();
        return (days.compareTo(BigDecimal.ONE) < 0 ? TIME_OF_DAY : TIME).format(day0.plus(millis, ChronoUnit.MILLIS));
    }
}

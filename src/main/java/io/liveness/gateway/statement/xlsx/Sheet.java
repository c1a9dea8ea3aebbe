package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.platform.export.XlsxText;
import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.mapping.TimeFormat;
import io.liveness.gateway.statement.reading.RawRow;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The rows of a sheet that are not empty, under the limits of a CSV file's rows; each cell is the text that a CSV file has for it. */
final class Sheet implements Iterator<RawRow> {

    private static final int MAX_CELLS = 256;
    private static final int MAX_ROW = 64 * 1024;
    /** Excel has as many. */
    private static final int MAX_ROWS = 1_048_576;

    private static final int LETTERS = 26;
    private static final int LONGEST_NUMBER = 400;
    /** As many digits as a spreadsheet shows; what is behind them is noise of binary fractions. */
    private static final MathContext SHOWN = new MathContext(15, RoundingMode.HALF_UP);

    private static final BigDecimal LAST_DAY = BigDecimal.valueOf(2_958_466);
    private static final BigDecimal MILLIS_OF_A_DAY = BigDecimal.valueOf(86_400_000);
    private static final Pattern ERROR = Pattern.compile("#(N/A|[A-Z0-9_/]+[!?])");
    private static final DateTimeFormatter TIME_OF_DAY = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final Xml xml;
    private final Book book;
    private final List<TimeFormat> forms;
    private boolean found;
    private boolean inRows;
    private int line;
    /** Why the cell that was read last cannot be used; null when it can. */
    private String broken;

    private RawRow next;

    Sheet(Xml xml, Book book, Mapping mapping) {
        this.xml = xml;
        this.book = book;
        ZoneId zone = ZoneId.of(mapping.timeZone());
        this.forms = mapping.timeFormats().stream()
                .map(pattern -> new TimeFormat(pattern, zone))
                .toList();
    }

    /** Reads to the end of the part behind the last row, where its checksum is. */
    @Override
    public boolean hasNext() {
        while (next == null && xml.next()) {
            if (xml.ends("sheetData")) {
                inRows = false;
            } else if (inRows && xml.begins("row")) {
                next = row();
            } else if (inRows && xml.begins()) {
                throw unknownForm();
            } else if (xml.begins("sheetData")) {
                if (found) {
                    throw xml.refused("has <sheetData> twice");
                }
                found = true;
                inRows = true;
            }
        }
        return next != null;
    }

    @Override
    public RawRow next() {
        hasNext();
        RawRow row = next;
        next = null;
        return row;
    }

    /** Null when it is empty. */
    private RawRow row() {
        line = numbered(xml.attribute("r"));
        List<String> cells = new ArrayList<>();
        Map<Integer, String> whyBroken = new HashMap<>();
        int column = 0;
        int length = 0;
        while (xml.next() && !xml.ends("row")) {
            if (xml.begins("c")) {
                String place = xml.attribute("r");
                column = place == null ? column + 1 : column(place);
                String text = cell();
                if (!text.isBlank()) {
                    length += text.length();
                    put(column, text, length, cells);
                    if (broken != null) {
                        whyBroken.put(column - 1, broken);
                    }
                }
            } else if (xml.begins()) {
                throw unknownForm();
            }
        }
        return cells.isEmpty() ? null : new RawRow(line, Collections.unmodifiableList(cells), whyBroken);
    }

    private void put(int column, String text, int length, List<String> cells) {
        if (column > MAX_CELLS || length > MAX_ROW) {
            throw Damage.ofRow(line, "has more than " + MAX_CELLS + " cells or " + MAX_ROW + " characters");
        }
        while (cells.size() < column) {
            cells.add("");
        }
        cells.set(column - 1, text);
    }

    /** A formula counts for the value that was last worked out for it. */
    private String cell() {
        String given = xml.attribute("t");
        String type = given == null ? "n" : given;
        String style = xml.attribute("s");
        String value = null;
        String formula = null;
        while (xml.next() && !xml.ends("c")) {
            if (xml.begins("v")) {
                value = xml.text("v");
            } else if (xml.begins("is")) {
                value = xml.richText("is");
            } else if (xml.begins("f")) {
                formula = xml.text("f");
            } else if (xml.begins()) {
                throw unknownForm();
            }
        }
        broken = null;
        if (formula != null && (value == null || value.isEmpty() && type.equals("n"))) {
            broken = "is a formula whose value is not in the file; open it in a spreadsheet and save it";
            return "=" + formula;
        }
        String text = value == null ? "" : value;
        return switch (type) {
            case "n" -> text.isEmpty() ? text : number(text, style);
            case "s" -> text.isEmpty() ? text : shared(text);
            case "inlineStr" -> XlsxText.read(text);
            case "str", "e" -> ofFormula(XlsxText.read(text));
            case "b" -> text.equals("1") ? "TRUE" : text.equals("0") ? "FALSE" : text;
            case "d" -> isoTime(text);
            default -> throw Damage.ofRow(line, "has a cell of an unknown type");
        };
    }

    private String shared(String number) {
        return book.text(number).orElseThrow(() -> Damage.ofRow(line, "has a cell whose text is not in the file"));
    }

    private String ofFormula(String text) {
        if (text.startsWith("#") && ERROR.matcher(text).matches()) {
            broken = "is an error of a formula";
        }
        return text;
    }

    private String number(String text, String style) {
        if (text.length() > LONGEST_NUMBER) {
            throw Damage.ofRow(line, "has a number of more than " + LONGEST_NUMBER + " characters");
        }
        BigDecimal number;
        try {
            number = new BigDecimal(text);
        } catch (NumberFormatException e) {
            return text;
        }
        if (Math.abs((long) number.scale()) > LONGEST_NUMBER) {
            return text;
        }
        boolean date = book.isDate(style) && number.signum() >= 0 && number.compareTo(LAST_DAY) < 0;
        return date ? time(number) : shown(number);
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
    private String time(BigDecimal days) {
        long millis =
                days.multiply(MILLIS_OF_A_DAY).setScale(0, RoundingMode.HALF_UP).longValue();
        LocalDateTime time = book.firstDay().atStartOfDay().plus(millis, ChronoUnit.MILLIS);
        return days.compareTo(BigDecimal.ONE) < 0 ? TIME_OF_DAY.format(time) : written(time);
    }

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

    private int numbered(String given) {
        int number = given == null ? line + 1 : Xml.digits(given, 0);
        if (number <= line || number > MAX_ROWS) {
            throw xml.refused("has a row with a wrong number after row " + line);
        }
        return number;
    }

    /** Of {@code B12} 2. */
    private int column(String place) {
        int column = 0;
        int at = 0;
        while (at < place.length() && at <= 3 && place.charAt(at) >= 'A' && place.charAt(at) <= 'Z') {
            column = column * LETTERS + place.charAt(at++) - 'A' + 1;
        }
        if (column == 0 || Xml.digits(place, at) != line) {
            throw Damage.ofRow(line, "has a cell whose reference is not in this row");
        }
        return column;
    }

    private RuntimeException unknownForm() {
        return xml.refused("has elements in places where no spreadsheet writes them");
    }
}

package io.liveness.gateway.bill.read;

import io.liveness.gateway.bill.read.Mapping.Sign;
import io.liveness.gateway.bill.read.Mapping.StatedStatus;
import io.liveness.gateway.bill.read.Mapping.Unit;
import io.liveness.gateway.bill.read.TimeFormat.OtherTimes;
import io.liveness.gateway.books.BillDetail;
import io.liveness.gateway.books.BillDetail.Code;
import io.liveness.gateway.books.Money;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads single cells under a mapping. What cannot be read has an {@link Unreadable} that says why. */
final class CellReader {

    private static final int LONGEST_TASK_NO = 64;
    private static final Pattern EXPONENT = Pattern.compile("\\d(\\.\\d+)?[eE]\\+?\\d+");
    private static final Pattern ROUNDED = Pattern.compile("[1-9]\\d{14}0{6,}");
    private static final Pattern PLAIN = Pattern.compile("-?(\\d{1,40}(\\.\\d{1,8})?|\\.\\d{1,8})");
    /** Nothing is grouped behind a leading 0. */
    private static final Pattern GROUPED =
            Pattern.compile("-?[1-9]\\d{0,2}(?:([, ])\\d{3})(?:\\1\\d{3}){0,12}(\\.\\d{1,8})?");

    private static final Pattern DECIMAL_COMMA = Pattern.compile("-?\\d[\\d. ]{0,40},\\d{1,8}");
    private static final Pattern IN_BRACKETS = Pattern.compile("\\(([^()+-]*)\\)");
    /** A number of this length is a long in the units of every currency. */
    private static final int LONGEST_PLAIN = 10;

    private static final String CNY = "CNY";
    private static final String FEN = "分";
    private static final Pattern IN_YUAN = Pattern.compile("[¥元圆]");
    private static final long UNITS_OF_A_MINOR_UNIT = 10_000;
    /** The largest amount in the units of {@link Money}: a thousand million yuan. */
    private static final long MOST = 1_000_000_000_000_000L;

    private static final Pattern COUNT = Pattern.compile("\\d{1,9}");

    /** A cell that cannot be read. */
    static final class Unreadable extends Exception {
        private final Code why;
        private final Map<String, String> values;

        Unreadable(Code why) {
            this(why, Map.of());
        }

        /** @param values what its sentence names beside the column */
        Unreadable(Code why, Map<String, String> values) {
            super(why.code(), null, false, false);
            this.why = why;
            this.values = values;
        }

        Code why() {
            return why;
        }

        BillDetail of(String column) {
            Map<String, String> all = new LinkedHashMap<>(values);
            all.put("column", column);
            return new BillDetail(why, all);
        }
    }

    private final List<TimeFormat> forms;
    private final OtherTimes others;
    private final Map<String, StatedStatus> words = new HashMap<>();
    private final String currency;
    private final Unit unit;
    /** The units of one yuan or one 分, or of whatever the amounts are in. */
    private final long one;

    private final List<String> before;
    private final List<String> behind;

    private final Sign sign;

    CellReader(Mapping mapping) {
        ZoneId zone = ZoneId.of(mapping.timeZone());
        this.forms = mapping.timeFormats().stream()
                .map(pattern -> new TimeFormat(pattern, zone))
                .toList();
        this.others = new OtherTimes(zone);
        mapping.statusWords().forEach((word, status) -> words.put(RawRow.name(word), status));
        this.currency = mapping.currency();
        this.unit = mapping.unitOfAmounts();
        this.one = unit == Unit.MINOR
                ? UNITS_OF_A_MINOR_UNIT
                : Money.parse("1", currency).units();
        boolean cny = currency.equals(CNY);
        this.before = cny ? List.of("¥", "人民币", "RMB", currency) : List.of("¥", currency);
        this.behind = cny ? List.of("元", "人民币", "RMB", currency) : List.of("元", currency);
        this.sign = mapping.sign();
    }

    /** 1 to 64 visible ASCII characters. */
    static boolean isTaskNo(String cell) {
        boolean visible = !cell.isEmpty() && cell.length() <= LONGEST_TASK_NO;
        for (int at = 0; visible && at < cell.length(); at++) {
            visible = cell.charAt(at) > ' ' && cell.charAt(at) <= '~';
        }
        return visible;
    }

    String taskNo(String cell) throws Unreadable {
        if (!isTaskNo(cell)) {
            throw new Unreadable(cell.isEmpty() ? Code.CELL_EMPTY : Code.CELL_NO_TASK_NO);
        }
        if ((cell.indexOf('E') > 0 || cell.indexOf('e') > 0)
                && EXPONENT.matcher(cell).matches()) {
            throw new Unreadable(Code.CELL_ROUNDED);
        }
        if (cell.endsWith("000000") && ROUNDED.matcher(cell).matches()) {
            throw new Unreadable(Code.CELL_ROUNDED_TO_15);
        }
        return cell;
    }

    /** The cell itself. */
    String present(String cell) throws Unreadable {
        if (cell.isEmpty()) {
            throw new Unreadable(Code.CELL_EMPTY);
        }
        return cell;
    }

    /** By the first form of the mapping that it has, or else by one that has one meaning: what a cell says depends on no other row. */
    Instant time(String cell) throws Unreadable {
        return inForm(cell).or(() -> others.read(cell)).orElseThrow(() -> noTime(cell));
    }

    /** A day and a time of it, each from a cell of its own: together or each by itself, first in the forms of the mapping. */
    Instant time(String day, String timeOfDay) throws Unreadable {
        String both = day + " " + timeOfDay;
        return inForm(both)
                .or(() -> inForm(day).flatMap(date -> others.read(date, timeOfDay)))
                .or(() -> others.read(both))
                .or(() -> others.read(day).flatMap(date -> others.read(date, timeOfDay)))
                .orElseThrow(() -> noTime(timeOfDay));
    }

    private static Unreadable noTime(String cell) {
        return new Unreadable(cell.isEmpty() ? Code.CELL_EMPTY : Code.CELL_NO_TIME);
    }

    private Optional<Instant> inForm(String cell) {
        for (TimeFormat form : forms) {
            Optional<Instant> read = form.read(cell);
            if (read.isPresent()) {
                return read;
            }
        }
        return Optional.empty();
    }

    StatedStatus status(String cell) throws Unreadable {
        StatedStatus status = words.get(cell);
        if (status == null) {
            status = words.get(RawRow.name(cell));
        }
        if (status == null) {
            throw new Unreadable(cell.isEmpty() ? Code.CELL_EMPTY : Code.CELL_NO_STATUS);
        }
        return status;
    }

    /** What the sign of an amount says, where the sign is the status. */
    StatedStatus statusBySign(String cell) throws Unreadable {
        int sign = signum(cell);
        if (sign == 0) {
            throw new Unreadable(Code.CELL_NO_SIGN);
        }
        return (sign > 0) == (this.sign == Sign.POSITIVE_IS_CHARGE) ? StatedStatus.CHARGED : StatedStatus.REFUNDED;
    }

    int signum(String cell) throws Unreadable {
        return Long.signum(number(cell));
    }

    /** The currency of the mapping, also where the cell is empty. */
    String currency(String cell) throws Unreadable {
        if (cell.isEmpty() || cell.equals(currency) || isYuanSign(cell)) {
            return currency;
        }
        String stated = CurrencyName.code(cell).orElseThrow(() -> new Unreadable(Code.CELL_NO_CURRENCY));
        if (!stated.equals(currency)) {
            throw new Unreadable(Code.CELL_OTHER_CURRENCY, Map.of("theirs", stated, "ours", currency));
        }
        return currency;
    }

    private boolean isYuanSign(String cell) {
        return RawRow.name(cell).equals("¥") && (currency.equals(CNY) || currency.equals("JPY"));
    }

    int count(String cell) throws Unreadable {
        if (!COUNT.matcher(cell).matches()) {
            throw new Unreadable(Code.CELL_NO_COUNT);
        }
        return Integer.parseInt(cell);
    }

    /** The amount of a fee, in the units of {@link Money}, under the mapping's convention of signs. */
    long amount(String cell) throws Unreadable {
        long amount = number(cell);
        switch (sign) {
            case POSITIVE -> {
                if (amount < 0) {
                    throw new Unreadable(Code.CELL_NEGATIVE);
                }
            }
            case NEGATIVE -> {
                if (amount > 0) {
                    throw new Unreadable(Code.CELL_POSITIVE);
                }
            }
            case IGNORED, POSITIVE_IS_CHARGE, NEGATIVE_IS_CHARGE -> {
                // Either is right.
            }
        }
        return limited(Math.abs(amount));
    }

    long product(int count, long price) throws Unreadable {
        return count != 0 && price > MOST / count ? limited(Long.MAX_VALUE) : limited(count * price);
    }

    private static long limited(long amount) throws Unreadable {
        if (amount > MOST) {
            throw new Unreadable(Code.CELL_TOO_LARGE);
        }
        return amount;
    }

    /** A decimal number, thousands grouped or not, with a sign of a currency or not; one in brackets is negative. */
    private long number(String cell) throws Unreadable {
        long plain = plain(cell);
        if (plain >= 0) {
            return plain;
        }
        if (unit == Unit.MINOR && IN_YUAN.matcher(RawRow.name(cell)).find()) {
            throw new Unreadable(Code.CELL_OTHER_UNIT);
        }
        String text = PLAIN.matcher(cell).matches() ? cell : withoutCurrency(cell);
        if (text.isEmpty() || text.equals("-")) {
            throw new Unreadable(Code.CELL_EMPTY);
        }
        boolean fen = currency.equals(CNY) && text.endsWith(FEN);
        String number = fen ? text.substring(0, text.length() - 1).strip() : text;
        if (!PLAIN.matcher(number).matches() && !GROUPED.matcher(number).matches()) {
            throw new Unreadable(
                    DECIMAL_COMMA.matcher(number).matches() ? Code.CELL_DECIMAL_COMMA : Code.CELL_NO_AMOUNT);
        }
        return units(number.replace(",", "").replace(" ", ""), fen ? UNITS_OF_A_MINOR_UNIT : one);
    }

    /** The units of a number such as 0.80, as nearly all are, without a pattern; -1 for any other. */
    private long plain(String cell) {
        long units = 0;
        // What a digit counts for; 0 before the point.
        long unit = 0;
        for (int at = 0; at < cell.length(); at++) {
            int digit = cell.charAt(at) - '0';
            if (digit == '.' - '0' && at > 0 && unit == 0) {
                unit = one;
            } else if (digit >= 0 && digit <= 9 && unit == 0) {
                units = units * 10 + digit * one;
            } else if (digit >= 0 && digit <= 9 && unit >= 10) {
                unit /= 10;
                units += digit * unit;
            } else {
                return -1;
            }
        }
        return cell.isEmpty() || cell.length() > LONGEST_PLAIN || unit == one ? -1 : units;
    }

    private static long units(String decimal, long one) throws Unreadable {
        BigDecimal units = new BigDecimal(decimal).multiply(BigDecimal.valueOf(one));
        if (units.stripTrailingZeros().scale() > 0) {
            throw new Unreadable(Code.CELL_TOO_FINE);
        }
        if (units.abs().compareTo(BigDecimal.valueOf(MOST)) > 0) {
            throw new Unreadable(Code.CELL_TOO_LARGE);
        }
        return units.longValueExact();
    }

    /** With a minus sign when it is negative, whichever way that is written. */
    private String withoutCurrency(String cell) {
        String text = bare(Normalizer.normalize(cell, Normalizer.Form.NFKC).replace('−', '-'));
        Matcher brackets = IN_BRACKETS.matcher(text);
        text = brackets.matches() ? "-" + brackets.group(1) : text;
        // A sign may stand on either side of the currency, once.
        String sign = sign(text);
        text = bare(text.substring(sign.length()));
        if (sign.isEmpty()) {
            sign = sign(text);
            text = text.substring(sign.length()).strip();
        }
        return (sign.equals("-") ? "-" : "") + text;
    }

    private static String sign(String text) {
        return text.startsWith("-") || text.startsWith("+") ? text.substring(0, 1) : "";
    }

    private String bare(String amount) {
        String text = amount.strip();
        for (String word : before) {
            text = text.regionMatches(true, 0, word, 0, word.length())
                    ? text.substring(word.length()).strip()
                    : text;
        }
        for (String word : behind) {
            int length = text.length() - word.length();
            text = text.regionMatches(true, length, word, 0, word.length())
                    ? text.substring(0, length).strip()
                    : text;
        }
        return text;
    }
}

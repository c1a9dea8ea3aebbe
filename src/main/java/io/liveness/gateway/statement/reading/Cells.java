package io.liveness.gateway.statement.reading;

import io.liveness.gateway.billing.Money;
import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.mapping.Sign;
import io.liveness.gateway.statement.mapping.StatedStatus;
import io.liveness.gateway.statement.mapping.TimeFormat;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads single cells under a mapping. What cannot be read has an {@link Unreadable} that says why. */
final class Cells {

    private static final Pattern TASK_NO = Pattern.compile("[!-~]{1,64}");
    private static final Pattern EXPONENT = Pattern.compile("\\d(\\.\\d+)?[eE]\\+?\\d+");
    private static final Pattern PLAIN = Pattern.compile("-?\\d{1,12}(\\.\\d{1,8})?");
    private static final Pattern GROUPED = Pattern.compile("-?\\d{1,3}(,\\d{3}){1,3}(\\.\\d{1,8})?");
    /** In minor units, so that the sum of fifty million lines fits. */
    private static final long MOST = 100_000_000_000L;

    private static final Pattern COUNT = Pattern.compile("\\d{1,9}");

    /** Why a cell cannot be read, for people; it does not repeat the cell. */
    static final class Unreadable extends Exception {
        Unreadable(String why) {
            super(why, null, false, false);
        }
    }

    private final List<TimeFormat> times = new ArrayList<>();
    private final Map<String, StatedStatus> words = new HashMap<>();
    private final String currency;
    private final Sign sign;
    private TimeFormat latest;

    Cells(Mapping mapping) {
        ZoneId zone = ZoneId.of(mapping.timeZone());
        mapping.timeFormats().forEach(pattern -> times.add(new TimeFormat(pattern, zone)));
        mapping.statusWords().forEach((word, status) -> words.put(RawRow.name(word), status));
        this.currency = mapping.currency();
        this.sign = mapping.sign();
        this.latest = times.get(0);
    }

    String taskNo(String cell) throws Unreadable {
        if (EXPONENT.matcher(cell).matches()) {
            throw new Unreadable("is a number that a spreadsheet has rounded; save the column as text");
        }
        if (!TASK_NO.matcher(cell).matches()) {
            throw new Unreadable(cell.isEmpty() ? "is empty" : "is not 1 to 64 visible ASCII characters");
        }
        return cell;
    }

    Instant time(String cell) throws Unreadable {
        // A file has one form as a rule: the one that was right last is tried first.
        Optional<Instant> read = latest.read(cell);
        for (int i = 0; read.isEmpty() && i < times.size(); i++) {
            read = times.get(i).read(cell);
            if (read.isPresent()) {
                latest = times.get(i);
            }
        }
        return read.orElseThrow(() ->
                new Unreadable(cell.isEmpty() ? "is empty" : "is no time of 2000 to 2099 in a form of the mapping"));
    }

    StatedStatus status(String cell) throws Unreadable {
        StatedStatus status = words.get(cell);
        if (status == null) {
            status = words.get(RawRow.name(cell));
        }
        if (status == null) {
            throw new Unreadable(cell.isEmpty() ? "is empty" : "is no status word of the mapping");
        }
        return status;
    }

    int count(String cell) throws Unreadable {
        if (!COUNT.matcher(cell).matches()) {
            throw new Unreadable("is no whole number");
        }
        return Integer.parseInt(cell);
    }

    /** The amount of a fee, in minor units, under the mapping's convention of signs. */
    long amount(String cell) throws Unreadable {
        long amount = number(cell);
        switch (sign) {
            case POSITIVE -> {
                if (amount < 0) {
                    throw new Unreadable("is negative");
                }
            }
            case NEGATIVE -> {
                if (amount > 0) {
                    throw new Unreadable("is positive, where the mapping has fees as negative numbers");
                }
            }
            case IGNORED -> {
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
            throw new Unreadable("is no amount of a fee: it is too large");
        }
        return amount;
    }

    /** A decimal number, thousands grouped by commas or not, with a sign of a currency or not. */
    private long number(String cell) throws Unreadable {
        String text = PLAIN.matcher(cell).matches() ? cell : withoutCurrency(cell);
        if (text.isEmpty()) {
            throw new Unreadable("is empty");
        }
        if (!PLAIN.matcher(text).matches() && !GROUPED.matcher(text).matches()) {
            throw new Unreadable("is no amount such as 0.80 or 1,234.50");
        }
        try {
            return Money.parse(text.replace(",", ""), currency).minor();
        } catch (IllegalArgumentException e) {
            throw new Unreadable("is finer than a minor unit of " + currency);
        }
    }

    private String withoutCurrency(String cell) {
        String text = Normalizer.normalize(cell, Normalizer.Form.NFKC);
        boolean negative = text.startsWith("-");
        text = negative ? text.substring(1) : text;
        for (String before : List.of("¥", currency)) {
            text = text.startsWith(before) ? text.substring(before.length()) : text;
        }
        for (String behind : List.of("元", currency)) {
            text = text.endsWith(behind) ? text.substring(0, text.length() - behind.length()) : text;
        }
        return (negative ? "-" : "") + text.strip();
    }
}

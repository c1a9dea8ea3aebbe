package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.mapping.TimeFormat;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Numbers of cells, dates among them, as the text that a CSV file has for them. */
final class Numbers {

    /** As many digits as a spreadsheet shows; what is behind them is noise of binary fractions. */
    private static final MathContext SHOWN = new MathContext(15, RoundingMode.HALF_UP);

    private static final int LONGEST = 64;
    private static final int MOST_DIGITS = 400;
    private static final BigDecimal MILLIS_OF_A_DAY = BigDecimal.valueOf(86_400_000);
    private static final BigDecimal LAST_DAY = BigDecimal.valueOf(2_958_466);
    // Day 60 of 1900 is 29 February, which that year had not: days before it are of no bill.
    private static final LocalDate FIRST_OF_1900 = LocalDate.of(1899, 12, 30);
    private static final LocalDate FIRST_OF_1904 = LocalDate.of(1904, 1, 1);

    private final List<TimeFormat> forms;
    private final LocalDate first;

    Numbers(Mapping mapping, boolean from1904) {
        ZoneId zone = ZoneId.of(mapping.timeZone());
        this.forms = mapping.timeFormats().stream()
                .map(pattern -> new TimeFormat(pattern, zone))
                .toList();
        this.first = from1904 ? FIRST_OF_1904 : FIRST_OF_1900;
    }

    /**
     * Without an exponent and zeros at the end. One of more than 15 digits before the point keeps its exponent: a spreadsheet has rounded
     * it.
     */
    String number(String raw) {
        return parsed(raw).map(Numbers::plain).orElse(raw);
    }

    /** A day and time in a form of the mapping; as a number when it is no day. */
    String time(String raw) {
        return parsed(raw)
                .filter(days -> days.signum() > 0 && days.compareTo(LAST_DAY) < 0)
                .map(this::written)
                .orElseGet(() -> number(raw));
    }

    /** Of a cell that has its date as ISO 8601. */
    String isoTime(String raw) {
        try {
            return written(raw.length() == 10 ? LocalDate.parse(raw).atStartOfDay() : LocalDateTime.parse(raw));
        } catch (DateTimeException e) {
            return raw;
        }
    }

    private String written(BigDecimal days) {
        long millis =
                days.multiply(MILLIS_OF_A_DAY).setScale(0, RoundingMode.HALF_UP).longValueExact();
        return written(first.atStartOfDay().plus(millis, ChronoUnit.MILLIS));
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

    private static Optional<BigDecimal> parsed(String raw) {
        try {
            BigDecimal number = raw.length() > LONGEST ? null : new BigDecimal(raw.strip());
            return Optional.ofNullable(number).filter(given -> Math.abs((long) given.scale()) <= MOST_DIGITS);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String plain(BigDecimal given) {
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
}

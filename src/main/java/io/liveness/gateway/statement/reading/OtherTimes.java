package io.liveness.gateway.statement.reading;

import io.liveness.gateway.statement.mapping.TimeFormat;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times in forms that have one meaning whatever the mapping says: ISO 8601, a day with its year first, a spreadsheet's number of days, and
 * seconds or milliseconds since 1970.
 */
final class OtherTimes {

    private static final Pattern ISO = Pattern.compile("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:.*");
    private static final Pattern DAY = Pattern.compile(
            "(\\d{4})(?:-(\\d{1,2})-(\\d{1,2})|/(\\d{1,2})/(\\d{1,2})|年(\\d{1,2})月(\\d{1,2})日|(\\d\\d)(\\d\\d))");
    // From 2000 to 2099 five digits; day 1 is 1 January 1900, and 1900 has a 29 February.
    private static final Pattern SPREADSHEET_DAYS = Pattern.compile("[3-7]\\d{4}(\\.\\d{1,17})?");
    private static final LocalDate BEFORE_DAY_1 = LocalDate.of(1899, 12, 30);
    private static final BigDecimal SECONDS_OF_A_DAY = BigDecimal.valueOf(86_400);
    // From 2001 to 2033: yyyyMMddHH of this century begins with 2.
    private static final Pattern SECONDS = Pattern.compile("1\\d{9}");
    private static final Pattern MILLIS = Pattern.compile("1\\d{12}");
    private static final Pattern TIME_OF_DAY = Pattern.compile("\\d{1,2}:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?");
    private static final Pattern PART_OF_A_DAY = Pattern.compile("0?\\.\\d{1,17}|0");

    private final ZoneId zone;

    OtherTimes(ZoneId zone) {
        this.zone = zone;
    }

    /** Empty when it has none of these forms. */
    Optional<Instant> read(String text) {
        try {
            Matcher day = DAY.matcher(text);
            if (ISO.matcher(text).matches()) {
                return iso(text.replace(' ', 'T'));
            } else if (SECONDS.matcher(text).matches()) {
                return known(Instant.ofEpochSecond(Long.parseLong(text)));
            } else if (MILLIS.matcher(text).matches()) {
                return known(Instant.ofEpochMilli(Long.parseLong(text)));
            } else if (SPREADSHEET_DAYS.matcher(text).matches()) {
                return TimeFormat.at(BEFORE_DAY_1.atStartOfDay().plusSeconds(seconds(text)), zone);
            } else if (day.matches()) {
                return TimeFormat.at(day(day).atStartOfDay(), zone);
            }
        } catch (DateTimeException e) {
            // As one of no form.
        }
        return Optional.empty();
    }

    /** A day and a time of it, each from a cell of its own. */
    Optional<Instant> read(Instant day, String timeOfDay) {
        LocalDate date = day.atZone(zone).toLocalDate();
        try {
            if (TIME_OF_DAY.matcher(timeOfDay).matches()) {
                String padded = timeOfDay.indexOf(':') == 1 ? "0" + timeOfDay : timeOfDay;
                return TimeFormat.at(date.atTime(LocalTime.parse(padded)), zone);
            } else if (PART_OF_A_DAY.matcher(timeOfDay).matches()) {
                return TimeFormat.at(date.atStartOfDay().plusSeconds(seconds(timeOfDay)), zone);
            }
        } catch (DateTimeException e) {
            // As one of no form.
        }
        return Optional.empty();
    }

    private Optional<Instant> iso(String text) {
        boolean offset = text.endsWith("Z") || text.lastIndexOf('+') > 0 || text.lastIndexOf('-') > "yyyy-MM-".length();
        return offset ? TimeFormat.known(OffsetDateTime.parse(text)) : TimeFormat.at(LocalDateTime.parse(text), zone);
    }

    private static LocalDate day(Matcher day) {
        int month = 2;
        while (day.group(month) == null) {
            month += 2;
        }
        return LocalDate.of(
                Integer.parseInt(day.group(1)),
                Integer.parseInt(day.group(month)),
                Integer.parseInt(day.group(month + 1)));
    }

    private static long seconds(String days) {
        return new BigDecimal(days)
                .multiply(SECONDS_OF_A_DAY)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    private static Optional<Instant> known(Instant time) {
        return TimeFormat.known(time.atOffset(ZoneOffset.UTC));
    }
}

package io.liveness.gateway.bill.read;

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
import java.time.temporal.Temporal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times in forms that have one meaning whatever the mapping says: ISO 8601, a day with its year first, a spreadsheet's number of days, and
 * seconds or milliseconds since 1970.
 */
final class OtherTimes {

    private static final LocalDateTime DAY_0 = LocalDate.of(1899, 12, 30).atStartOfDay();
    private static final BigDecimal SECONDS_OF_A_DAY = BigDecimal.valueOf(86_400);
    private static final Pattern TIME_OF_DAY = Pattern.compile("\\d{1,2}:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?");
    private static final Pattern PART_OF_A_DAY = Pattern.compile("0?\\.\\d{1,17}|0");

    private static final List<Form> FORMS = List.of(
            new Form(
                    "\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:.*",
                    match -> iso(match.group().replace(' ', 'T'))),
            // From 2001 to 2033: yyyyMMddHH of this century begins with 2.
            new Form(
                    "1\\d{9}",
                    match ->
                            Instant.ofEpochSecond(Long.parseLong(match.group())).atOffset(ZoneOffset.UTC)),
            new Form(
                    "1\\d{12}",
                    match -> Instant.ofEpochMilli(Long.parseLong(match.group())).atOffset(ZoneOffset.UTC)),
            // From 2000 to 2099 five digits; day 1 is 1 January 1900, and 1900 has a 29 February.
            new Form("[3-7]\\d{4}(\\.\\d{1,17})?", match -> DAY_0.plusSeconds(seconds(match.group()))),
            new Form("(\\d{4})-(\\d{1,2})-(\\d{1,2})", OtherTimes::day),
            new Form("(\\d{4})/(\\d{1,2})/(\\d{1,2})", OtherTimes::day),
            new Form("(\\d{4})年(\\d{1,2})月(\\d{1,2})日", OtherTimes::day),
            new Form("(\\d{4})(\\d\\d)(\\d\\d)", OtherTimes::day));

    /** @param read an {@link OffsetDateTime}, or a {@link LocalDateTime} on the clock of the zone */
    private record Form(Pattern pattern, Function<Matcher, Temporal> read) {

        Form(String pattern, Function<Matcher, Temporal> read) {
            this(Pattern.compile(pattern), read);
        }
    }

    private final ZoneId zone;

    OtherTimes(ZoneId zone) {
        this.zone = zone;
    }

    /** Empty when it has none of these forms. */
    Optional<Instant> read(String text) {
        for (Form form : FORMS) {
            Matcher match = form.pattern().matcher(text);
            if (match.matches()) {
                try {
                    Temporal time = form.read().apply(match);
                    return time instanceof OffsetDateTime known
                            ? TimeFormat.known(known)
                            : TimeFormat.at((LocalDateTime) time, zone);
                } catch (DateTimeException e) {
                    return Optional.empty();
                }
            }
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
            // A time that does not exist is read like a text of no form: as none.
        }
        return Optional.empty();
    }

    private static Temporal iso(String text) {
        boolean offset = text.endsWith("Z") || text.lastIndexOf('+') > 0 || text.lastIndexOf('-') > "yyyy-MM-".length();
        return offset ? OffsetDateTime.parse(text) : LocalDateTime.parse(text);
    }

    private static LocalDateTime day(Matcher day) {
        return LocalDate.of(
                        Integer.parseInt(day.group(1)), Integer.parseInt(day.group(2)), Integer.parseInt(day.group(3)))
                .atStartOfDay();
    }

    private static long seconds(String days) {
        return new BigDecimal(days)
                .multiply(SECONDS_OF_A_DAY)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }
}

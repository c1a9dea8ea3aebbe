package io.liveness.gateway.bill.read;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One form of the times of a statement. */
public final class TimeFormat {

    private static final OffsetDateTime SAMPLE = OffsetDateTime.of(2026, 1, 31, 8, 5, 9, 0, ZoneOffset.ofHours(8));
    private static final int FIRST_YEAR = 2000;
    private static final int LAST_YEAR = 2099;

    /** A form of numbers that have their places, with the time to the second or not. */
    private static final Pattern PLACES =
            Pattern.compile("(yyyyLMMLdd|ddLMMLyyyy|MMLddLyyyy)(LHHLmm(Lss)?)?L".replace("L", "[^A-Za-z'\\[\\]{}#]*"));

    private static final String FIELDS = "yMdHms";

    private final String pattern;
    private final boolean hasPlaces;
    private final DateTimeFormatter form;
    private final ZoneId zone;

    /** @throws IllegalArgumentException when the pattern is invalid */
    public TimeFormat(String pattern, ZoneId zone) {
        this.pattern = pattern;
        this.hasPlaces = PLACES.matcher(pattern).matches();
        // Strictly, a year has to be one of the proleptic calendar: yyyy is a year of an era.
        this.form = DateTimeFormatter.ofPattern(pattern.replace('y', 'u'), Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT);
        this.zone = zone;
    }

    /** Whether what it writes of a time can be read again, to the minute, or to the day where it writes no more. */
    static boolean isUsable(String pattern) {
        try {
            TimeFormat format = new TimeFormat(pattern, SAMPLE.getOffset());
            OffsetDateTime day = SAMPLE.truncatedTo(ChronoUnit.DAYS);
            String written = format.form.format(SAMPLE);
            long wrongBy = written.equals(format.form.format(day)) ? 86_400 : 60;
            return format.read(written)
                    .filter(read -> Math.abs(read.getEpochSecond() - SAMPLE.toEpochSecond()) < wrongBy)
                    .isPresent();
        } catch (IllegalArgumentException | DateTimeException e) {
            return false;
        }
    }

    /** Whether it reads the date of a workbook, if at all, as that date: {@link BillWorkbook} gives each in one form. */
    static boolean isRightForDates(String pattern) {
        try {
            return new TimeFormat(pattern, ZoneOffset.UTC)
                    .read("2026-03-04 05:06:07")
                    .map(Instant.parse("2026-03-04T05:06:07Z")::equals)
                    .orElse(true);
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** How a time is written. */
    public String write(Instant time) {
        return form.withZone(zone).format(time);
    }

    /** Empty when the text is no such time, or one that its zone has skipped. A day is its beginning. */
    public Optional<Instant> read(String text) {
        try {
            if (hasPlaces && text.length() == pattern.length()) {
                return byPlaces(text).flatMap(local -> at(local, zone));
            }
            // Without exceptions for what is of another form or has no day or time: they would cost more than the rest
            // of a line.
            ParsePosition end = new ParsePosition(0);
            if (form.parseUnresolved(text, end) == null || end.getIndex() < text.length()) {
                return Optional.empty();
            }
            TemporalAccessor read = form.parse(text);
            if (read.isSupported(ChronoField.OFFSET_SECONDS)) {
                return known(OffsetDateTime.from(read));
            }
            boolean day = read.query(TemporalQueries.localTime()) == null;
            return at(day ? LocalDate.from(read).atStartOfDay() : LocalDateTime.from(read), zone);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The places are read at a tenth of the cost of the formatter. */
    private Optional<LocalDateTime> byPlaces(String text) {
        int[] fields = new int[FIELDS.length()];
        for (int at = 0; at < text.length(); at++) {
            char place = pattern.charAt(at);
            int field = FIELDS.indexOf(place);
            int digit = text.charAt(at) - '0';
            if (field < 0 ? text.charAt(at) != place : digit < 0 || digit > 9) {
                return Optional.empty();
            }
            if (field >= 0) {
                fields[field] = fields[field] * 10 + digit;
            }
        }
        return Optional.of(LocalDateTime.of(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]));
    }

    /** A time on the clock of a zone; empty when the zone has skipped it, or when it is no time of a bill. */
    private static Optional<Instant> at(LocalDateTime local, ZoneId zone) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        return offsets.isEmpty() ? Optional.empty() : known(local.atOffset(offsets.get(0)));
    }

    /** Empty for what is no time of a bill: before 2000, or behind 2099. */
    private static Optional<Instant> known(OffsetDateTime time) {
        return time.getYear() < FIRST_YEAR || time.getYear() > LAST_YEAR
                ? Optional.empty()
                : Optional.of(time.toInstant());
    }

    /**
     * Times in forms that have one meaning whatever the mapping says: ISO 8601, a day with its year first, a spreadsheet's number of days,
     * and seconds or milliseconds since 1970.
     */
    static final class OtherTimes {

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
                        match -> Instant.ofEpochSecond(Long.parseLong(match.group()))
                                .atOffset(ZoneOffset.UTC)),
                new Form(
                        "1\\d{12}",
                        match -> Instant.ofEpochMilli(Long.parseLong(match.group()))
                                .atOffset(ZoneOffset.UTC)),
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
                        return time instanceof OffsetDateTime known ? known(known) : at((LocalDateTime) time, zone);
                    } catch (DateTimeException e) {
                        return Optional.empty();
                    }
                }
            }
            return Optional.empty();
        }

        /** A day and a time of it, from two cells. */
        Optional<Instant> read(Instant day, String timeOfDay) {
            LocalDate date = day.atZone(zone).toLocalDate();
            try {
                if (TIME_OF_DAY.matcher(timeOfDay).matches()) {
                    String padded = timeOfDay.indexOf(':') == 1 ? "0" + timeOfDay : timeOfDay;
                    return at(date.atTime(LocalTime.parse(padded)), zone);
                } else if (PART_OF_A_DAY.matcher(timeOfDay).matches()) {
                    return at(date.atStartOfDay().plusSeconds(seconds(timeOfDay)), zone);
                }
            } catch (DateTimeException e) {
                // A time that does not exist is read like a text of no form: as none.
            }
            return Optional.empty();
        }

        private static Temporal iso(String text) {
            boolean offset =
                    text.endsWith("Z") || text.lastIndexOf('+') > 0 || text.lastIndexOf('-') > "yyyy-MM-".length();
            return offset ? OffsetDateTime.parse(text) : LocalDateTime.parse(text);
        }

        private static LocalDateTime day(Matcher day) {
            return LocalDate.of(
                            Integer.parseInt(day.group(1)),
                            Integer.parseInt(day.group(2)),
                            Integer.parseInt(day.group(3)))
                    .atStartOfDay();
        }

        private static long seconds(String days) {
            return new BigDecimal(days)
                    .multiply(SECONDS_OF_A_DAY)
                    .setScale(0, RoundingMode.HALF_UP)
                    .longValueExact();
        }
    }
}

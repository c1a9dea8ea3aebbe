package io.liveness.gateway.bill.read;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

    /** Whether what it writes of a time can be read again, to the minute or to the day. */
    static boolean isUsable(String pattern) {
        try {
            TimeFormat format = new TimeFormat(pattern, SAMPLE.getOffset());
            Instant day = SAMPLE.toLocalDate().atStartOfDay().toInstant(SAMPLE.getOffset());
            return format.read(format.form.format(SAMPLE))
                    .filter(read -> read.equals(day) || Math.abs(read.getEpochSecond() - SAMPLE.toEpochSecond()) < 60)
                    .isPresent();
        } catch (IllegalArgumentException | DateTimeException e) {
            return false;
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
                return at(byPlaces(text), zone);
            }
            // Without exceptions of what it has not: they would cost more than the rest of a line.
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

    /** At a tenth of the cost of the formatter. */
    private LocalDateTime byPlaces(String text) {
        int[] fields = new int[FIELDS.length()];
        for (int at = 0; at < text.length(); at++) {
            char place = pattern.charAt(at);
            int field = FIELDS.indexOf(place);
            int digit = text.charAt(at) - '0';
            if (field < 0 ? text.charAt(at) != place : digit < 0 || digit > 9) {
                throw new DateTimeException("is of another form");
            }
            if (field >= 0) {
                fields[field] = fields[field] * 10 + digit;
            }
        }
        return LocalDateTime.of(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]);
    }

    /** A time on the clock of a zone; empty when the zone has skipped it, or when it is no time of a bill. */
    public static Optional<Instant> at(LocalDateTime local, ZoneId zone) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        return offsets.isEmpty() ? Optional.empty() : known(local.atOffset(offsets.get(0)));
    }

    /** Empty for what is no time of a bill: before 2000, or behind 2099. */
    public static Optional<Instant> known(OffsetDateTime time) {
        return time.getYear() < FIRST_YEAR || time.getYear() > LAST_YEAR
                ? Optional.empty()
                : Optional.of(time.toInstant());
    }
}

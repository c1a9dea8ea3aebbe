package io.liveness.gateway.platform.query;

import io.liveness.gateway.platform.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads the parameters of a request. A malformed one is a problem that names it. */
public final class Parameters {

    public static final int DEFAULT_PAGE_SIZE = 50;
    public static final int MAX_PAGE_SIZE = 500;

    /** In characters. */
    private static final int LONGEST_REASON = 500;

    /** Blanks, controls, marks of format or of other characters, and letters that are drawn as nothing. */
    private static final Pattern INVISIBLE =
            Pattern.compile("[\\p{Z}\\p{Cc}\\p{Cf}\\p{M}\\u115F\\u1160\\u2800\\u3164\\uFFA0]+");

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    // ISO 8601 has times without seconds, RFC 3339 has not.
    private static final Pattern TIME_FORM = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}");

    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private static final Pattern DAY_FORM = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern MONTH_FORM = Pattern.compile("\\d{4}-\\d{2}");
    private static final String FIRST_MONTH = "1970-01";

    private static final String DEFAULT_ZONE = "Asia/Shanghai";

    private Parameters() {}

    /**
     * A parameter that may be left out.
     *
     * @param given null when it is
     * @param read of its name and value
     */
    public static <T> Optional<T> optional(String name, String given, BiFunction<String, String, T> read) {
        return Optional.ofNullable(given).map(value -> read.apply(name, value));
    }

    /** Why something is done, for readers: at least one of its characters can be seen. */
    public static String reason(String given) {
        if (INVISIBLE.matcher(given).matches()) {
            throw ProblemException.invalid("reason", "must have a visible character");
        }
        return text("reason", given, 1, LONGEST_REASON);
    }

    /** A text that may be left out, of one to {@code max} characters. */
    public static Optional<String> optionalText(String name, String given, int max) {
        return optional(name, given, (any, text) -> text(name, text, 1, max));
    }

    /** The parameter {@code timeZone}. @param given null for that of the vendor */
    public static ZoneId timeZone(String given) {
        return zone("timeZone", given == null ? DEFAULT_ZONE : given);
    }

    public static UUID uuid(String name, String given) {
        return uuid(given).orElseThrow(() -> ProblemException.invalid(name, "must be a UUID"));
    }

    /** Empty when it is none. */
    public static Optional<UUID> uuid(String given) {
        try {
            UUID read = UUID.fromString(given);
            // UUID.fromString accepts strings that are no UUIDs.
            return read.toString().equalsIgnoreCase(given) ? Optional.of(read) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A time that an id of ours can have, see UUIDv7. */
    public static Instant time(String name, String given) {
        try {
            Instant time = OffsetDateTime.parse(given).toInstant();
            if (TIME_FORM.matcher(given).lookingAt() && !time.isBefore(Instant.EPOCH) && time.isBefore(END)) {
                return time;
            }
        } catch (DateTimeException e) {
            // A time that cannot be parsed is as malformed as one out of range.
        }
        throw ProblemException.invalid(
                name,
                "must be a time of RFC 3339 from 1970 to 9999, for example 2026-01-31T08:00:00Z"
                        + (given.indexOf(' ') < 0 ? "" : "; in an address + is written %2B"));
    }

    /** A day from 1970 to 9999, as in {@code 2026-10-31}. */
    public static LocalDate day(String name, String given) {
        try {
            // LocalDate.parse takes longer years too, with a sign.
            if (DAY_FORM.matcher(given).matches() && given.compareTo(FIRST_MONTH) >= 0) {
                return LocalDate.parse(given);
            }
        } catch (DateTimeException e) {
            // A day that cannot be parsed is as malformed as one out of range.
        }
        throw ProblemException.invalid(name, "must be a day from 1970 to 9999, for example 2026-10-31");
    }

    /** A zone of the IANA database, or an offset. */
    public static ZoneId zone(String name, String given) {
        try {
            return ZoneId.of(given);
        } catch (DateTimeException e) {
            throw ProblemException.invalid(name, "must be a time zone, for example Asia/Shanghai");
        }
    }

    /** A month from 1970 to 9999, as in {@code 2026-10}. */
    public static YearMonth month(String name, String given) {
        try {
            // YearMonth.parse takes longer years too, with a sign.
            if (MONTH_FORM.matcher(given).matches() && given.compareTo(FIRST_MONTH) >= 0) {
                return YearMonth.parse(given);
            }
        } catch (DateTimeException e) {
            // A month that cannot be parsed is as malformed as one out of range.
        }
        throw ProblemException.invalid(name, "must be a month from 1970 to 9999, for example 2026-10");
    }

    /** Well-formed Unicode without NUL, whose length is counted in code points. */
    public static String text(String name, String given, int min, int max) {
        brokenText(given, min, max).ifPresent(broken -> {
            throw ProblemException.invalid(name, broken);
        });
        return given;
    }

    /** The rule that a text breaks, in words. */
    public static Optional<String> brokenText(String text, int min, int max) {
        if (text.codePoints().anyMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE))) {
            return Optional.of("must be well-formed Unicode without NUL");
        }
        int length = text.codePointCount(0, text.length());
        return length >= min && length <= max
                ? Optional.empty()
                : Optional.of("must have " + min + " to " + max + " characters, has " + length);
    }

    /** @param given null for the default */
    public static int pageSize(String given) {
        if (given == null) {
            return DEFAULT_PAGE_SIZE;
        }
        return number("pageSize", given, 1, MAX_PAGE_SIZE);
    }

    public static int number(String name, String given, int min, int max) {
        if (NUMBER.matcher(given).matches()) {
            int number = Integer.parseInt(given);
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw ProblemException.invalid(name, "must be a number from " + min + " to " + max);
    }

    public static boolean flag(String name, String given) {
        return switch (given) {
            case "true" -> true;
            case "false" -> false;
            default -> throw ProblemException.invalid(name, "must be true or false");
        };
    }

    public static <E extends Enum<E>> E choice(String name, Class<E> choices, String given) {
        return choice(name, choices.getEnumConstants(), Enum::name, given);
    }

    /** @param label what a choice is called in the API */
    public static <E> E choice(String name, E[] choices, Function<E, String> label, String given) {
        List<String> labels = Arrays.stream(choices).map(label).toList();
        int at = labels.indexOf(given);
        if (at < 0) {
            throw ProblemException.invalid(name, "must be one of " + labels);
        }
        return choices[at];
    }
}

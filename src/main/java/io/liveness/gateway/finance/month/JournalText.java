package io.liveness.gateway.finance.month;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A text of configuration with fields of a line in braces, such as {@code {month}} or {@code {date:yyyy/MM/dd}}. */
record JournalText(List<Part> parts) {

    /** What a line of a voucher has. */
    enum Field {
        STATUS("status"),
        VOUCHER("voucher"),
        /** The number of the voucher in the month's file. */
        NTH("nth"),
        TYPE("type"),
        /** The last day of the month. */
        DATE("date"),
        MONTH("month"),
        /** The number of the line in its voucher. */
        LINE("line"),
        KIND("kind"),
        TEXT("text"),
        ACCOUNT("account"),
        COST_CENTRE("costCentre"),
        OF_MONTH("ofMonth"),
        DEBIT("debit"),
        CREDIT("credit"),
        DEBIT_OR_ZERO("debitOrZero"),
        CREDIT_OR_ZERO("creditOrZero"),
        CURRENCY("currency");

        private final String label;

        Field(String label) {
            this.label = label;
        }
    }

    /**
     * A field, or what stands between fields.
     *
     * @param field null for a constant
     * @param date the pattern of a date
     */
    private record Part(Field field, DateTimeFormatter date, String constant) {

        private Object value(Map<Field, Object> line) {
            return field == null ? constant : line.get(field);
        }

        private String of(Map<Field, Object> line) {
            Object value = value(line);
            return value == null
                    ? ""
                    : value instanceof LocalDate day
                            ? date.format(day)
                            : value instanceof BigDecimal number ? number.toPlainString() : value.toString();
        }
    }

    private static final Pattern PART = Pattern.compile("\\{(\\w+)(?::([^{}]+))?}|([^{}]+)");

    /** @throws IllegalArgumentException with the reason, for a text that is malformed or has another field */
    static JournalText parse(String text, Set<Field> allowed) {
        List<Part> parts = new ArrayList<>();
        Matcher part = PART.matcher(text);
        int end = 0;
        while (end < text.length()) {
            if (!part.find(end) || part.start() != end) {
                throw new IllegalArgumentException("a brace is not closed, or not opened");
            }
            parts.add(part.group(3) == null ? field(part, allowed) : new Part(null, null, part.group(3)));
            end = part.end();
        }
        return new JournalText(parts);
    }

    private static Part field(Matcher given, Set<Field> allowed) {
        Field field = Arrays.stream(Field.values())
                .filter(one -> one.label.equals(given.group(1)) && allowed.contains(one))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("{" + given.group(1) + "} is none of "
                        + Arrays.stream(Field.values())
                                .filter(allowed::contains)
                                .map(one -> "{" + one.label + "}")
                                .collect(Collectors.joining(", "))));
        String pattern = given.group(2);
        if (pattern != null && field != Field.DATE) {
            throw new IllegalArgumentException("only {date} takes a pattern");
        }
        try {
            DateTimeFormatter date = pattern == null
                    ? DateTimeFormatter.ISO_LOCAL_DATE
                    : DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
            // A pattern of hours is well-formed too.
            date.format(LocalDate.EPOCH);
            return new Part(field, date, null);
        } catch (RuntimeException unfit) {
            throw new IllegalArgumentException(pattern + " is no pattern of a date", unfit);
        }
    }

    /** The text of a line. */
    String of(Map<Field, Object> line) {
        return parts.stream().map(part -> part.of(line)).collect(Collectors.joining());
    }

    /** The number, when a line has nothing else for it: a workbook has it as one. */
    Optional<BigDecimal> number(Map<Field, Object> line) {
        return parts.size() == 1 && parts.get(0).value(line) instanceof BigDecimal number
                ? Optional.of(number)
                : Optional.empty();
    }
}

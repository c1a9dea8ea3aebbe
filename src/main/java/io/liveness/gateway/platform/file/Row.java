package io.liveness.gateway.platform.file;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** A row of a query, whose values are the texts that PostgreSQL has for them. There is one at a time, with one value after another. */
public final class Row {

    /** Statements for the transaction in which rows are read, whose texts then depend on no setting of role or database. */
    public static final String FIXED_FORMS = "set local timezone = 'UTC'; set local bytea_output = 'hex'";

    private static final String UTC = "+00";
    private static final int SECOND = "2026-10-31 23:59:58".length();
    private static final int NANO_DIGITS = 9;

    private final String[] values;

    /** @param columns of the query */
    Row(int columns) {
        this.values = new String[columns];
    }

    /** @param line of {@code COPY} in its text format: tabs between values, {@code \N} for none, and escapes by a backslash */
    void read(byte[] line) {
        int column = 0;
        int from = 0;
        boolean escaped = false;
        for (int at = 0; at < line.length; at++) {
            byte b = line[at];
            if (b == '\\') {
                escaped = true;
            } else if (b == '\t' || b == '\n') {
                String value = new String(line, from, at - from, StandardCharsets.UTF_8);
                values[column++] = escaped ? unescaped(value) : value;
                from = at + 1;
                escaped = false;
            }
        }
    }

    private static String unescaped(String value) {
        if (value.equals("\\N")) {
            return null;
        }
        StringBuilder text = new StringBuilder(value.length());
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            text.append(c == '\\' ? meant(value.charAt(++at)) : c);
        }
        return text.toString();
    }

    private static char meant(char escape) {
        return switch (escape) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> '\u000B';
            default -> escape;
        };
    }

    void read(ResultSet row) throws SQLException {
        for (int at = 0; at < values.length; at++) {
            values[at] = row.getString(at + 1);
        }
    }

    /** @return null where there is none */
    public String text(int column) {
        return values[column];
    }

    /** A whole number. */
    public long number(int column) {
        return Long.parseLong(values[column]);
    }

    /**
     * A time, which PostgreSQL tells as {@code 2026-10-31 23:59:58.123456+00} by {@link #FIXED_FORMS}. A parser of {@code java.time} would
     * take longer than all else of a row.
     *
     * @return null where there is none
     */
    public Instant time(int column) {
        String text = values[column];
        if (text == null) {
            return null;
        }
        int nanos = 0;
        for (int at = SECOND + 1; at < SECOND + 1 + NANO_DIGITS; at++) {
            nanos = nanos * 10 + (at < text.length() - UTC.length() ? text.charAt(at) - '0' : 0);
        }
        return LocalDateTime.of(
                        digits(text, 0, 4),
                        digits(text, 5, 2),
                        digits(text, 8, 2),
                        digits(text, 11, 2),
                        digits(text, 14, 2),
                        digits(text, 17, 2),
                        nanos)
                .toInstant(ZoneOffset.UTC);
    }

    private static int digits(String text, int from, int many) {
        int number = 0;
        for (int at = from; at < from + many; at++) {
            number = number * 10 + text.charAt(at) - '0';
        }
        return number;
    }
}

package io.liveness.gateway.platform.file;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How a CSV file is written.
 *
 * @param marked begins with a byte order mark
 * @param lineEnd of each row
 * @param firstLine stands before all rows
 * @param header has a row with the titles of the columns
 */
public record CsvForm(
        char delimiter, Charset charset, boolean marked, String lineEnd, Optional<String> firstLine, boolean header) {

    /** CSV by RFC 4180, in UTF-8 with a byte order mark, by which spreadsheets know it. */
    public static final CsvForm STANDARD =
            new CsvForm(',', StandardCharsets.UTF_8, true, "\r\n", Optional.empty(), true);
}

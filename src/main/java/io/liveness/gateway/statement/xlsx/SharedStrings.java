package io.liveness.gateway.statement.xlsx;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The texts that cells share, close together in memory: a bill of a million lines has some millions of them. */
final class SharedStrings {

    private static final int MOST_BYTES = 64 * 1024 * 1024;
    private static final int MOST = 4_000_000;
    private static final int PIECE = 1024 * 1024;

    private final byte[][] pieces = new byte[MOST_BYTES / PIECE][];
    /** Where each one ends; it begins where the one before ends. */
    private int[] ends = new int[1024];

    private int count;
    private int bytes;

    private SharedStrings() {}

    static SharedStrings of(Optional<String> part, ZipParts zip) {
        SharedStrings strings = new SharedStrings();
        part.flatMap(zip::xml).ifPresent(xml -> {
            try (xml) {
                strings.read(xml);
            }
        });
        return strings;
    }

    /** Null when there is none of that number. */
    String at(int index) {
        if (index < 0 || index >= count) {
            return null;
        }
        int from = index == 0 ? 0 : ends[index - 1];
        byte[] text = new byte[ends[index] - from];
        int at = 0;
        while (at < text.length) {
            int place = (from + at) % PIECE;
            int length = Math.min(text.length - at, PIECE - place);
            System.arraycopy(pieces[(from + at) / PIECE], place, text, at, length);
            at += length;
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    private void read(Xml xml) {
        CellTextReader text = new CellTextReader(xml);
        while (xml.next()) {
            if (xml.begins("si")) {
                add(text.until("si"), xml.part());
            }
        }
    }

    private void add(String text, String part) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        if (count == MOST || encoded.length > MOST_BYTES - bytes) {
            throw Damage.ofPart(
                    part,
                    "has more than " + MOST + " texts or " + MOST_BYTES
                            + " bytes of texts; save it as CSV, or in parts of a shorter period");
        }
        int at = 0;
        while (at < encoded.length) {
            int place = bytes % PIECE;
            if (place == 0) {
                pieces[bytes / PIECE] = new byte[PIECE];
            }
            int length = Math.min(encoded.length - at, PIECE - place);
            System.arraycopy(encoded, at, pieces[bytes / PIECE], place, length);
            at += length;
            bytes += length;
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, Math.min(MOST, count + count / 2));
        }
        ends[count++] = bytes;
    }
}

package io.liveness.gateway.bill.read;

import io.liveness.gateway.platform.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds the character set of a file as its bytes go by: UTF-16 when its first bytes are zero by turns, or begin with that one's byte order
 * mark, which no other may have; UTF-8 when all of it is, else GB18030 when all of it is. Big5 is told from that one, and refused.
 */
public final class CharsetProbe {

    private static final Charset GB18030 = Charset.forName("GB18030");
    private static final List<Charset> UTF_16 =
            List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE);
    /** Bytes by which UTF-16 is known. */
    private static final int BEGINNING = 4 * 1024;
    /** A tenth of the bytes, a fifth of the characters, are of ASCII. */
    private static final int SHARE_OF_ZEROS = 10;
    /** Zeros that a damaged file of another character set may have. */
    private static final int FEW = 4;

    private final Decoding utf8 = new Decoding(StandardCharsets.UTF_8);
    private final Decoding gb18030 = new Decoding(GB18030);
    private final List<Decoding> utf16 = UTF_16.stream().map(Decoding::new).toList();
    private final Big5 big5 = new Big5();
    private final byte[] beginning = new byte[BEGINNING];
    private int begun;
    private int line = 1;

    public void add(byte[] bytes, int length) {
        int more = Math.min(length, BEGINNING - begun);
        System.arraycopy(bytes, 0, beginning, begun, more);
        begun += more;
        if (more > 0 && begun == BEGINNING) {
            utf16.forEach(attempt -> attempt.failed |= !isLikely(attempt.charset));
        }
        attempts().forEach(attempt -> attempt.add(bytes, length, false, line));
        if (utf8.failed) {
            big5.add(bytes, length);
        }
        line += lines(bytes, length);
    }

    private Stream<Decoding> attempts() {
        return Stream.concat(utf16.stream(), Stream.of(utf8, gb18030));
    }

    /** Whether the file begins as one of UTF-16 does: with the mark, or with a zero in every other byte of digits and separators. */
    private boolean isLikely(Charset charset) {
        if (charset.equals(StandardCharsets.UTF_16)) {
            return begun > 1
                    && (beginning[0] == (byte) 0xff && beginning[1] == (byte) 0xfe
                            || beginning[0] == (byte) 0xfe && beginning[1] == (byte) 0xff);
        }
        int[] zeros = new int[2];
        for (int i = 0; i < begun; i++) {
            zeros[i % 2] += beginning[i] == 0 ? 1 : 0;
        }
        int high = charset.equals(StandardCharsets.UTF_16BE) ? 0 : 1;
        return zeros[high] > FEW
                && zeros[high] * SHARE_OF_ZEROS > begun
                && zeros[high] > SHARE_OF_ZEROS * zeros[1 - high];
    }

    /** In both character sets whose lines are told no other character has this byte. */
    private static int lines(byte[] bytes, int length) {
        int lines = 0;
        for (int i = 0; i < length; i++) {
            lines += bytes[i] == '\n' ? 1 : 0;
        }
        return lines;
    }

    /**
     * The character set of a file that has ended.
     *
     * @throws ProblemException when it is neither UTF-8 nor GB18030 nor UTF-16, or seems to be Big5
     */
    public Charset charset() {
        attempts().forEach(attempt -> attempt.add(new byte[0], 0, true, line));
        return charsetSoFar();
    }

    /**
     * The character set of a file that goes on, whose last character so far may be cut off.
     *
     * @throws ProblemException when it is neither UTF-8 nor GB18030 nor UTF-16, or seems to be Big5
     */
    public Charset charsetSoFar() {
        for (Decoding attempt : utf16) {
            if (isLikely(attempt.charset)) {
                return attempt.orRefused("UTF-16");
            }
        }
        if (utf8.failed && big5.isLikely()) {
            throw refused("Big5");
        }
        if (utf8.failed && gb18030.failed) {
            throw ProblemException.invalid(
                    "line " + utf8.failedAt,
                    "charset-unknown",
                    Map.of("line", String.valueOf(gb18030.failedAt)),
                    "is not UTF-8, and line " + gb18030.failedAt
                            + " is not GB18030: save the whole file in one of them");
        }
        return utf8.failed ? GB18030 : StandardCharsets.UTF_8;
    }

    private static ProblemException refused(String charset) {
        return ProblemException.invalid(
                "body",
                "charset-refused",
                Map.of("charset", charset),
                "seems to be " + charset + ", and cannot be read as such: save it as UTF-8");
    }

    /**
     * Where the last whole line of these bytes ends.
     *
     * @param charset of the file that they begin
     */
    public static int lastLineEnd(byte[] bytes, Charset charset) {
        int size = UTF_16.contains(charset) ? 2 : 1;
        int end = bytes.length / size * size;
        while (end > 0 && !isLineEnd(bytes, end, size)) {
            end -= size;
        }
        return end;
    }

    private static boolean isLineEnd(byte[] bytes, int end, int size) {
        return size == 1
                ? bytes[end - 1] == '\n'
                : bytes[end - 1] == '\n' && bytes[end - 2] == 0 || bytes[end - 1] == 0 && bytes[end - 2] == '\n';
    }

    /**
     * Tells Big5 from GB18030, which nearly every file of it is too: what is frequent in Chinese is rare there, or Greek, Cyrillic or
     * Japanese.
     */
    private static final class Big5 {

        private static final int SHARE_OF_RARE = 4;

        private int lead;
        private int characters;
        private int rare;
        private boolean other;

        void add(byte[] bytes, int length) {
            for (int i = 0; i < length && !other; i++) {
                int next = bytes[i] & 0xff;
                if (lead != 0) {
                    characters++;
                    rare += next < 0x80 || lead >= 0xa4 && lead <= 0xa8 ? 1 : 0;
                    other = next < 0x40 || next > 0x7e && next < 0xa1 || next == 0xff;
                    lead = 0;
                } else if (next >= 0x80) {
                    lead = next;
                    other = next < 0xa1 || next > 0xf9;
                }
            }
        }

        boolean isLikely() {
            return !other && rare > 1 && rare * SHARE_OF_RARE >= characters;
        }
    }

    private static final class Decoding {

        private static final int LONGEST_CHARACTER = 4;

        private final Charset charset;
        private final CharsetDecoder decoder;
        private final CharBuffer characters = CharBuffer.allocate(8 * 1024);
        private byte[] rest = new byte[0];
        private boolean failed;
        private int failedAt;

        Decoding(Charset charset) {
            this.charset = charset;
            this.decoder = charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
        }

        Charset orRefused(String name) {
            if (failed) {
                throw refused(name);
            }
            return charset;
        }

        /** @param line that the bytes begin on */
        void add(byte[] bytes, int length, boolean end, int line) {
            if (failed) {
                return;
            }
            ByteBuffer in = ByteBuffer.allocate(rest.length + length)
                    .put(rest)
                    .put(bytes, 0, length)
                    .flip();
            CoderResult result;
            do {
                characters.clear();
                result = decoder.decode(in, characters, end);
            } while (result.isOverflow());
            if (result.isError()) {
                failed = true;
                failedAt = line + lines(in.array(), in.position());
            }
            rest = new byte[Math.min(in.remaining(), LONGEST_CHARACTER)];
            in.get(rest);
        }
    }
}

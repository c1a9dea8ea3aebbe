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

/**
 * Finds the character set of a file as its bytes go by: UTF-8 when all of it is, else GB18030 when all of it is, else UTF-16 when it begins
 * with that one's byte order mark, which neither of the others may have.
 */
public final class CharsetProbe {

    private static final Charset GB18030 = Charset.forName("GB18030");

    private final List<Decoding> attempts =
            List.of(new Decoding(StandardCharsets.UTF_8), new Decoding(GB18030), new Decoding(StandardCharsets.UTF_16));
    /** The first two bytes. */
    private final byte[] mark = new byte[2];

    private int marked;
    private int line = 1;

    public void add(byte[] bytes, int length) {
        for (int i = 0; i < length && marked < mark.length; i++) {
            mark[marked++] = bytes[i];
        }
        attempts.get(2).failed |= marked == mark.length && !isUtf16();
        attempts.forEach(attempt -> attempt.add(bytes, length, false, line));
        line += lines(bytes, length);
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
     * @throws ProblemException when it is neither UTF-8 nor GB18030 nor UTF-16
     */
    public Charset charset() {
        attempts.forEach(attempt -> attempt.add(new byte[0], 0, true, line));
        return charsetSoFar();
    }

    private boolean isUtf16() {
        return mark[0] == (byte) 0xff && mark[1] == (byte) 0xfe || mark[0] == (byte) 0xfe && mark[1] == (byte) 0xff;
    }

    /**
     * The character set of a file that goes on, whose last character so far may be cut off.
     *
     * @throws ProblemException when it is neither UTF-8 nor GB18030 nor UTF-16
     */
    public Charset charsetSoFar() {
        return attempts.stream()
                .filter(attempt -> !attempt.failed)
                .map(attempt -> attempt.charset)
                .findFirst()
                .orElseThrow(() -> ProblemException.invalid(
                        "line " + attempts.get(0).failedAt,
                        "charset-unknown",
                        Map.of("line", String.valueOf(attempts.get(1).failedAt)),
                        "is not UTF-8, and line " + attempts.get(1).failedAt
                                + " is not GB18030: save the whole file in one of them"));
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

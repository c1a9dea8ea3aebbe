package io.liveness.gateway.notify.receiver;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The first 2 KB of an answer's body as text, whatever else comes. Code points that are cut are left out. */
final class AnswerText {

    private static final int MOST_BYTES = 2048;
    private static final String NO_TEXT = "(not UTF-8 text)";

    private final Buffer head = Buffer.buffer();

    void add(Buffer part) {
        head.appendBuffer(part, 0, Math.min(part.length(), MOST_BYTES - head.length()));
    }

    /** Empty when nothing came; a note in its place when it is no text. */
    Optional<String> read() {
        if (head.length() == 0) {
            return Optional.empty();
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(MOST_BYTES);
        // What is not ended may have been cut here, or by the time.
        boolean broken =
                decoder.decode(ByteBuffer.wrap(head.getBytes()), text, false).isError();
        String read = text.flip().toString();
        return Optional.of(broken || read.isEmpty() || read.chars().anyMatch(AnswerText::isBinary) ? NO_TEXT : read);
    }

    private static boolean isBinary(int character) {
        return Character.isISOControl(character) && !Character.isWhitespace(character);
    }
}

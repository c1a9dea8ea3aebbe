package io.liveness.gateway.platform;

/** A set of ASCII characters, for checks on each request, where a regular expression costs several times as much. */
public final class Characters {

    public static final String LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static final int ASCII = 128;

    private final boolean[] contained = new boolean[ASCII];

    public Characters(String all) {
        all.chars().forEach(character -> contained[character] = true);
    }

    /** Returns true if the text has no other characters from that index on. */
    public boolean makeUp(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character >= ASCII || !contained[character]) {
                return false;
            }
        }
        return true;
    }
}

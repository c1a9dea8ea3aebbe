package io.liveness.gateway.testsupport.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** What the console can say of the codes that the gateway stores, read from its files. */
public final class ConsoleWords {

    private static final List<String> LANGUAGES = List.of(file("en.js"), file("zh.js"));

    private ConsoleWords() {}

    /** Whether each language has a word. */
    public static boolean has(String word) {
        return LANGUAGES.stream().allMatch(words -> words.contains("'" + word + "': '"));
    }

    /** What the languages say in place of a word, with the names of its values in braces. */
    public static List<String> sentences(String word) {
        Pattern sentence = Pattern.compile("'" + Pattern.quote(word) + "': '((?:[^'\\\\]|\\\\.)*)'");
        return LANGUAGES.stream()
                .flatMap(words -> sentence.matcher(words).results())
                .map(found -> found.group(1))
                .toList();
    }

    private static String file(String name) {
        try (InputStream file = ConsoleWords.class.getResourceAsStream("/console/static/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.liveness.gateway.testsupport.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the console can say of the sentences that the gateway stores, read from its files. */
public final class ConsoleWords {

    private static final List<String> LANGUAGES = List.of(file("en.js"), file("zh.js"));

    /** An entry of problem.js: the word for a sentence with values, and the form of that sentence. */
    private static final Pattern FORM = Pattern.compile("\\['(\\w+)', /(.+)/],?");

    private ConsoleWords() {}

    /** Whether each language has a word. */
    public static boolean has(String word) {
        return LANGUAGES.stream().allMatch(words -> words.contains("'" + word + "': '"));
    }

    /** Whether a sentence is told in each language, as it is or by its form. */
    public static boolean tells(String sentence) {
        Stream<String> forms = FORM.matcher(file("problem.js"))
                .results()
                .filter(form -> Pattern.compile(form.group(2)).matcher(sentence).find())
                .map((MatchResult form) -> form.group(1));
        return Stream.concat(Stream.of(sentence), forms).anyMatch(word -> has("detail." + word));
    }

    private static String file(String name) {
        try (InputStream file = ConsoleWords.class.getResourceAsStream("/console/static/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.liveness.gateway.documents;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Javadoc of config mappings as Markdown, for a document below {@code docs}. */
final class JavadocText {

    private static final Pattern CODE = Pattern.compile("\\{@(?:code|link) ([^}]*)\\}");
    private static final Pattern SEE = Pattern.compile("@see <a href=\"docs/([^\"]+)\">([^<]+)</a>");

    private JavadocText() {}

    /** One line: the text, then the links of {@code @see} in brackets. */
    static String toMarkdown(String javadoc) {
        int tags = javadoc.indexOf("@see");
        String text = tags < 0 ? javadoc : javadoc.substring(0, tags);
        List<String> links = SEE.matcher(javadoc)
                .results()
                .map(link -> "[" + link.group(2) + "](" + link.group(1) + ")")
                .toList();
        String sentences = CODE.matcher(text.strip().replaceAll("\\s+", " "))
                .replaceAll("`$1`")
                .replace("|", "\\|");
        return links.isEmpty() ? sentences : sentences + links.stream().collect(Collectors.joining(", ", " (", ")"));
    }
}

package io.liveness.gateway.documents;

import java.util.Locale;
import java.util.Optional;

/**
 * A property of a config mapping, as its source declares it.
 *
 * @param meaning Markdown, with links relative to {@code docs}
 * @param range in words, empty when the mapping states none
 */
record ConfigProperty(String name, boolean required, Optional<String> defaultValue, String meaning, String range) {

    String row() {
        return "| `%s`<br>`%s` | %s | %s |\n".formatted(name, variable(), defaultCell() + rangeInBrackets(), meaning);
    }

    String variable() {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    private String defaultCell() {
        return defaultValue.map(value -> "`" + value + "`").orElse(required ? "**required**" : "none");
    }

    private String rangeInBrackets() {
        return range.isEmpty() ? "" : " (" + range + ")";
    }
}

package io.liveness.gateway.monitoring;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an expression of Prometheus asks for.
 *
 * @param metrics names of series, those of recording rules included
 * @param labels names of labels that it selects, groups or joins by
 */
record Expression(Set<String> metrics, Set<String> labels) {

    private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");
    private static final Pattern SELECTOR = Pattern.compile("\\{([^}]*)}");
    private static final Pattern SELECTED = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");
    private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*]");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern NAME = Pattern.compile("(?<![\\w:.$])[a-zA-Z_:][\\w:]*(?!\\s*\\(|[\\w:])");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

    static Expression of(String text) {
        String plain = STRING.matcher(text).replaceAll("");
        Set<String> labels = new TreeSet<>();
        SELECTOR.matcher(plain)
                .results()
                .flatMap(selector -> SELECTED.matcher(selector.group(1)).results())
                .map(label -> label.group(1))
                .forEach(labels::add);
        GROUPING.matcher(plain)
                .results()
                .flatMap(group -> NAME.matcher(group.group(1)).results())
                .map(MatchResult::group)
                .forEach(labels::add);
        String names = plain;
        for (Pattern rest : new Pattern[] {SELECTOR, RANGE, GROUPING}) {
            names = rest.matcher(names).replaceAll(" ");
        }
        return new Expression(
                NAME.matcher(names)
                        .results()
                        .map(MatchResult::group)
                        .filter(name -> !WORDS.contains(name))
                        .collect(Collectors.toCollection(TreeSet::new)),
                labels);
    }
}

package io.liveness.gateway.monitoring;

import java.util.Map;
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
 * @param selectors each metric that it narrows by labels
 */
record Expression(Set<String> metrics, Set<String> labels, Set<Selector> selectors) {

    private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");
    private static final Pattern NARROWED = Pattern.compile("([a-zA-Z_:][\\w:]*)\\{((?:[^}\"]|\"[^\"]*\")*)}");
    private static final Pattern EQUAL = Pattern.compile("(\\w+)\\s*=\\s*\"([^\"]*)\"");
    private static final Pattern SELECTOR = Pattern.compile("\\{([^}]*)}");
    private static final Pattern SELECTED = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");
    private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*]");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern NAME = Pattern.compile("(?<![\\w:.$])[a-zA-Z_:][\\w:]*(?!\\s*\\(|[\\w:])");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

    /** @param equal labels with the values that they must have; other matchers are left out */
    record Selector(String metric, Map<String, String> equal) {}

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
        return new Expression(metrics(plain), labels, selectors(text));
    }

    private static Set<String> metrics(String plain) {
        String names = plain;
        for (Pattern rest : new Pattern[] {SELECTOR, RANGE, GROUPING}) {
            names = rest.matcher(names).replaceAll(" ");
        }
        return NAME.matcher(names)
                .results()
                .map(MatchResult::group)
                .filter(name -> !WORDS.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Selector> selectors(String text) {
        return NARROWED.matcher(text)
                .results()
                .map(narrowed -> new Selector(narrowed.group(1), equal(narrowed.group(2))))
                .collect(Collectors.toSet());
    }

    private static Map<String, String> equal(String matchers) {
        return EQUAL.matcher(matchers)
                .results()
                .collect(Collectors.toMap(matcher -> matcher.group(1), matcher -> matcher.group(2)));
    }
}

package io.liveness.gateway.monitoring;

import io.liveness.gateway.monitoring.MetricsDocument.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A page of metrics in Prometheus' text form. */
final class MetricsPage {

    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SERIES = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Map<String, Metric> metrics = new TreeMap<>();
    private final List<Series> series = new ArrayList<>();

    private record Series(String name, Map<String, String> labels) {}

    MetricsPage(String text) {
        text.lines()
                .map(TYPE::matcher)
                .filter(Matcher::matches)
                .forEach(type -> metrics.put(type.group(1), new Metric(type.group(2), new TreeSet<>())));
        text.lines().map(SERIES::matcher).filter(Matcher::matches).forEach(this::add);
    }

    private void add(Matcher line) {
        Map<String, String> labels = LABEL.matcher(line.group(2) == null ? "" : line.group(2))
                .results()
                .collect(Collectors.toMap(label -> label.group(1), label -> label.group(2)));
        series.add(new Series(line.group(1), labels));
        Optional.ofNullable(metrics.get(line.group(1)))
                .or(() -> Optional.ofNullable(metrics.get(line.group(1).replaceFirst("_(bucket|count|sum)$", ""))))
                .ifPresent(metric -> labels.keySet().stream()
                        .filter(label -> !label.equals("le"))
                        .forEach(metric.labels()::add));
    }

    /** By their names, of which a histogram has one. */
    Map<String, Metric> metrics() {
        return metrics;
    }

    /** Names of series. */
    Set<String> series() {
        return series.stream().map(Series::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether there is a series of that name with these labels, and maybe others. */
    boolean shows(String name, Map<String, String> labels) {
        return series.stream()
                .anyMatch(one ->
                        one.name().equals(name) && one.labels().entrySet().containsAll(labels.entrySet()));
    }
}

package io.liveness.gateway.monitoring;

import io.liveness.gateway.monitoring.MetricsDocument.Metric;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of metrics in Prometheus' text form. */
final class MetricsPage {

    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SERIES = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");

    private final Map<String, Metric> metrics = new TreeMap<>();
    private final Set<String> series = new TreeSet<>();
    private final Set<String> bounds = new TreeSet<>();

    MetricsPage(String text) {
        text.lines()
                .map(TYPE::matcher)
                .filter(Matcher::matches)
                .forEach(type -> metrics.put(type.group(1), new Metric(type.group(2), new TreeSet<>())));
        text.lines().map(SERIES::matcher).filter(Matcher::matches).forEach(this::add);
    }

    private void add(Matcher line) {
        series.add(line.group(1));
        Optional<Metric> metric = Optional.ofNullable(metrics.get(line.group(1)))
                .or(() -> Optional.ofNullable(metrics.get(line.group(1).replaceFirst("_(bucket|count|sum)$", ""))));
        LABEL.matcher(line.group(2) == null ? "" : line.group(2)).results().forEach(label -> {
            if (label.group(1).equals("le")) {
                bounds.add(label.group());
            } else {
                metric.ifPresent(known -> known.labels().add(label.group(1)));
            }
        });
    }

    /** By their names, of which a histogram has one. */
    Map<String, Metric> metrics() {
        return metrics;
    }

    /** Names of series. */
    Set<String> series() {
        return series;
    }

    /** Of histograms, as in {@code le="0.5"}. */
    Set<String> bounds() {
        return bounds;
    }
}

package io.liveness.gateway.monitoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The tables of {@code docs/metrics.md}: metrics of ours by their names. */
record MetricsDocument(Map<String, Metric> metrics) {

    private static final Path FILE = Path.of("docs", "metrics.md");

    /** @param labels without {@code le} */
    record Metric(String type, Set<String> labels) {}

    static MetricsDocument read() {
        try {
            Map<String, Metric> metrics = new TreeMap<>();
            Files.readAllLines(FILE).stream()
                    .filter(line -> line.startsWith("| `liveness_") || line.startsWith("| `jumdata_"))
                    .map(line -> line.split("\\|"))
                    .forEach(cells -> metrics.put(word(cells[1]), new Metric(cells[2].strip(), words(cells[3]))));
            return new MetricsDocument(metrics);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    Set<String> labels() {
        return metrics.values().stream()
                .flatMap(metric -> metric.labels().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> words(String cell) {
        return Arrays.stream(cell.split(","))
                .map(MetricsDocument::word)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String word(String cell) {
        return cell.replace("`", "").strip();
    }
}

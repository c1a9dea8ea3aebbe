package io.liveness.gateway.operate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What the meters of replicas show.
 *
 * @param gauges of each replica its value; without those that know none
 * @param grown of counters and timers, of all replicas together
 */
record Figures(Map<Series, List<Double>> gauges, Map<Series, Growth> grown) {

    /** A meter with its tags. */
    record Series(String meter, Map<String, String> tags) {}

    /**
     * By how much a counter or a timer has grown in the last minutes.
     *
     * @param counts by {@link #MINUTES}
     * @param seconds that a timer has measured, in the same
     */
    record Growth(List<Double> counts, List<Double> seconds) {

        /** Ascending. */
        static final List<Integer> MINUTES = List.of(1, 5, 10, 15, 60);

        double count(int minutes) {
            return counts.get(MINUTES.indexOf(minutes));
        }

        double seconds(int minutes) {
            return seconds.get(MINUTES.indexOf(minutes));
        }

        /** What of it is of the last minutes when its replica ended so many ago: rather too much than too little. */
        private Growth endedBefore(double ago) {
            return new Growth(left(counts, ago), left(seconds, ago));
        }

        private static List<Double> left(List<Double> grown, double ago) {
            return MINUTES.stream().map(minutes -> left(grown, minutes, ago)).toList();
        }

        private static double left(List<Double> grown, int minutes, double ago) {
            return IntStream.range(0, MINUTES.size())
                    .filter(at -> minutes > ago && MINUTES.get(at) >= minutes - ago)
                    .mapToObj(grown::get)
                    .findFirst()
                    .orElse(0.0);
        }

        private Growth plus(Growth other) {
            return new Growth(sums(counts, other.counts), sums(seconds, other.seconds));
        }

        private static List<Double> sums(List<Double> some, List<Double> others) {
            List<Double> sums = new ArrayList<>();
            for (int at = 0; at < some.size(); at++) {
                sums.add(some.get(at) + others.get(at));
            }
            return sums;
        }
    }

    static Figures none() {
        return new Figures(new HashMap<>(), new HashMap<>());
    }

    /** The values of a gauge, of all its series at all replicas. */
    DoubleStream values(String meter) {
        return gauges.entrySet().stream()
                .filter(gauge -> gauge.getKey().meter().equals(meter))
                .flatMap(gauge -> gauge.getValue().stream())
                .mapToDouble(Double::doubleValue);
    }

    /** The growth of all series of a meter together. */
    double count(String meter, int minutes, Predicate<Map<String, String>> tags) {
        return grown.entrySet().stream()
                .filter(series -> series.getKey().meter().equals(meter)
                        && tags.test(series.getKey().tags()))
                .mapToDouble(series -> series.getValue().count(minutes))
                .sum();
    }

    boolean knows(String meter) {
        return grown.keySet().stream().anyMatch(series -> series.meter().equals(meter));
    }

    /** The figures in the form in which a replica stores them. */
    JsonObject toJson() {
        JsonArray stored = new JsonArray();
        gauges.forEach((series, values) -> stored.add(json(series).put("values", new JsonArray(values))));
        JsonArray storedGrowth = new JsonArray();
        grown.forEach((series, growth) -> storedGrowth.add(json(series)
                .put("counts", new JsonArray(growth.counts()))
                .put("seconds", new JsonArray(growth.seconds()))));
        return new JsonObject().put("gauges", stored).put("grown", storedGrowth);
    }

    private static JsonObject json(Series series) {
        JsonObject tags = new JsonObject();
        series.tags().forEach(tags::put);
        return new JsonObject().put("meter", series.meter()).put("tags", tags);
    }

    /** Adds those of a replica. */
    void add(JsonObject stored) {
        stored.getJsonArray("gauges").stream()
                .map(JsonObject.class::cast)
                .forEach(gauge -> gauges.computeIfAbsent(series(gauge), series -> new ArrayList<>())
                        .addAll(numbers(gauge, "values")));
        addEnded(stored, Duration.ZERO);
    }

    /** Adds by how much the counters of a replica had grown that ended so long ago: what they counted has happened. */
    void addEnded(JsonObject stored, Duration ago) {
        double minutes = ago.toMillis() / 60_000.0;
        stored.getJsonArray("grown").stream()
                .map(JsonObject.class::cast)
                .forEach(growth -> grown.merge(
                        series(growth),
                        new Growth(numbers(growth, "counts"), numbers(growth, "seconds")).endedBefore(minutes),
                        Growth::plus));
    }

    private static Series series(JsonObject stored) {
        Map<String, String> tags = new HashMap<>();
        stored.getJsonObject("tags").forEach(tag -> tags.put(tag.getKey(), (String) tag.getValue()));
        return new Series(stored.getString("meter"), tags);
    }

    private static List<Double> numbers(JsonObject stored, String name) {
        return stored.getJsonArray(name).stream()
                .map(number -> ((Number) number).doubleValue())
                .toList();
    }
}

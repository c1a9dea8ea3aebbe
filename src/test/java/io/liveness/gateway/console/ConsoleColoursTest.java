package io.liveness.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What charts are drawn in is told from the ground, and one series from another, whatever colours a person sees. */
class ConsoleColoursTest {

    private static final Pattern COLOUR =
            Pattern.compile("--(surface|series-\\d): light-dark\\(#(\\w{6}), #(\\w{6})\\)");
    private static final double LEAST_CONTRAST = 3;
    /** A distance in CIELAB: people tell adjacent colours from some 2 on, those of small marks that are apart from some 20. */
    private static final double LEAST_DISTANCE = 20;

    /** The linear colours of a screen as people see them who have no cones of one kind: Machado, Oliveira and Fernandes, 2009. */
    private enum Sight {
        ALL(1, 0, 0, 0, 1, 0, 0, 0, 1),
        NO_RED(0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998),
        NO_GREEN(0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881),
        NO_BLUE(1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900);

        private final double[] matrix;

        Sight(double... matrix) {
            this.matrix = matrix;
        }

        double[] sees(double[] colour) {
            return IntStream.of(0, 3, 6)
                    .mapToDouble(
                            row -> matrix[row] * colour[0] + matrix[row + 1] * colour[1] + matrix[row + 2] * colour[2])
                    .map(part -> Math.min(Math.max(part, 0), 1))
                    .toArray();
        }
    }

    @ParameterizedTest
    @CsvSource({"light, 2", "dark, 3"})
    void series_are_told_apart(String theme, int group) {
        List<double[]> colours = COLOUR.matcher(new ConsoleFiles()
                        .read("static/tokens.css")
                        .orElseThrow()
                        .plain()
                        .toString())
                .results()
                .map(found -> linear(found.group(group)))
                .toList();
        double[] surface = colours.get(0);
        List<double[]> series = colours.subList(1, colours.size());

        assertThat(series)
                .hasSize(6)
                .allSatisfy(one -> assertThat(contrast(one, surface)).isGreaterThan(LEAST_CONTRAST));
        for (Sight sight : Sight.values()) {
            for (int at = 0; at < series.size(); at++) {
                for (int other = 0; other < at; other++) {
                    assertThat(distance(sight.sees(series.get(at)), sight.sees(series.get(other))))
                            .as("%s: series %d and %d for %s", theme, other + 1, at + 1, sight)
                            .isGreaterThan(LEAST_DISTANCE);
                }
            }
        }
    }

    private static double[] linear(String hex) {
        return IntStream.of(0, 2, 4)
                .mapToDouble(at -> Integer.parseInt(hex.substring(at, at + 2), 16) / 255.0)
                .map(part -> part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4))
                .toArray();
    }

    private static double luminance(double[] colour) {
        return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2];
    }

    private static double contrast(double[] one, double[] other) {
        double light = Math.max(luminance(one), luminance(other));
        double dark = Math.min(luminance(one), luminance(other));
        return (light + 0.05) / (dark + 0.05);
    }

    private static double distance(double[] one, double[] other) {
        double[] from = lab(one);
        double[] to = lab(other);
        return Math.sqrt(IntStream.range(0, 3)
                .mapToDouble(at -> Math.pow(from[at] - to[at], 2))
                .sum());
    }

    private static double[] lab(double[] colour) {
        double[] xyz = DoubleStream.of(
                        (0.4124 * colour[0] + 0.3576 * colour[1] + 0.1805 * colour[2]) / 0.95047,
                        luminance(colour),
                        (0.0193 * colour[0] + 0.1192 * colour[1] + 0.9505 * colour[2]) / 1.08883)
                .map(part -> part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16.0 / 116)
                .toArray();
        return new double[] {116 * xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])};
    }
}

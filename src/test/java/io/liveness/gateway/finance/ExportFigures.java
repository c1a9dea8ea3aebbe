package io.liveness.gateway.finance;

import io.liveness.gateway.testsupport.Management;

/** Metrics of exports. */
final class ExportFigures {

    private ExportFigures() {}

    /** Files that have ended so. */
    static double files(String type, String outcome) {
        return value("liveness_exports_seconds_count{outcome=\"%s\",type=\"%s\"}".formatted(outcome, type));
    }

    static double rows(String type) {
        return value("liveness_exports_rows_total{type=\"%s\"}".formatted(type));
    }

    private static double value(String series) {
        return Management.metrics()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .findFirst()
                .orElseThrow();
    }
}

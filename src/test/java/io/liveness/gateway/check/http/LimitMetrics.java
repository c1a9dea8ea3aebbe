package io.liveness.gateway.check.http;

import io.liveness.gateway.testsupport.Management;

/** Metrics of refusals. */
public final class LimitMetrics {

    private LimitMetrics() {}

    public static double refusals(String limit) {
        String series = "liveness_limits_refused_total{limit=\"" + limit + "\"}";
        return Management.metrics()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .findFirst()
                .orElseThrow();
    }
}

package io.liveness.gateway.session;

import io.liveness.gateway.testsupport.Management;

/** What Prometheus reads of refusals. */
final class LimitMetrics {

    private LimitMetrics() {}

    static double refusals(String limit) {
        String series = "liveness_limits_refused_total{limit=\"" + limit + "\"}";
        return Management.metrics()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .findFirst()
                .orElseThrow();
    }
}

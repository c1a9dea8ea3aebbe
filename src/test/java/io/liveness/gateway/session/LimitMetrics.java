package io.liveness.gateway.session;

import static io.restassured.RestAssured.given;

/** What Prometheus reads of refusals. */
final class LimitMetrics {

    private LimitMetrics() {}

    static double refusals(String limit) {
        String series = "liveness_limits_refused_total{limit=\"" + limit + "\"}";
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .findFirst()
                .orElseThrow();
    }
}

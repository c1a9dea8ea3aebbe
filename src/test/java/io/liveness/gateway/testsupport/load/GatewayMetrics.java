package io.liveness.gateway.testsupport.load;

import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The management port of a gateway in another process. */
public final class GatewayMetrics {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final GatewayProcess gateway;

    public GatewayMetrics(GatewayProcess gateway) {
        this.gateway = gateway;
    }

    /** Requests that wait for a verdict. */
    public int waiters() {
        return (int) sum("liveness_waiters");
    }

    /** Connections that are taken out of the pool. */
    public int connectionsInUse() {
        return (int) sum("sql_pool_active");
    }

    /** Whether it hears what others settle. */
    public boolean isListening() {
        return sum("liveness_signals_listening") == 1;
    }

    /** Whether it has fetched the keys of access tokens. */
    public boolean knowsIssuerKeys() {
        return sum("liveness_issuer_keys_known") == 1;
    }

    /** Sessions that it has opened. */
    public int opened() {
        return (int) sum("liveness_sessions_opened_total{outcome=\"accepted\"");
    }

    /** Statements that failed for want of a database, as LivenessDatabaseAway counts them. */
    public double statementsWithoutDatabase() {
        return page().lines()
                .filter(line -> line.startsWith("liveness_statements_seconds_count{"))
                .filter(line -> line.contains("outcome=\"unavailable\"") || line.contains("outcome=\"only-reads\""))
                .mapToDouble(GatewayMetrics::value)
                .sum();
    }

    /** Its connections, of as many as it may have. */
    public double connectionsShare() {
        return sum("liveness_connections_share");
    }

    public int threads() {
        return (int) sum("jvm_threads_live_threads");
    }

    /** Of all series whose name, or name and labels, begin so. */
    private double sum(String beginning) {
        return page().lines()
                .filter(line -> line.startsWith(beginning))
                .mapToDouble(GatewayMetrics::value)
                .sum();
    }

    private static double value(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    /** In Prometheus' text form. */
    public String page() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.managementUrl() + "/q/metrics"))
                .header("Accept", "text/plain; version=0.0.4")
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .join()
                .body();
    }
}

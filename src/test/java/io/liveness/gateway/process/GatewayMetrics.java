package io.liveness.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.GatewayProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What a gateway in another process tells operations about itself. */
final class GatewayMetrics {

    private static final int TO_COLLECT_SECONDS = 30;
    private static final long MEBIBYTE = 1 << 20;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final GatewayProcess gateway;

    GatewayMetrics(GatewayProcess gateway) {
        this.gateway = gateway;
    }

    /** Requests that wait for a verdict. */
    int waiters() {
        return (int) sum("liveness_waiters");
    }

    /** Connections that somebody has taken out of the pool. */
    int connectionsInUse() {
        return (int) sum("sql_pool_active");
    }

    /** How often somebody was done with a connection: how many statements there were, or more. */
    int connectionsUsed() {
        return (int) sum("sql_pool_completed_total");
    }

    /** Whether it hears what others settle. */
    boolean isListening() {
        return sum("liveness_signals_listening") == 1;
    }

    int threads() {
        return (int) sum("jvm_threads_live_threads");
    }

    /** In mebibytes, after everything that nobody holds was collected. */
    int heapHeld() {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process collecting = new ProcessBuilder(jcmd, Long.toString(gateway.pid()), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(collecting.waitFor(TO_COLLECT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(collecting.exitValue()).isZero();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return (int) (sum("jvm_memory_used_bytes{area=\"heap\"") / MEBIBYTE);
    }

    /** Of all series whose name, or name and labels, begin so. */
    private double sum(String beginning) {
        return page().lines()
                .filter(line -> line.startsWith(beginning))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private String page() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.managementUrl() + "/q/metrics"))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .join()
                .body();
    }
}

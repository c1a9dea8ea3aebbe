package io.liveness.gateway.testsupport.http;

import io.liveness.gateway.testsupport.Patience;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Debian's HAProxy before gateways, in a separate process: requests go to those that are ready, and one that could not connect
 * goes to another.
 */
public final class Balancer implements AutoCloseable {

    private static final Duration TO_START = Duration.ofSeconds(30);
    private static final Duration TO_NOTICE = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = FreePort.find();
    private final int statisticsPort = FreePort.find();
    private final Process process;

    /** The ports at which a gateway listens. */
    public record Target(int port, int managementPort) {}

    private Balancer(List<Target> targets) {
        try {
            Path settings = Files.writeString(
                    Files.createTempFile("haproxy", ".cfg"), """
                    defaults
                      mode http
                      timeout connect 2s
                      timeout client 60s
                      timeout server 60s
                      timeout check 3s
                      retries 3
                      option redispatch 1
                      option http-server-close
                    frontend callers
                      bind 127.0.0.1:%d
                      default_backend gateways
                    listen statistics
                      bind 127.0.0.1:%d
                      stats enable
                      stats uri /
                    backend gateways
                      balance roundrobin
                      option httpchk GET /q/health/ready
                      default-server check inter 500ms fall 1 rise 1
                    %s
                    """.formatted(port, statisticsPort, servers(targets)));
            process = new ProcessBuilder("haproxy", "-db", "-f", settings.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(Path.of("target", "haproxy.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new AssertionError("HAProxy is missing: ./verify says how to install it", e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    private static String servers(List<Target> targets) {
        return targets.stream()
                .map(target -> "  server gateway-%1$d 127.0.0.1:%1$d port %2$d"
                        .formatted(target.port(), target.managementPort()))
                .collect(Collectors.joining("\n"));
    }

    public static Balancer before(List<Target> targets) {
        Balancer balancer = new Balancer(targets);
        Patience.await("the balancer to listen, see target/haproxy.log", TO_START)
                .until(balancer::isListening);
        return balancer;
    }

    /** Waits until a gateway that is ready gets requests, as Kubernetes does before it stops the next one. */
    public void awaitInUse(Target target) {
        Patience.await("the balancer to use the gateway", TO_NOTICE).until(() -> isUp(target));
    }

    private boolean isUp(Target target) throws IOException, InterruptedException {
        HttpRequest statistics = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + statisticsPort + "/;csv"))
                .build();
        return http.send(statistics, HttpResponse.BodyHandlers.ofLines())
                .body()
                .anyMatch(line -> line.startsWith("gateways,gateway-" + target.port() + ",") && line.contains(",UP,"));
    }

    private boolean isListening() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

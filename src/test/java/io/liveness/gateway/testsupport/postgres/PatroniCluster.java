package io.liveness.gateway.testsupport.postgres;

import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.http.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Two PostgreSQL, a primary and its synchronous standby, of one cluster of Debian's Patroni, which promotes the standby when the primary fails. */
public final class PatroniCluster implements AutoCloseable {

    private static final Duration TO_RECOVER = Duration.ofSeconds(120);

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Node> nodes = List.of(Node.find(), Node.find());
    private final Process process;
    private volatile Node primary = nodes.get(0);
    /**
     * @param port of PostgreSQL
     * @param restPort of its Patroni
     */
    private record Node(int port, int restPort) {

        private static Node find() {
            return new Node(FreePort.find(), FreePort.find());
        }

        private String name() {
            return "node-" + port;
        }
    }

    private PatroniCluster(Path programs) {
        List<String> ports = new ArrayList<>(
                List.of(programs.toString(), Integer.toString(FreePort.find()), Integer.toString(FreePort.find())));
        nodes.forEach(node -> ports.addAll(List.of(Integer.toString(node.port()), Integer.toString(node.restPort()))));
        process = PackagedPostgres.runAsOrdinaryUser("patroni.sh", ports);
        awaitHealthy();
    }

    public static PatroniCluster start(Path programs) {
        return new PatroniCluster(programs);
    }

    /** The address of all, for either driver, as docs/deployment.md describes it. */
    public String addresses(String database, boolean jdbc) {
        return jdbc
                ? nodes.stream()
                        .map(node -> "127.0.0.1:" + node.port())
                        .collect(Collectors.joining(",", "jdbc:postgresql://", "/" + database))
                : nodes.stream()
                        .map(node -> "postgresql://127.0.0.1:" + node.port() + "/" + database)
                        .collect(Collectors.joining(","));
    }

    /** The one that takes writes. */
    public PostgresServer server() {
        return new PostgresServer("postgresql://127.0.0.1:" + primary.port(), "postgres", "postgres");
    }

    /** Patroni demotes the primary and promotes the standby, both without loss. */
    public void switchOver() {
        String nodes = "{\"leader\":\"%s\",\"candidate\":\"%s\"}"
                .formatted(primary.name(), standby().name());
        send(HttpRequest.newBuilder(URI.create(rest(primary) + "/switchover"))
                .POST(HttpRequest.BodyPublishers.ofString(nodes))
                .build());
    }

    /** SIGKILL to all processes of PostgreSQL's primary. */
    public void killPrimary() {
        String port = "--port=" + primary.port();
        // Patroni's servers are no descendants of it.
        List<ProcessHandle> servers = ProcessHandle.allProcesses()
                .filter(one ->
                        List.of(one.info().arguments().orElse(new String[0])).contains(port))
                .toList();
        servers.stream().flatMap(ProcessHandle::descendants).toList().forEach(ProcessHandle::destroyForcibly);
        servers.forEach(ProcessHandle::destroyForcibly);
    }

    /** Returns when the other one takes writes, and the one before follows it, in step. */
    public void awaitChanged() {
        Node before = primary;
        Patience.await("the standby to take over, see target/postgres.log", TO_RECOVER)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> isHealthy() && !primary.equals(before));
    }

    private void awaitHealthy() {
        Patience.await("a primary and its standby in step, see target/postgres.log", TO_RECOVER)
                .pollInterval(Duration.ofMillis(500))
                .until(this::isHealthy);
    }

    private boolean isHealthy() {
        for (Node node : nodes) {
            if (status(node, "/primary") == 200) {
                primary = node;
                return status(standby(), "/sync") == 200;
            }
        }
        return false;
    }

    private Node standby() {
        return nodes.get(nodes.get(0).equals(primary) ? 1 : 0);
    }

    private static String rest(Node node) {
        return "http://127.0.0.1:" + node.restPort();
    }

    private int status(Node node, String role) {
        return send(HttpRequest.newBuilder(URI.create(rest(node) + role))
                .timeout(Duration.ofSeconds(5))
                .build());
    }

    private int send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException away) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends all of it. Its data are deleted. */
    @Override
    public void close() {
        PackagedPostgres.end(process);
    }
}

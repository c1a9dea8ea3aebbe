package io.liveness.gateway.testsupport.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A TCP proxy on loopback that can hold requests before their first byte, or answers before theirs, or be a network that
 * swallows everything without a reset.
 */
public final class FaultProxy implements AutoCloseable {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private volatile URI target;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Gate requests = Gate.opened();
    private volatile Gate answers = Gate.opened();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean swallowing;

    private FaultProxy(URI target) {
        this.target = target;
        try {
            this.server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("accept", this::accept);
    }

    public static FaultProxy to(String url) {
        return new FaultProxy(URI.create(url));
    }

    public String url() {
        return "http://localhost:" + port();
    }

    public int port() {
        return server.getLocalPort();
    }

    /** From now on new connections lead there. */
    public void leadTo(String url) {
        target = URI.create(url);
    }

    /** From now on no byte of any connection, old or new, gets through, and no connection is closed. */
    public void swallow() {
        swallowing = true;
        connections.forEach(connection -> connection.dead = true);
    }

    /** From now on new connections get through. Those made before stay dead for good. */
    public void recover() {
        swallowing = false;
    }

    /** From now on no byte of a request goes on to the target before the gate opens. */
    public Gate holdRequests() {
        requests = new Gate();
        return requests;
    }

    /** From now on requests go on, and no byte of an answer comes back before the gate opens. */
    public Gate holdAnswers() {
        answers = new Gate();
        return answers;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            sockets.add(client);
            // What the network swallows never comes to the target.
            if (!swallowing) {
                connect(client);
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket upstream;
        try {
            upstream = new Socket(target.getHost(), target.getPort());
        } catch (IOException nobodyListens) {
            client.close();
            return;
        }
        sockets.add(upstream);
        Connection connection = new Connection();
        connections.add(connection);
        connection.dead = swallowing;
        run("request", () -> pass(connection, client, upstream, true));
        run("answer", () -> pass(connection, upstream, client, false));
    }

    private void pass(Connection connection, Socket from, Socket to, boolean isRequest) throws IOException {
        try {
            byte[] buffer = new byte[16_384];
            int read = from.getInputStream().read(buffer);
            while (read > 0 && (isRequest ? requests : answers).lets()) {
                if (!connection.dead) {
                    to.getOutputStream().write(buffer, 0, read);
                }
                read = from.getInputStream().read(buffer);
            }
        } finally {
            // A dead connection does not tell one side that the other has closed.
            if (!connection.dead) {
                from.close();
                to.close();
            }
        }
    }

    /** Both directions of a connection die together. */
    private static final class Connection {
        private volatile boolean dead;
    }

    private static void run(String name, Loop loop) {
        Thread thread = new Thread(
                () -> {
                    try {
                        loop.run();
                    } catch (IOException e) {
                        // One of the two sides has gone, which is what this proxy is for.
                    }
                },
                "fault-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        requests.drop();
        answers.drop();
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Loop {
        void run() throws IOException;
    }

    /** Bytes wait at the gate until the test lets them through or drops them with their connection. */
    public static final class Gate {

        private final CountDownLatch reached = new CountDownLatch(1);
        private final CompletableFuture<Boolean> open = new CompletableFuture<>();

        private static Gate opened() {
            Gate gate = new Gate();
            gate.open();
            return gate;
        }

        /** Returns once something waits at the gate. */
        public void awaitReached() {
            try {
                if (!reached.await(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError("nothing came to the gate of the proxy");
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        public void open() {
            open.complete(true);
        }

        public void drop() {
            open.complete(false);
        }

        private boolean lets() {
            reached.countDown();
            return open.join();
        }
    }
}

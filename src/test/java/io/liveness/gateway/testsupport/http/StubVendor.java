package io.liveness.gateway.testsupport.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A vendor on a raw socket, which can close connections, send half answers and send garbage. */
public final class StubVendor implements AutoCloseable {

    /** What is done with a request: write what you like, close or leave open. */
    public interface Behaviour {
        void answer(Socket socket) throws Exception;
    }

    public record Request(String line, String head, String body) {}

    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch hungUp = new CountDownLatch(1);
    private final Thread accepting;
    private volatile Behaviour behaviour;

    public StubVendor(int port, Behaviour behaviour) throws IOException {
        this(new ServerSocket(), port, behaviour);
    }

    /** @param unbound a socket of any kind, such as one that speaks TLS */
    public StubVendor(ServerSocket unbound, int port, Behaviour behaviour) throws IOException {
        this.server = unbound;
        this.behaviour = behaviour;
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        accepting = daemon(this::accept);
    }

    public void behave(Behaviour next) {
        behaviour = next;
    }

    public int port() {
        return server.getLocalPort();
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    public int connections() {
        return connections.get();
    }

    /** Open once a client has closed its side of a connection. */
    public CountDownLatch hungUp() {
        return hungUp;
    }

    /** An answer in HTTP; the content type is left out when it is empty. */
    public static Behaviour http(int status, String contentType, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        String head = "HTTP/1.1 " + status + " Whatever\r\n"
                + (contentType.isEmpty() ? "" : "Content-Type: " + contentType + "\r\n")
                + (status == 204 ? "" : "Content-Length: " + bytes.length + "\r\n")
                + "\r\n";
        return socket -> {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(head.getBytes(ISO_8859_1));
            all.writeBytes(bytes);
            socket.getOutputStream().write(all.toByteArray());
        };
    }

    public static Behaviour json(String body) {
        return http(200, "application/json;charset=UTF-8", body);
    }

    /** The stub sends these bytes and then ends the connection. */
    public static Behaviour raw(String bytes) {
        return socket -> {
            socket.getOutputStream().write(bytes.getBytes(UTF_8));
            socket.close();
        };
    }

    public static Behaviour silence() {
        return socket -> {};
    }

    public static Behaviour reset() {
        return socket -> {
            socket.setSoLinger(true, 0);
            socket.close();
        };
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                daemon(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (Request request = read(in); request != null; request = read(in)) {
                requests.add(request);
                behaviour.answer(socket);
            }
            hungUp.countDown();
        } catch (Exception e) {
            hungUp.countDown();
        } finally {
            open.remove(socket);
        }
    }

    private static Request read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.append((char) next);
        }
        int length = head.toString()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElse(0);
        String body = new String(in.readNBytes(length), ISO_8859_1);
        return new Request(
                head.substring(0, head.indexOf("\r\n")),
                head.toString()
                        .lines()
                        .skip(1)
                        .collect(Collectors.joining("\n"))
                        .toLowerCase(Locale.ROOT),
                body);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "stub vendor");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() {
        try {
            server.close();
            accepting.join(); // the port is not free before
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.liveness.gateway.testsupport.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** An HTTP server on loopback that answers as its handler says, several requests at a time. */
public final class StubServer implements AutoCloseable {

    private final HttpServer server;

    public StubServer(HttpHandler handler) {
        this(0, handler);
    }

    public StubServer(int port, HttpHandler handler) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "stub-server");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", handler);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String url() {
        return "http://localhost:" + port();
    }

    public static String body(HttpExchange request) throws IOException {
        return new String(request.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }

    public static void answer(HttpExchange request, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        request.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        request.getResponseBody().write(bytes);
        request.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

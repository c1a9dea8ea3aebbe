package io.liveness.gateway.testsupport.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A caller's web server. Its page sends no request to the gateway, and records the session's state when it opens. */
public final class CallersServer implements AutoCloseable {

    public static final String TITLE = "Thank you";

    private static final String PAGE = "/done";

    private final HttpServer server;
    private final Supplier<String> known;
    private final List<String> openings = new CopyOnWriteArrayList<>();

    private CallersServer(HttpServer server, Supplier<String> known) {
        this.server = server;
        this.known = known;
    }

    public static CallersServer start(Supplier<String> known) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        CallersServer shop = new CallersServer(server, known);
        server.createContext(PAGE, shop::open);
        server.start();
        return shop;
    }

    public String page() {
        return "http://localhost:" + server.getAddress().getPort() + PAGE;
    }

    /** For each time the page was opened: its query, and what was known then. */
    public List<String> openings() {
        return List.copyOf(openings);
    }

    private void open(HttpExchange request) throws IOException {
        openings.add("?" + request.getRequestURI().getRawQuery() + " " + known.get());
        byte[] page = "<!doctype html><title>%s</title>".formatted(TITLE).getBytes(StandardCharsets.UTF_8);
        request.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        request.sendResponseHeaders(200, page.length);
        request.getResponseBody().write(page);
        request.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

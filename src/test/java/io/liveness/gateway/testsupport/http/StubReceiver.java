package io.liveness.gateway.testsupport.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A receiver of webhooks on loopback. Each path is another receiver, which answers 204 until it is told otherwise. */
public final class StubReceiver {

    /** A webhook as it came. Header names are in lower case. */
    public record Webhook(String path, Map<String, String> headers, String body) {

        /** The headers in the form that the library for signatures takes. */
        public HttpHeaders httpHeaders() {
            return HttpHeaders.of(
                    headers.entrySet().stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue()))),
                    (name, value) -> true);
        }
    }

    /** The connection ends without an answer when this stands in place of a status. */
    public static final int CLOSES = 0;

    /** Allowed too, for a receiver that a test starts itself. */
    public static final int OTHER_PORT = FreePort.find();

    private static final int PORT = FreePort.find();
    private static final Map<String, List<Webhook>> RECEIVED = new ConcurrentHashMap<>();
    private static final Map<String, Function<Webhook, Integer>> ANSWERS = new ConcurrentHashMap<>();
    private static final Map<String, Integer> RETRY_AFTER = new ConcurrentHashMap<>();
    private static final Map<String, String> SAYS = new ConcurrentHashMap<>();
    private static StubServer server;

    private StubReceiver() {}

    /** The stub's address, as {@code liveness.webhook.allowed-hosts} needs it. */
    public static String allowedHost() {
        return "http://localhost:" + PORT;
    }

    /** The address of a receiver, which listens from now on. */
    public static synchronized String at(String path) {
        if (server == null) {
            server = new StubServer(PORT, StubReceiver::receive);
        }
        return allowedHost() + path;
    }

    /** @param status of the answer to a webhook, or {@link #CLOSES} */
    public static void answers(String path, Function<Webhook, Integer> status) {
        ANSWERS.put(path, status);
    }

    /** The body of its next answers, whose status must allow one. */
    public static void says(String path, String text) {
        SAYS.put(path, text);
    }

    /** The next answers at the path have {@code Retry-After}. */
    public static void asksToWait(String path, int seconds) {
        RETRY_AFTER.put(path, seconds);
    }

    public static List<Webhook> received(String path) {
        return List.copyOf(RECEIVED.getOrDefault(path, List.of()));
    }

    private static void receive(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new ConcurrentHashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(), values.get(0)));
        String path = exchange.getRequestURI().getPath();
        Webhook webhook = new Webhook(path, headers, StubServer.body(exchange));
        RECEIVED.computeIfAbsent(path, none -> new CopyOnWriteArrayList<>()).add(webhook);
        if (RETRY_AFTER.containsKey(path)) {
            exchange.getResponseHeaders()
                    .set("Retry-After", RETRY_AFTER.get(path).toString());
        }
        int status = ANSWERS.getOrDefault(path, any -> 204).apply(webhook);
        if (status == CLOSES) {
            exchange.close();
        } else {
            StubServer.answer(exchange, status, SAYS.getOrDefault(path, ""));
        }
    }
}

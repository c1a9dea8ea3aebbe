package io.liveness.gateway.testsupport.http;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A receiver on loopback that verifies what it gets, and misbehaves by chance: answers 500, closes the connection, or hangs. */
public final class FlakyReceiver implements AutoCloseable {

    /** An event that it answered 204. */
    public record Accepted(String id, String session) {}

    private enum Behaviour {
        ACCEPT,
        FAIL,
        CLOSE,
        HANG
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Queue<Accepted> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<String> unverified = new ConcurrentLinkedQueue<>();
    private final Random random;
    private final int misbehavesPercent;
    private volatile String secret = "";

    /** @param misbehavesPercent how often it does not answer 204 */
    public FlakyReceiver(long seed, int misbehavesPercent) {
        this.random = new Random(seed);
        this.misbehavesPercent = misbehavesPercent;
        try {
            server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::receive);
        server.start();
    }

    /** For {@code liveness.webhook.allowed-hosts}, and the address of the endpoint. */
    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    public void verifyWith(String endpointSecret) {
        secret = endpointSecret;
    }

    public List<Accepted> accepted() {
        return List.copyOf(accepted);
    }

    /** What did not verify. */
    public List<String> unverified() {
        return List.copyOf(unverified);
    }

    private synchronized Behaviour behaviour() {
        return random.nextInt(100) >= misbehavesPercent
                ? Behaviour.ACCEPT
                : Behaviour.values()[1 + random.nextInt(Behaviour.values().length - 1)];
    }

    private void receive(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        switch (behaviour()) {
            case ACCEPT -> {
                remember(HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true), body);
                exchange.sendResponseHeaders(204, -1);
            }
            case FAIL -> exchange.sendResponseHeaders(500, -1);
            case HANG -> await();
            default -> {}
        }
        exchange.close();
    }

    private void remember(HttpHeaders headers, String body) {
        try {
            new Webhook(secret).verify(body, headers);
        } catch (WebhookVerificationException | EmptyWebhookSecretException e) {
            unverified.add(body);
        }
        JsonObject event = new JsonObject(body);
        accepted.add(new Accepted(
                headers.firstValue("webhook-id").orElseThrow(),
                event.getJsonObject("data").getString("sessionId")));
    }

    private void await() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}

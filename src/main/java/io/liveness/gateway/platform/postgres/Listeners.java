package io.liveness.gateway.platform.postgres;

import io.liveness.gateway.platform.postgres.connection.PostgresConnections;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Consumer;

/** Makes listeners, each with a separate connection outside the pool. */
@Singleton
public class Listeners {

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);

    private final Vertx vertx;
    private final PostgresConnections connections;
    private final PostgresConnections.Signals config;

    Listeners(Vertx vertx, PostgresConnections connections, PostgresConnections.Signals config) {
        this.vertx = vertx;
        this.connections = connections;
        this.config = config;
    }

    /**
     * Makes a listener that is not started.
     *
     * @param heard receives the payload of each signal
     * @param listening runs whenever listening starts again: earlier signals may have been missed
     */
    public Listener on(String channel, Consumer<String> heard, Runnable listening) {
        return new Listener(
                vertx, connections::connectToListen, config.heartbeat(), SHORTEST_PAUSE, channel, heard, listening);
    }
}

package io.liveness.gateway.platform.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.pgclient.PgConnectOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sockets to a PostgreSQL that does not answer. */
class PostgresSocketsTest {

    private static final long PATIENCE_SECONDS = 20;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void a_silent_connection_is_reset_so_that_nothing_under_way_in_it_arrives_later() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<?> connecting = connect(silent.getLocalPort());
            try (Socket accepted = silent.accept()) {
                assertThat(connecting).failsWithin(PATIENCE_SECONDS, TimeUnit.SECONDS);

                assertThatThrownBy(() -> accepted.getInputStream().readAllBytes())
                        .isInstanceOf(SocketException.class);
            }
        }
    }

    private CompletableFuture<?> connect(int port) throws IOException {
        PgConnectOptions address = new PgConnectOptions()
                .setHost("localhost")
                .setPort(port)
                .setDatabase("any")
                .setUser("any");
        address.setConnectTimeout(300);
        PostgresSockets sockets = new PostgresSockets((VertxInternal) vertx, List.of(address), Duration.ofSeconds(5));
        return sockets.connect(vertx.getOrCreateContext()).toCompletionStage().toCompletableFuture();
    }
}

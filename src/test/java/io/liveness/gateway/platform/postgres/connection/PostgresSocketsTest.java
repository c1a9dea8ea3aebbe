package io.liveness.gateway.platform.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.platform.postgres.connection.PostgresSockets.ServerOnlyReads;
import io.liveness.gateway.platform.postgres.connection.PostgresSockets.WithoutSchema;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.http.FreePort;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Connections to one of several servers, some of which only read, or are silent. */
class PostgresSocketsTest {

    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();

    @BeforeAll
    static void a_schema() {
        DATABASE.execute("create table ledger_entry ()");
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        Patience.await("no connection to be left", PATIENCE)
                .until(() -> DATABASE.count("select count(*) from pg_stat_activity"
                                + " where datname = current_database() and pid <> pg_backend_pid()")
                        == 0);
    }

    @Test
    void every_connection_is_made_to_the_server_that_takes_writes() {
        PostgresSockets sockets = sockets(standby(), gone(), primary());

        assertThat(Stream.generate(() -> sockets).limit(6).map(this::connect).map(PostgresSocketsTest::onlyReads))
                .containsOnly("off");
    }

    @Test
    void a_connection_that_does_not_see_the_schema_is_not_used_and_says_why() {
        PgConnectOptions elsewhere = primary().addProperty("search_path", "elsewhere");

        assertThatThrownBy(() -> connect(sockets(elsewhere)))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(WithoutSchema.class)
                .hasMessageEndingWith(
                        "shows no ledger_entry to " + primary().getUser() + " by its search_path elsewhere");
    }

    @Test
    void servers_that_only_read_are_named_as_such() {
        assertThatThrownBy(() -> connect(sockets(standby(), gone())))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ServerOnlyReads.class)
                .hasMessageContaining("The server localhost:" + standby().getPort() + " only reads");
    }

    @Test
    void a_silent_connection_is_reset_so_that_nothing_under_way_in_it_arrives_later() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<?> connecting = connect(silent.getLocalPort());
            try (Socket accepted = silent.accept()) {
                assertThat(connecting).failsWithin(PATIENCE);

                assertThatThrownBy(() -> accepted.getInputStream().readAllBytes())
                        .isInstanceOf(SocketException.class);
            }
        }
    }

    private CompletableFuture<?> connect(int port) {
        PgConnectOptions address = new PgConnectOptions()
                .setHost("localhost")
                .setPort(port)
                .setDatabase("any")
                .setUser("any");
        address.setConnectTimeout(300);
        PostgresSockets sockets = new PostgresSockets((VertxInternal) vertx, List.of(address), Duration.ofSeconds(5));
        return sockets.connect(vertx.getOrCreateContext()).toCompletionStage().toCompletableFuture();
    }

    private PostgresSockets sockets(PgConnectOptions... servers) {
        return new PostgresSockets((VertxInternal) vertx, List.of(servers), PATIENCE);
    }

    private SqlConnection connect(PostgresSockets sockets) {
        return sockets.connect(vertx.getOrCreateContext())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static String onlyReads(SqlConnection connection) {
        return connection
                .query("show transaction_read_only")
                .execute()
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .iterator()
                .next()
                .getString(0);
    }

    private static PgConnectOptions primary() {
        Map<String, String> configuration = DATABASE.configuration();
        return PgConnectOptions.fromUri(configuration.get("quarkus.datasource.reactive.url"))
                .setUser(configuration.get("quarkus.datasource.username"))
                .setPassword(configuration.get("quarkus.datasource.password"));
    }

    private static PgConnectOptions standby() {
        return primary().addProperty("default_transaction_read_only", "on");
    }

    private static PgConnectOptions gone() {
        return primary().setPort(FreePort.find());
    }
}

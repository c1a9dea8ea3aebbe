package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.postgres.connection.PostgresSockets;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.http.FaultProxy;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A listener on a real PostgreSQL, whose connections are lost in every way. */
class ListenerTest {

    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration HEARTBEAT = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicInteger listenedAnew = new AtomicInteger();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private Listener listener;

    /** A connection is used only if it sees the service's tables. */
    @BeforeAll
    static void there_is_a_schema() throws SQLException {
        sql("create table ledger_entry ()");
    }

    @AfterEach
    void stop() throws SQLException {
        listener.stop();
        awaitConnections(0);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void a_signal_is_heard() throws SQLException {
        listen("signals", address());

        sql("select pg_notify('signals', 'one'), pg_notify('others', 'none'), pg_notify('signals', 'two')");

        awaitHeard("one", "two");
    }

    @Test
    void a_signal_that_is_not_understood_harms_no_other() throws SQLException {
        listener = new Listener(vertx, connectingTo(address()), HEARTBEAT, PAUSE, "signals", this::refuseOne, () -> {});
        listener.start();
        awaitListening();

        sql("select pg_notify('signals', 'one'), pg_notify('signals', 'two')");

        awaitHeard("two");
    }

    private void refuseOne(String payload) {
        if (payload.equals("one")) {
            throw new IllegalArgumentException(payload);
        }
        heard.add(payload);
    }

    @Test
    void however_often_its_connection_is_closed_exactly_one_is_made_in_its_place() throws SQLException {
        listen("signals", address());
        for (int lost = 1; lost <= 10; lost++) {
            int before = lost;
            // FATAL as the statement's answer, FATAL as an event, and the end of the socket: three ways to fail.
            sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'listener'");
            Patience.await("listening again", PATIENCE)
                    .until(() -> listenedAnew.get() > before && listener.isListening());
        }

        // A few more on a machine that holds a heartbeat up.
        assertThat(attempts).satisfies(made -> assertThat(made.get()).isBetween(11, 15));
        assertThat(listener.interruptions()).isBetween(10L, 14L);
        awaitConnections(1);
        sql("select pg_notify('signals', 'once')");
        awaitHeard("once");
    }

    @Test
    void a_listen_that_is_refused_again_and_again_leaves_nothing_behind() throws SQLException {
        List<Integer> connections = new ArrayList<>();

        // Refused as on a standby: the connection is good, LISTEN is not.
        start("1refused", address());
        Patience.await("fifty attempts", PATIENCE).until(() -> {
            connections.add(connections());
            return attempts.get() >= 50;
        });

        // The server ends a closed one a moment later.
        assertThat(connections).allMatch(open -> open <= 3);
        assertThat(listenedAnew).hasValue(0);
        assertThat(listener.isListening()).isFalse();
    }

    @Test
    void a_network_that_swallows_everything_is_noticed_and_left() throws SQLException {
        try (FaultProxy network = FaultProxy.to("http://localhost:" + address().getPort())) {
            listen("signals", address().setHost("localhost").setPort(network.port()));

            network.swallow();
            Patience.await("noticing", PATIENCE).until(() -> !listener.isListening());
            network.recover();

            awaitListening();
            sql("select pg_notify('signals', 'heard')");
            awaitHeard("heard");
        }
    }

    private void listen(String channel, PgConnectOptions address) {
        start(channel, address);
        awaitListening();
    }

    private void start(String channel, PgConnectOptions address) {
        listener = new Listener(
                vertx, connectingTo(address), HEARTBEAT, PAUSE, channel, heard::add, listenedAnew::incrementAndGet);
        listener.start();
    }

    private Function<Context, Future<PgConnection>> connectingTo(PgConnectOptions address) {
        PostgresSockets sockets =
                new PostgresSockets((VertxInternal) vertx, List.of(address), HEARTBEAT.multipliedBy(3));
        return context -> {
            attempts.incrementAndGet();
            return sockets.connect(context).map(PgConnection::cast);
        };
    }

    private void awaitListening() {
        Patience.await("listening", PATIENCE).until(() -> listener.isListening());
    }

    private void awaitHeard(String... payloads) {
        Patience.await("signals", PATIENCE).until(() -> heard.equals(List.of(payloads)));
    }

    private static void awaitConnections(int expected) {
        Patience.await("as many connections as " + expected, PATIENCE).until(() -> connections() == expected);
    }

    private static PgConnectOptions address() {
        Map<String, String> configuration = DATABASE.configuration();
        return PgConnectOptions.fromUri(configuration.get("quarkus.datasource.reactive.url"))
                .setUser(configuration.get("quarkus.datasource.username"))
                .setPassword(configuration.get("quarkus.datasource.password"))
                .addProperty("application_name", "listener");
    }

    private static int connections() throws SQLException {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from pg_stat_activity where application_name = 'listener'")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void sql(String sql) throws SQLException {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

package io.liveness.gateway.check.settle;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Sessions are polled and settled while requests hold every connection of the pool. */
@QuarkusTest
class ReservedConnectionsTest {

    private static final int POOL = 12;
    private static final int RESERVED = 4;
    private static final long LOCK = 4711;

    private final Api api = Api.asNewCaller();

    @Inject
    Database database;

    @Inject
    PollSessions polls;

    @Inject
    SettableClock clock;

    @Inject
    Stored stored;

    @Inject
    DataSource dataSource;

    @Test
    void requests_take_none_of_the_reserved_connections() throws SQLException {
        String id = api.opened("pass");
        List<CompletableFuture<Void>> looks;
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_lock(" + LOCK + ")");
            looks = takeAll(Connections.RESERVED, RESERVED);

            assertThat(api.check(id).<String>path("status")).isEqualTo("PASSED");

            statement.execute("select pg_advisory_unlock(" + LOCK + ")");
        }
        looks.forEach(look -> look.handle((done, failure) -> null).join());
    }

    @Test
    void while_every_connection_of_the_pool_is_taken_verdicts_are_fetched_and_recorded() throws SQLException {
        String id = api.opened("pass");
        clock.advance(Duration.ofSeconds(11));
        List<CompletableFuture<Void>> requests;
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_lock(" + LOCK + ")");
            requests = takeAll(Connections.SHARED, POOL);

            polls.poll().chain(polls::idle).await().atMost(Duration.ofSeconds(30));

            assertThat(stored.strings("select status from liveness_session where id = ?::uuid", id))
                    .containsExactly("PASSED");
            statement.execute("select pg_advisory_unlock(" + LOCK + ")");
        }
        // The limit may have ended the requests' statements meanwhile; what matters is that they end.
        requests.forEach(request -> request.handle((done, failure) -> null).join());
    }

    private List<CompletableFuture<Void>> takeAll(Connections connections, int all) {
        List<CompletableFuture<Void>> taken = IntStream.range(0, all + 5)
                .mapToObj(n -> database.execute(connections, "select pg_advisory_xact_lock($1)", Tuple.of(LOCK))
                        .replaceWithVoid()
                        .subscribeAsCompletionStage())
                .toList();
        Patience.await("every connection to wait", Duration.ofSeconds(10))
                .until(() -> stored.count("select count(*) from pg_stat_activity where wait_event = 'advisory'"
                                + " and datname = current_database()")
                        >= all);
        return taken;
    }
}

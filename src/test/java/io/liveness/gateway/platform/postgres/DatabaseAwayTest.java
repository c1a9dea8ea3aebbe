package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.notify.WebhookApi;
import io.liveness.gateway.notify.webhook.WatchEndpoints;
import io.liveness.gateway.platform.postgres.connection.PostgresConnections;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.http.FaultProxy;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The gateway during and after an outage of its database or of the network to it. */
@QuarkusTest
class DatabaseAwayTest {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int POOL = 24;
    private static final int MORE_THAN_THE_POOL = 50;

    private final FaultProxy network = GatewayTestResource.network();

    private final Api api = Api.asNewCaller();

    @Inject
    Database database;

    @Inject
    @Readiness
    AsyncHealthCheck ready;

    @Inject
    Pool pool;

    @Inject
    PostgresConnections connections;

    @Inject
    Stored stored;

    @Inject
    WatchEndpoints watch;

    @Inject
    MeterRegistry registry;

    @AfterEach
    void the_network_is_back() {
        network.recover();
        // Each connection that was cut off fails one statement more.
        Patience.await("answers by all connections", PATIENCE)
                .until(() -> isUp()
                        && listening() == 1
                        && many(() -> api.open("pass")).stream()
                                .allMatch(open -> open.join().statusCode() == 201));
    }

    @Test
    void a_network_that_swallows_everything_is_an_answer_within_the_limits_and_forgotten_afterwards() {
        String id = api.opened("pass");
        // Each of the pool's connections is in use when it is cut off.
        List<CompletableFuture<Response>> before = manyReads(id);
        network.swallow();
        List<CompletableFuture<Response>> reads =
                Stream.concat(before.stream(), manyReads(id).stream()).toList();

        assertThat(isUp()).isFalse();
        // Far less than a request takes without limits: its connection would be waited for until TCP gives up.
        assertThat(reads).allSatisfy(read -> assertThat(read).succeedsWithin(PATIENCE));
        assertThat(manyReads(id))
                .allSatisfy(read -> assertThat(read)
                        .succeedsWithin(PATIENCE)
                        .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(503))
                        .satisfies(answer ->
                                assertThat(answer.<String>path("code")).isEqualTo("unavailable"))
                        .satisfies(answer -> assertThat(Integer.parseInt(answer.header("Retry-After")))
                                .isBetween(5, 15)));
        // Rows that go by Panache are answered so too.
        String endpoint = WebhookApi.ENDPOINTS + "/" + UUID.randomUUID();
        assertThat(List.of(api.request().get(endpoint), api.request().post(endpoint + "/pause")))
                .allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(503))
                .allSatisfy(answer -> assertThat(answer.<String>path("code")).isEqualTo("unavailable"));
        network.recover();

        Patience.await("the network's return to be noticed", PATIENCE)
                .until(() -> isUp()
                        && manyReads(id).stream().allMatch(read -> read.join().statusCode() == 200));
        Patience.await("the signals' return", PATIENCE).until(() -> listening() == 1);
        assertThat(pool.getDelegate().size()).isLessThanOrEqualTo(POOL);
    }

    @Test
    void most_statements_are_not_tried_while_the_database_is_known_to_be_away() {
        network.swallow();
        assertThatThrownBy(() -> run("select 1")).isInstanceOf(DatabaseUnavailable.class);

        List<Throwable> failures = IntStream.range(0, MORE_THAN_THE_POOL)
                .mapToObj(n -> database.execute("select 1", Tuple.tuple()).subscribeAsCompletionStage())
                .map(answer -> answer.handle((rows, failure) -> failure).join())
                .toList();

        assertThat(failures).allMatch(failure -> failure instanceof DatabaseUnavailable);
        assertThat(failures)
                .filteredOn(failure -> failure.getCause().getMessage().equals("No statement is answered at the moment"))
                .hasSizeGreaterThan(MORE_THAN_THE_POOL / 2);
    }

    @Test
    void which_webhook_endpoints_fail_is_unknown_while_the_database_is_away() {
        network.swallow();
        watch.watch().await().atMost(PATIENCE);
        assertThat(failing()).containsExactly(Double.NaN);

        network.recover();
        Patience.await("that it is known", PATIENCE).until(() -> {
            watch.watch().await().atMost(PATIENCE);
            return failing().noneMatch(seconds -> seconds.isNaN());
        });
    }

    private Stream<Double> failing() {
        return registry.get("liveness.webhook.endpoint.failing").gauges().stream()
                .map(gauge -> gauge.value());
    }

    @Test
    void a_database_that_only_reads_is_not_ready_and_says_so() throws Exception {
        try (AutoCloseable writesAgain = TestDatabase.onlyReads(name())) {
            // Some of the pool's connections were ended with it: each is found so once.
            Patience.await("the reason", PATIENCE)
                    .until(() -> health().getData().orElse(Map.of()).containsValue("only reads"));
            assertThat(isUp()).isFalse();
            Response refused = api.open("pass");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.<String>path("code")).isEqualTo("unavailable");
            assertThat(refused.<String>path("detail")).contains("database only reads at the moment");
        }

        Patience.await("writes", PATIENCE).until(() -> api.open("pass").statusCode() == 201);
    }

    @Test
    void connections_whose_servers_only_read_from_now_on_are_replaced() {
        onlyReadFromNowOn(pool);
        onlyReadFromNowOn(connections.shared());
        assertThat(isUp()).isFalse();

        List<Boolean> written =
                IntStream.range(0, POOL + 1).mapToObj(n -> writes()).toList();

        assertThat(written).startsWith(false).endsWith(true);
        assertThat(pool.getDelegate().size()).isLessThanOrEqualTo(POOL);
        // The writes have replaced no connection for reads.
        stored.endConnections();
    }

    private static void onlyReadFromNowOn(Pool pool) {
        List<CompletableFuture<?>> all = IntStream.range(0, MORE_THAN_THE_POOL)
                .<CompletableFuture<?>>mapToObj(n -> pool.withConnection(connection -> connection
                                .query("set default_transaction_read_only = on; select pg_sleep(0.1)")
                                .execute())
                        .subscribeAsCompletionStage())
                .toList();
        all.forEach(CompletableFuture::join);
    }

    private boolean writes() {
        try {
            run("delete from books_difference where false");
            return true;
        } catch (DatabaseUnavailable onlyReads) {
            assertThat(onlyReads.failure()).isEqualTo(DatabaseFailure.ONLY_READS);
            return false;
        }
    }

    private String name() {
        return stored.strings("select current_database()").get(0);
    }

    @Test
    void a_statement_that_takes_too_long_is_ended_by_the_database_and_its_connection_is_used_again() {
        assertThatThrownBy(() -> run("select pg_sleep(60)")).isInstanceOf(DatabaseUnavailable.class);

        assertThat(stored.count("select count(*) from pg_stat_activity where query like 'select pg_sleep%'"
                        + " and state = 'active' and pid <> pg_backend_pid()"))
                .isZero();
    }

    @Test
    void a_failed_statement_does_not_count_as_an_unavailable_database() {
        assertThatThrownBy(() -> run("/* no statement of the service */ select 1 / 0"))
                .isNotInstanceOf(DatabaseUnavailable.class);
    }

    @Test
    void an_export_that_cannot_begin_is_a_problem_and_not_a_file() {
        Api finance = Api.as("finance-" + UUID.randomUUID(), "finance");
        network.swallow();

        Response answer = export(finance);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.header("Content-Disposition")).isNull();
        assertThat(answer.<String>path("code")).isEqualTo("unavailable");
        network.recover();
        // The export that broke off has freed its place.
        Patience.await("a file", PATIENCE).until(() -> export(finance).statusCode() == 200);
    }

    private static Response export(Api who) {
        return who.request().accept("text/csv").queryParam("caller", "none").get(Api.CHARGES);
    }

    private List<CompletableFuture<Response>> manyReads(String id) {
        return many(() -> api.get(id));
    }

    private static List<CompletableFuture<Response>> many(Supplier<Response> request) {
        return IntStream.range(0, MORE_THAN_THE_POOL)
                .mapToObj(n -> CompletableFuture.supplyAsync(request, task -> new Thread(task).start()))
                .toList();
    }

    private void run(String sql) {
        database.execute(sql, Tuple.tuple()).await().atMost(PATIENCE);
    }

    private boolean isUp() {
        return health().getStatus() == Status.UP;
    }

    private HealthCheckResponse health() {
        return Uni.createFrom().deferred(ready::call).await().atMost(PATIENCE);
    }

    /** Connections that have given a sign of life just now; those that were cut off are known to the server still. */
    private long listening() {
        return stored.count("select count(*) from pg_stat_activity where datname = current_database()"
                + " and query like 'select pg_notify(''liveness_heartbeat_%'"
                + " and state_change > now() - interval '4s'");
    }
}

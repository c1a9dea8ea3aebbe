package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.http.FaultProxy;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Panache reads and writes while the database is away, only reads, refuses access, or its commits hang. */
@QuarkusTest
class PanacheSessionsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int POOL = 24;
    private static final int MOST_WRITES = 12;
    private static final int MORE_THAN_THE_POOL = 50;
    private static final String ENDPOINTS = "/v1/webhook-endpoints";

    private final FaultProxy network = GatewayTestResource.network();
    private final Api api = Api.asNewCaller();

    @Inject
    DatabaseHealth health;

    @Inject
    MeterRegistry registry;

    @Inject
    Pool pool;

    @Inject
    Stored stored;

    private String endpoint;

    @BeforeEach
    void there_is_a_row() {
        endpoint = ENDPOINTS + "/"
                + api.request()
                        .contentType(ContentType.JSON)
                        .queryParam("verify", false)
                        .body(Map.of("url", "https://shop.example/events"))
                        .post(ENDPOINTS)
                        .then()
                        .statusCode(201)
                        .extract()
                        .<String>path("id");
    }

    @AfterEach
    void the_database_is_back() {
        network.recover();
        stored.endConnections();
        Patience.await("answers", PATIENCE)
                .until(() -> IntStream.range(0, POOL)
                        .allMatch(n -> read().statusCode() == 200 && write().statusCode() == 200));
    }

    @Test
    void a_database_that_is_away_is_told_as_for_all_other_statements() {
        double before = count("unavailable");
        network.swallow();

        for (Response answer : List.of(read(), write(), read())) {
            refused(answer).then().body("detail", containsString("cannot be reached"));
        }
        assertThat(count("unavailable")).isGreaterThan(before);
        assertThat(health.refusal())
                .hasMessageContaining("cannot be reached")
                .hasRootCauseMessage("No statement is answered at the moment");
    }

    @Test
    void a_connection_that_is_lost_within_a_transaction_is_told_too() throws Exception {
        try (Connection other = stored.connection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("select from webhook_endpoint where caller = '" + api.caller() + "' for update");
            CompletableFuture<Response> waits = CompletableFuture.supplyAsync(this::write);
            Patience.await("one that waits", PATIENCE)
                    .until(() -> stored.count("select count(*) from pg_locks where not granted") > 0);
            stored.count("select count(pg_terminate_backend(pid)) from pg_locks where not granted");
            refused(waits.join());
        }
    }

    @Test
    void a_lock_that_is_waited_for_in_vain_is_told_too() throws Exception {
        try (Connection other = stored.connection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("select from webhook_endpoint where caller = '" + api.caller() + "' for update");
            refused(write()).then().body("detail", containsString("was held up"));
        }
    }

    @Test
    void writes_that_wait_leave_connections_to_reads() throws Exception {
        List<CompletableFuture<Response>> waiting;
        try (Connection other = stored.connection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("select from webhook_endpoint where caller = '" + api.caller() + "' for update");
            waiting = IntStream.range(0, MOST_WRITES)
                    .mapToObj(n -> CompletableFuture.supplyAsync(this::write, task -> new Thread(task).start()))
                    .toList();
            Patience.await("all of them wait", PATIENCE)
                    .until(() -> stored.count("select count(*) from pg_locks where not granted") == MOST_WRITES);

            write().then().statusCode(503).body("code", equalTo("busy"));
            assertThat(read().statusCode()).isEqualTo(200);
        }
        assertThat(waiting).extracting(answer -> answer.join().statusCode()).containsOnly(200);
        assertThat(write().statusCode()).isEqualTo(200);
    }

    @Test
    void a_database_that_only_reads_is_told_too() throws Exception {
        try (AutoCloseable writesAgain = TestDatabase.onlyReads(
                stored.strings("select current_database()").get(0))) {
            Patience.await("the reason", PATIENCE)
                    .until(() -> String.valueOf(write().<String>path("detail")).contains("only reads at the moment"));
            refused(write());
        }
    }

    @Test
    void connections_whose_servers_only_read_from_now_on_are_replaced() {
        onEachConnection("set default_transaction_read_only = on");

        List<Integer> written =
                IntStream.range(0, POOL + 1).mapToObj(n -> write().statusCode()).toList();

        assertThat(written).startsWith(503).endsWith(200).containsOnly(503, 200);
        assertThat(pool.getDelegate().size()).isLessThanOrEqualTo(POOL);
    }

    private void onEachConnection(String statement) {
        List<CompletableFuture<?>> all = IntStream.range(0, MORE_THAN_THE_POOL)
                .<CompletableFuture<?>>mapToObj(n -> pool.withConnection(connection -> connection
                                .query(statement + "; select pg_sleep(0.1)")
                                .execute())
                        .subscribeAsCompletionStage())
                .toList();
        all.forEach(CompletableFuture::join);
    }

    @Test
    void a_table_without_access_is_told_too() throws Exception {
        stored.execute("alter table webhook_endpoint rename to hidden");
        try {
            refused(read());
            refused(write());
        } finally {
            stored.execute("alter table hidden rename to webhook_endpoint");
        }
    }

    @Test
    void nothing_is_written_while_commits_hang_and_all_is_read() {
        health.seeCommits(Set.of("one"));
        health.seeCommits(Set.of("one"));
        try {
            refused(write());
            assertThat(read().statusCode()).isEqualTo(200);
        } finally {
            health.seeCommits(Set.of());
        }
    }

    @Test
    void what_the_service_refuses_is_no_failure_of_the_database() {
        double done = count("done");
        double failed = count("failed");

        Api.asNewCaller().request().post(endpoint + "/pause").then().statusCode(404);

        assertThat(count("done")).isEqualTo(done + 1);
        assertThat(count("failed")).isEqualTo(failed);
    }

    private Response read() {
        return api.request().get(ENDPOINTS);
    }

    private Response write() {
        return api.request()
                .contentType(ContentType.JSON)
                .queryParam("verify", false)
                .body(Map.of("url", "https://shop.example/events"))
                .put(endpoint);
    }

    private static Response refused(Response answer) {
        answer.then().statusCode(503).body("code", equalTo("unavailable"));
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(5, 15);
        return answer;
    }

    private double count(String outcome) {
        return registry.get("liveness.statements")
                .tag("connections", "reading")
                .tag("outcome", outcome)
                .timer()
                .count();
    }
}

package io.liveness.gateway.check.settle;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.check.schedule.LeaseSessions.DuePolls;
import io.liveness.gateway.check.schedule.PollBacklog;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.postgres.StatementTap;
import io.liveness.gateway.testsupport.postgres.TableLock;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many statements each piece of work sends: see docs/performance.md. */
@QuarkusTest
class RoundTripsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TOGETHER = 24;
    private static final DuePolls LATE = new DuePolls(1, 0, Duration.ofMinutes(1), Duration.ZERO);

    private final Api api = Api.asNewCaller();
    private final String key = UUID.randomUUID().toString();

    @Inject
    PollSessions polls;

    @Inject
    PollBacklog backlog;

    @Inject
    SettableClock clock;

    @Inject
    Stored stored;

    @Inject
    DataSource database;

    @Inject
    MeterRegistry meters;

    @BeforeEach
    void nothing_is_due_and_the_budget_is_full() throws SQLException {
        stored.execute("delete from session_schedule");
        stored.fillBudget();
    }

    @Test
    void an_open_that_comes_alone_stores_takes_a_place_and_records() {
        List<String> sent = new ArrayList<>();
        // An open a moment before may have left a place.
        Patience.await("an open that takes its place from the budget", PATIENCE).until(() -> {
            sent.clear();
            sent.addAll(StatementTap.during(() -> api.open("pass").then().statusCode(201)));
            return sent.size() != 2;
        });

        assertThat(sent).hasSize(3);
        assertThat(sent.get(1)).contains("vendor_budget");
        assertThat(sent).noneMatch(RoundTripsTest::notifies);
    }

    @Test
    void opens_that_come_together_share_their_statements() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(TOGETHER);
        List<String> sent;
        try (TableLock lock = TableLock.againstWrites(database, "liveness_session")) {
            sent = StatementTap.during(() -> {
                List<CompletableFuture<Response>> opens = Stream.generate(
                                () -> CompletableFuture.supplyAsync(() -> api.open("pass"), callers))
                        .limit(TOGETHER)
                        .toList();
                // Two that came alone, and those that came while these were held up.
                Patience.await("three statements that wait", PATIENCE)
                        .until(() -> stored.count("select count(distinct pid) from pg_locks where not granted") >= 3);
                lock.release();
                assertThat(opens)
                        .allSatisfy(open -> assertThat(open.join().statusCode()).isEqualTo(201));
            });
        } finally {
            callers.shutdownNow();
        }

        assertThat(sent.stream().filter(one -> one.contains("one_session_per_key")))
                .as("intents")
                .hasSizeLessThanOrEqualTo(TOGETHER / 2);
        assertThat(sent.stream().filter(one -> one.contains("vendor_budget")))
                .as("places")
                .hasSizeLessThanOrEqualTo(TOGETHER / 2);
        assertThat(sent).hasSizeLessThan(2 * TOGETHER);
    }

    @Test
    void an_open_that_is_refused_beforehand_reads_its_key_and_stores_nothing() {
        backlog.seen(LATE);
        List<String> sent =
                StatementTap.during(() -> api.open(key, pass()).then().statusCode(503));
        backlog.seen(DuePolls.NONE);

        assertThat(sent).hasSize(1).noneMatch(one -> one.contains("insert"));
        String id = api.open(key, pass()).then().statusCode(201).extract().path("id");
        assertThat(api.eventTypes(id)).containsExactly("OPENING", "OPENED");
    }

    @Test
    void a_read_is_one_statement_and_a_repeated_open_two() {
        String id = api.open(key, pass()).path("id");

        assertThat(StatementTap.during(() -> api.get(id).then().statusCode(200)))
                .hasSize(1);
        assertThat(StatementTap.during(() -> api.open(key, pass()).then().statusCode(200)))
                .hasSize(2);
    }

    @Test
    void waiters_that_come_or_are_woken_together_share_their_reads() throws Exception {
        List<String> ids =
                Stream.generate(() -> api.opened("abandon")).limit(TOGETHER).toList();
        ExecutorService callers = Executors.newFixedThreadPool(TOGETHER);
        List<CompletableFuture<Response>> waiters = new ArrayList<>();
        List<String> sent;
        try (TableLock lock = TableLock.againstReads(database, "liveness_session")) {
            sent = StatementTap.during(() -> {
                ids.forEach(id -> waiters.add(CompletableFuture.supplyAsync(
                        () -> api.request().queryParam("waitSeconds", 30).get(Api.SESSIONS + "/" + id), callers)));
                awaitWaiters(TOGETHER);
                lock.release();
                lock.hold();
                ids.forEach(id -> stored.strings("select pg_notify('liveness_settled', ?)::text", id));
                awaitWaiters(0);
                lock.release();
                assertThat(waiters)
                        .extracting(waiter -> waiter.join().<String>path("id"))
                        .isEqualTo(ids);
            });
        } finally {
            callers.shutdownNow();
        }

        assertThat(sent).hasSizeLessThanOrEqualTo(TOGETHER / 2);
    }

    /** The waiters that have not been woken. */
    private void awaitWaiters(int many) {
        Patience.await(many + " waiters", PATIENCE)
                .until(() -> meters.get("liveness.waiters").gauge().value() == many);
    }

    @Test
    void many_polls_are_counted_granted_and_leased_together_and_then_settled() {
        for (int n = 0; n < 5; n++) {
            api.opened("pass");
        }
        clock.advance(Duration.ofSeconds(11));

        List<String> sent = StatementTap.during(
                () -> polls.poll().chain(polls::idle).await().atMost(PATIENCE));

        assertThat(sent.subList(0, 3)).noneMatch(RoundTripsTest::notifies);
        assertThat(sent.subList(3, sent.size()))
                .as("settled, as the answers come")
                .isNotEmpty()
                .allMatch(RoundTripsTest::notifies);
        assertThat(stored.count("select count(*) from session_schedule")).isZero();
    }

    private static boolean notifies(String statement) {
        return statement.contains("pg_notify");
    }

    private static String pass() {
        return Api.scenario("pass");
    }
}

package io.liveness.gateway.check.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LowLimits;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.contract.KeepsTheContract;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Long work has a limited number of places, and no caller takes all of them. */
@QuarkusTest
@TestProfile(LowLimits.class)
class BulkheadsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LONG = 30;

    private final Api api = Api.asNewCaller();
    private final Api other = Api.asNewCaller();
    private final ExecutorService callers = Executors.newCachedThreadPool();

    @Inject
    Stored stored;

    @Inject
    DataSource database;

    @Inject
    MeterRegistry meters;

    @AfterEach
    void stop_the_callers() {
        callers.shutdownNow();
    }

    @Test
    void a_caller_with_too_many_waiting_reads_is_refused_and_the_others_wait_on() {
        String id = api.opened("pass");
        String settled = api.opened("pass");
        api.check(settled);
        double refusals = LimitMetrics.refusals("waiters-per-caller");
        List<CompletableFuture<Response>> waiting = List.of(waitFor(api, id), waitFor(api, id));
        awaitWaiters(2);

        read(api, id, LONG)
                .then()
                .statusCode(429)
                .header("Retry-After", "5")
                .header("RateLimit-Policy", endsWith("\"waiters\";q=2"))
                .header("RateLimit", endsWith("\"waiters\";r=0"))
                .body("code", equalTo("rate-limited"));

        assertThat(LimitMetrics.refusals("waiters-per-caller")).isEqualTo(refusals + 1);
        read(api, id, 0).then().statusCode(200).body("status", equalTo("PENDING"));
        read(api, settled, LONG).then().statusCode(200).body("status", equalTo("PASSED"));
        String others = other.opened("pass");
        CompletableFuture<Response> otherWaits = waitFor(other, others);
        awaitWaiters(3);
        other.check(others);
        assertThat(otherWaits.join().<String>path("status")).isEqualTo("PASSED");
        api.check(id);
        assertThat(waiting)
                .allSatisfy(answer ->
                        assertThat(answer.join().<String>path("status")).isEqualTo("PASSED"));
    }

    @Test
    void when_all_places_are_taken_a_waiting_read_is_refused_until_one_is_free() {
        String id = api.opened("pass");
        String others = other.opened("pass");
        Api third = Api.asNewCaller();
        String thirds = third.opened("pass");
        double refusals = LimitMetrics.refusals("waiters");
        List<CompletableFuture<Response>> waiting = List.of(waitFor(api, id), waitFor(api, id), waitFor(other, others));
        awaitWaiters(3);

        read(third, thirds, LONG)
                .then()
                .statusCode(503)
                .header("Retry-After", "5")
                .body("code", equalTo("busy"));

        assertThat(LimitMetrics.refusals("waiters")).isEqualTo(refusals + 1);
        other.check(others);
        waiting.get(2).join();
        CompletableFuture<Response> thirdWaits = waitFor(third, thirds);
        awaitWaiters(3);
        third.check(thirds);
        assertThat(thirdWaits.join().statusCode()).isEqualTo(200);
        api.check(id);
        waiting.forEach(CompletableFuture::join);
    }

    @Test
    void few_returning_browsers_are_served_at_once_and_callers_do_not_wait() throws SQLException {
        Response session = api.open("pass");
        List<Response> sessions = Stream.generate(() -> api.open("pass"))
                .limit(LowLimits.RETURNING)
                .toList();
        double refusals = LimitMetrics.refusals("return-hop");
        List<CompletableFuture<Response>> people;
        try (Connection holder = database.getConnection();
                Statement lock = holder.createStatement()) {
            holder.setAutoCommit(false);
            lock.execute("lock table liveness_session in access exclusive mode");
            // Twice each: returns of one session are handled together.
            people = Stream.concat(sessions.stream(), sessions.stream())
                    .map(one -> CompletableFuture.supplyAsync(() -> browserReturns(one), callers))
                    .toList();
            awaitStatementsThatWait();

            browserReturns(session)
                    .then()
                    .statusCode(503)
                    .header("Retry-After", "1")
                    .body("code", equalTo("busy"));

            assertThat(LimitMetrics.refusals("return-hop")).isEqualTo(refusals + 1);
            holder.rollback();
        }

        assertThat(people)
                .allSatisfy(person -> assertThat(person.join().statusCode()).isEqualTo(303));
        browserReturns(session).then().statusCode(303);
    }

    private CompletableFuture<Response> waitFor(Api caller, String id) {
        return CompletableFuture.supplyAsync(() -> read(caller, id, LONG), callers);
    }

    private static Response read(Api caller, String id, int waitSeconds) {
        return caller.request().queryParam("waitSeconds", waitSeconds).get(Api.SESSIONS + "/" + id);
    }

    private static Response browserReturns(Response session) {
        return given().redirects()
                .follow(false)
                .filter(new KeepsTheContract())
                .queryParam("token", session.<String>path("token"))
                .get("/v1/return/" + session.<String>path("id"));
    }

    private void awaitWaiters(int count) {
        Patience.await("waiters", PATIENCE)
                .until(() -> meters.get("liveness.waiters").gauge().value() == count);
    }

    private void awaitStatementsThatWait() {
        Patience.await("statements that wait for the lock", PATIENCE)
                .until(() -> stored.count("select count(*) from pg_stat_activity where datname = current_database()"
                                + " and wait_event_type = 'Lock' and query like '%return_url%'")
                        == LowLimits.RETURNING);
    }
}

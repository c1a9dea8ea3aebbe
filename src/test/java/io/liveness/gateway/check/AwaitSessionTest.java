package io.liveness.gateway.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A read that is held until the session is settled. */
@QuarkusTest
class AwaitSessionTest {

    private final Api api = Api.asNewCaller();
    private final ExecutorService callers = Executors.newCachedThreadPool();

    @Inject
    Stored stored;

    @Inject
    MeterRegistry meters;

    @AfterEach
    void stop_the_callers() {
        callers.shutdownNow();
    }

    @Test
    void a_waiting_read_is_answered_when_the_session_settles() throws Exception {
        String id = api.opened("pass");
        List<CompletableFuture<Response>> waiting =
                Stream.generate(() -> waitFor(id, 30)).limit(3).toList();
        assertThat(waiting).noneMatch(CompletableFuture::isDone);

        api.check(id);

        for (CompletableFuture<Response> answer : waiting) {
            assertThat(answer.get(10, TimeUnit.SECONDS).<String>path("status")).isEqualTo("PASSED");
        }
    }

    @Test
    void the_loss_of_the_connection_ends_no_wait() throws Exception {
        String id = api.opened("pass");
        CompletableFuture<Response> answer = waitFor(id, 30);
        await().until(() -> meters.get("liveness.waiters").gauge().value() == 1);

        breakListening();
        String other = api.opened("pass");
        CompletableFuture<Response> otherAnswer = waitFor(other, 30);
        api.check(other);
        // The effects of the loss on waiting reads happened before this signal arrived.
        otherAnswer.get(10, TimeUnit.SECONDS);

        assertThat(answer).isNotDone();
        api.check(id);
        assertThat(answer.get(10, TimeUnit.SECONDS).<String>path("status")).isEqualTo("PASSED");
    }

    @Test
    void a_signal_that_was_missed_without_a_listener_is_recovered() throws Exception {
        String id = api.opened("abandon");
        CompletableFuture<Response> answer = waitFor(id, 30);
        await().until(() -> meters.get("liveness.waiters").gauge().value() == 1);
        // No statement of the gateway's: nothing notifies.
        stored.execute(
                "update liveness_session set status = 'EXPIRED', token_sealed = null, check_url_sealed = null, updated_at = now()"
                        + " where id = ?",
                UUID.fromString(id));

        breakListening();

        assertThat(answer.get(10, TimeUnit.SECONDS).<String>path("status")).isEqualTo("EXPIRED");
    }

    @Test
    void an_event_whose_signal_was_missed_ends_a_wait_for_the_feed() throws Exception {
        String id = api.opened("abandon");
        CompletableFuture<Response> feed = CompletableFuture.supplyAsync(
                () -> api.request()
                        .queryParam("from", "latest")
                        .queryParam("waitSeconds", "30")
                        .get("/v1/events"),
                callers);
        await().until(() -> meters.get("liveness.waiters").gauge().value() == 1);
        stored.execute(
                "insert into session_event (id, session_id, type, at, detail, caller)"
                        + " values (gen_random_uuid(), ?, 'SETTLED', now(), '{\"status\": \"EXPIRED\"}', ?)",
                UUID.fromString(id),
                api.caller());

        breakListening();

        feed.get(10, TimeUnit.SECONDS).then().body("items.data.sessionId", equalTo(List.of(id)));
    }

    /** Returns once another connection listens. */
    private void breakListening() {
        await().until(() -> listening().size() == 1);
        List<String> before = listening();
        stored.strings("select pg_terminate_backend(?)", Integer.valueOf(before.get(0)));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> meters.get("liveness.signals.listening").gauge().value() == 1
                        && listening().size() == 1
                        && !listening().equals(before));
    }

    @Test
    void when_the_time_is_up_the_answer_is_the_session_as_it_is() {
        String id = api.opened("abandon");

        waitFor(id, 1).join().then().statusCode(200).body("status", equalTo("PENDING"));
    }

    private CompletableFuture<Response> waitFor(String id, int seconds) {
        return waitFor(api, id, seconds);
    }

    private CompletableFuture<Response> waitFor(Api caller, String id, int seconds) {
        return CompletableFuture.supplyAsync(
                () -> caller.request().queryParam("waitSeconds", seconds).get(Api.SESSIONS + "/" + id), callers);
    }

    private List<String> listening() {
        return stored.strings(
                "select pid::text from pg_stat_activity"
                        + " where datname = current_database() and query like '%liveness_heartbeat_%' and pid <> pg_backend_pid()");
    }
}

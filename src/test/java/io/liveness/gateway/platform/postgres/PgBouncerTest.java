package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LogRecorder;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.Stored;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** All statements go through PgBouncer in transaction mode, and LISTEN past it. Runs where PgBouncer is installed. */
@QuarkusTest
@TestProfile(OptionsOn.class)
@EnabledIf("io.liveness.gateway.testsupport.process.PgBouncer#isInstalled")
class PgBouncerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MORE_THAN_ITS_POOL = 20;

    private final Api api = Api.asNewCaller();

    @Inject
    Database database;

    @Inject
    Stored stored;

    @Test
    void sessions_are_opened_settled_and_waited_for() {
        await().atMost(PATIENCE).until(() -> listening() == 1);
        List<String> ids =
                Stream.generate(() -> later(() -> api.opened("pass"))).limit(MORE_THAN_ITS_POOL).toList().stream()
                        .map(CompletableFuture::join)
                        .toList();
        List<CompletableFuture<Response>> waiting = ids.stream()
                .map(id ->
                        later(() -> api.request().queryParam("waitSeconds", 30).get(Api.SESSIONS + "/" + id)))
                .toList();

        List<CompletableFuture<Response>> checks =
                ids.stream().map(id -> later(() -> api.check(id))).toList();

        assertThat(checks)
                .allSatisfy(check -> assertThat(check.join().statusCode()).isEqualTo(200));
        assertThat(waiting)
                .allSatisfy(answer -> assertThat(answer)
                        .succeedsWithin(PATIENCE)
                        .satisfies(session ->
                                assertThat(session.<String>path("status")).isEqualTo("PASSED")));
        assertThat(ids).allSatisfy(id -> assertThat(api.eventTypes(id)).endsWith("SETTLED"));
    }

    @Test
    void wrong_planner_settings_are_logged_with_the_remedy() {
        DatabaseWatch watch = new DatabaseWatch(
                database, new DatabaseHealth(), new DatabaseClock(Clock.systemUTC()), new SimpleMeterRegistry());
        try (LogRecorder log = LogRecorder.start()) {
            watch.watch().await().atMost(PATIENCE);

            assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line)
                            .contains("database.planner on: jit, enable_seqscan", "alter role <user> set jit = off"));
        }
    }

    private static <T> CompletableFuture<T> later(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, task -> new Thread(task).start());
    }

    private long listening() {
        return stored.count("select count(*) from pg_stat_activity where datname = current_database()"
                + " and query like 'select pg_notify(''liveness_heartbeat_%'");
    }
}

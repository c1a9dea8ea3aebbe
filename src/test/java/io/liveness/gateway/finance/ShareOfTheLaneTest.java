package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.bill.Work;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Imports and files leave half of the batch lane to others when all their places are taken, and opens go on. */
@QuarkusTest
class ShareOfTheLaneTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Imports tell each second how far they are. */
    private static final Duration SOME_TICKS = Duration.ofSeconds(3);
    /** Two imports, their progress and two files take a connection each. */
    private static final int SIX = 6;

    private static final String CSV = "text/csv";
    private static final String ALL = "?to=" + ChargeHistory.LATER;
    /** Matching waits for this lock. */
    private static final String LOCK = "select pg_advisory_lock(1818850414, 1835103331)";

    private static final String WAITING = "select count(*) from pg_stat_activity where datname = current_database()"
            + " and wait_event_type = 'Lock' and wait_event = 'advisory'";

    @Inject
    Stored stored;

    @Inject
    MeterRegistry registry;

    @BeforeEach
    void write_the_history() throws SQLException {
        ChargeHistory.write(stored);
    }

    @AfterEach
    void remove_it() throws SQLException {
        Work.remove(stored);
        ChargeHistory.remove(stored);
    }

    @Test
    void two_imports_and_two_files_hold_at_most_six_connections_and_opens_go_on() throws Exception {
        CompletableFuture<String> first;
        CompletableFuture<String> second;
        try (Connection held = stored.connection();
                Statement lock = held.createStatement();
                SlowReader one = new SlowReader(finance(), ALL, CSV);
                SlowReader two = new SlowReader(finance(), ALL, CSV)) {
            lock.execute(LOCK);
            first = imported("first");
            second = imported("second");
            Patience.await("both to be matched", PATIENCE).until(() -> stored.count(WAITING) == 2);

            assertThat(highest()).isBetween(SIX - 2.0, SIX + 0.0);
            isBusy(finance().request().accept(CSV).get(Api.CHARGES));
            isBusy(finance().request().contentType(CSV).body(file("third")).post("/v1/statements"));
            assertThat(finance().request().get(Api.CHARGES).statusCode()).isEqualTo(200);
            Api.asNewCaller().opened("abandon");
            lock.execute("select pg_advisory_unlock_all()");
            assertThat(one.readsToTheEnd()).isTrue();
            assertThat(two.readsToTheEnd()).isTrue();
        }
        assertThat(first).succeedsWithin(PATIENCE);
        assertThat(second).succeedsWithin(PATIENCE);
    }

    /** Connections of the lane in use. */
    private double highest() {
        long until = System.nanoTime() + SOME_TICKS.toNanos();
        double[] highest = new double[1];
        Patience.await("some ticks", PATIENCE).until(() -> {
            highest[0] = Math.max(
                    highest[0],
                    registry.get("liveness.batch.connections").gauge().value());
            return System.nanoTime() > until;
        });
        return highest[0];
    }

    private static CompletableFuture<String> imported(String task) {
        return CompletableFuture.supplyAsync(() -> new Work(finance()).imported(file(task)));
    }

    private static String file(String task) {
        return Work.HEADER + task + ",2019-03-01 20:00:00,实扣,0.80\n";
    }

    private static void isBusy(Response answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat((String) answer.path("code")).isEqualTo("busy");
    }

    private static Api finance() {
        return Api.as("finance-" + UUID.randomUUID(), "finance");
    }
}

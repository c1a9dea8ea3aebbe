package io.liveness.gateway.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.operate.Figures.Growth;
import io.liveness.gateway.operate.Figures.Series;
import io.liveness.gateway.operate.Rule.Figure;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.DatabaseClock;
import io.liveness.gateway.platform.postgres.DatabaseHealth;
import io.liveness.gateway.platform.postgres.DatabaseWatch;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class HealthTest {

    private static final String STORE =
            "insert into replica values ('other/1', '1.0.0', now(), now() - cast(? as interval), cast(? as jsonb))";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Api operator = Api.as("operations", "operator");

    @Inject
    ReportReplica replica;

    @Inject
    Stored stored;

    @Inject
    Database database;

    @Inject
    SettableClock clock;

    @AfterEach
    void forget_the_others() throws SQLException {
        stored.execute("delete from replica");
    }

    @Test
    void operators_see_what_a_replica_has_reported() throws SQLException {
        String session = Api.asNewCaller().opened("pass");
        Figures figures = Figures.none();
        figures.gauges()
                .put(
                        new Series("liveness.webhook.endpoint.failing", Map.of("caller", "shop-1", "endpoint", "e")),
                        List.of(1.0));
        stored.execute(STORE, "10 seconds", figures.toJson().encode());
        report();

        Response health = health();

        assertThat(health.<List<Map<String, ?>>>path("replicas"))
                .hasSize(2)
                .anySatisfy(own -> assertThat(own)
                        .containsKeys("name", "version", "startedAt", "seenAt", "clockSkewSeconds", "listening"));
        assertThat(health.<List<String>>path("checks.name")).hasSameSizeAs(Rule.values());
        assertThat(Arrays.stream(Rule.values()).filter(rule -> !(rule.figure instanceof Figure.Gauge)))
                .allSatisfy(rule -> assertThat(health.<String>path("checks.find { it.name == '" + rule + "' }.state"))
                        .isNotEqualTo("UNKNOWN"));
        assertThat(health.<List<String>>path("vendorCalls.outcome")).contains("accepted");
        assertThat(health.<Integer>path("budget.callsPerSecond")).isEqualTo(1_000);
        assertThat(health.asString()).doesNotContain(session, "shop-");
    }

    @Test
    void what_is_wrong_at_one_replica_is_wrong() throws SQLException {
        Figures figures = Figures.none();
        figures.gauges().put(new Series("liveness.lease.overdue", Map.of()), List.of(121.0));
        figures.gauges().put(new Series(Rule.LISTENING, Map.of()), List.of(0.0));
        report();
        stored.execute(STORE, "10 seconds", figures.toJson().encode());

        Response health = health();

        assertThat(health.<String>path("state")).isEqualTo("RED");
        assertThat(health.<String>path("checks.find { it.name == 'LEASE_OVERDUE' }.state"))
                .isEqualTo("RED");
        assertThat(health.<String>path("checks.find { it.name == 'LISTENER_AWAY' }.state"))
                .isEqualTo("AMBER");
        assertThat(health.<String>path("replicas.find { it.name == 'other/1' }.state"))
                .isEqualTo("AMBER");
    }

    @Test
    void one_that_ended_without_a_word_is_missed_until_it_is_forgotten() throws SQLException {
        Figures figures = Figures.none();
        figures.gauges().put(new Series("liveness.lease.overdue", Map.of()), List.of(121.0));
        figures.gauges().put(new Series(Rule.SKEW, Map.of()), List.of(31.0));
        report();
        stored.execute(STORE, "2 minutes", figures.toJson().encode());

        assertThat(health().<String>path("replicas.find { it.name == 'other/1' }.state"))
                .isEqualTo("AMBER");
        assertThat(health().<String>path("checks.find { it.name == 'LEASE_OVERDUE' }.state"))
                .as("what it last knew counts no more")
                .isNotEqualTo("RED");
        stored.execute("update replica set seen_at = now() - interval '11 minutes' where name = 'other/1'");
        report();
        assertThat(health().<List<String>>path("replicas.name")).hasSize(1).doesNotContain("other/1");
    }

    @Test
    void what_a_replica_counted_before_it_ended_counts_while_its_time_lasts() throws SQLException {
        Figures figures = Figures.none();
        figures.grown()
                .put(
                        new Series(
                                "liveness.vendor.calls", Map.of("call", "init", "outcome", "refused", "code", "606")),
                        new Growth(List.of(3e6, 7e6, 7e6, 7e6, 9e6), List.of(3e5, 7e5, 7e5, 7e5, 9e5)));
        report();
        stored.execute(STORE, "2 minutes", figures.toJson().encode());

        // A few calls are those of other tests.
        assertThat(throttled()).isBetween(7e6f, 7.1e6f);
        assertThat(health().<List<Map<String, Object>>>path(
                                "vendorCalls.findAll { it.code == '606' && it.call == 'init' }"))
                .singleElement()
                .satisfies(calls -> {
                    assertThat((int) calls.get("lastMinute")).isLessThan(100_000);
                    assertThat((int) calls.get("lastFiveMinutes")).isBetween(7_000_000, 7_100_000);
                    assertThat((float) calls.get("averageSeconds")).isBetween(0.09f, 0.11f);
                });
        stored.execute("update replica set has_stopped = true where name = 'other/1'");
        assertThat(throttled()).isBetween(7e6f, 7.1e6f);
        assertThat(health().<List<String>>path("replicas.name")).doesNotContain("other/1");
        stored.execute("update replica set seen_at = now() - interval '10 minutes' where name = 'other/1'");
        assertThat(throttled()).isLessThan(1e5f);
    }

    private float throttled() {
        return health().path("checks.find { it.name == 'VENDOR_THROTTLES' }.value");
    }

    @Test
    void replicas_that_see_the_same_sessions_count_them_once_and_their_calls_together() throws SQLException {
        Figures figures = Figures.none();
        Series unsettled = new Series(ReportReplica.UNSETTLED, Map.of("status", "PENDING", "age", "2h-"));
        figures.gauges().put(unsettled, List.of(3.0));
        for (String outcome : List.of("granted", "refused")) {
            figures.grown()
                    .put(
                            new Series("liveness.budget.calls", Map.of("purpose", "init", "outcome", outcome)),
                            new Growth(List.of(3e6, 7e6, 7e6, 7e6, 9e6), Collections.nCopies(5, 0.0)));
        }
        stored.execute(STORE, "10 seconds", figures.toJson().encode());
        stored.execute("update replica set name = 'another/1' where name = 'other/1'");
        stored.execute(STORE, "10 seconds", figures.toJson().encode());

        assertThat(health().<Integer>path("unsettled.find { it.status == 'PENDING' && it.age == '2h-' }.count"))
                .isEqualTo(3);
        assertThat(health().<Integer>path("budget.granted")).isEqualTo(6_000_000);
        assertThat(health().<Integer>path("budget.refused")).isEqualTo(6_000_000);
    }

    @Test
    void it_says_for_how_long_the_oldest_poll_has_been_due() throws SQLException {
        String session = Api.asNewCaller().opened("abandon");
        stored.execute(
                "update session_schedule set next_poll_at = now() - interval '10 days' where session_id = ?",
                UUID.fromString(session));
        try {
            assertThat(health().<Number>path("oldestPollDueSeconds").doubleValue())
                    .isBetween(863_999.0, 864_100.0);
        } finally {
            stored.execute(
                    "update session_schedule set next_poll_at = now() + interval '1 hour' where session_id = ?",
                    UUID.fromString(session));
        }
    }

    @Test
    void a_report_is_forgotten_once_it_says_nothing_of_the_last_hour() throws SQLException {
        stored.execute(STORE, "61 minutes", Figures.none().toJson().encode());
        stored.execute("update replica set name = 'older/1' where name = 'other/1'");
        stored.execute(STORE, "59 minutes", Figures.none().toJson().encode());

        report();

        assertThat(stored.strings("select name from replica where name like 'o%er/1'"))
                .containsExactly("other/1");
    }

    @Test
    void a_container_that_began_anew_has_one_line_and_its_counts_of_before() throws SQLException {
        Figures figures = Figures.none();
        figures.grown().put(new Series("liveness.sessions.contradicted", Map.of()), new Growth(ones(), ones()));
        stored.execute(STORE, "2 minutes", figures.toJson().encode());
        report();
        String own = stored.strings("select name from replica where name <> 'other/1'")
                .get(0);
        stored.execute("update replica set name = ?, started_at = '2026-01-01' where name = 'other/1'", own);

        assertThat(health().<List<String>>path("replicas.name")).containsExactly(own);
        assertThat(health().<String>path("checks.find { it.name == 'VERDICT_CONTRADICTED' }.state"))
                .isEqualTo("AMBER");
    }

    private static List<Double> ones() {
        return Collections.nCopies(Growth.MINUTES.size(), 1.0);
    }

    @Test
    void a_report_that_was_under_way_at_the_stop_changes_nothing_after_it() throws Exception {
        stored.execute(STORE, "10 seconds", Figures.none().toJson().encode());
        replica.stop(new ShutdownEvent());

        report();

        assertThat(health().<List<String>>path("replicas.name")).containsExactly("other/1");
    }

    @Test
    void a_key_that_nothing_was_written_under_for_36_hours_is_late() throws SQLException {
        assertThat(keyRotation()).isEqualTo("GREEN");
        stored.execute("insert into encryption_key (id, key_check, last_written_at)"
                + " values ('replaced', '', now() - interval '37 hours')");
        try {
            assertThat(keyRotation()).isEqualTo("AMBER");
        } finally {
            stored.execute("delete from encryption_key where id = 'replaced'");
        }
    }

    private String keyRotation() {
        return health().path("checks.find { it.name == 'KEY_ROTATION_STOPPED' }.state");
    }

    @Test
    void what_no_replica_has_reported_is_unknown() throws SQLException {
        stored.execute("delete from replica");

        Response health = health();

        assertThat(health.<String>path("state")).isEqualTo("UNKNOWN");
        assertThat(health.<Map<String, Object>>path("checks.find { it.name == 'BOOKS_DIFFER' }"))
                .containsEntry("state", "UNKNOWN")
                .doesNotContainKey("value");
    }

    @Test
    void a_counter_has_grown_since_the_replica_began_or_in_the_last_minutes() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ReportReplica own = new ReportReplica(null, registry, Clock.systemUTC(), null, "1");
        String meter = "liveness.sessions.contradicted";
        registry.counter(meter).increment(3);

        assertThat(grown(own, meter, 0)).containsExactly(3.0, 3.0, 3.0, 3.0, 3.0);
        registry.counter(meter).increment();
        assertThat(grown(own, meter, 2)).containsExactly(1.0, 4.0, 4.0, 4.0, 4.0);
        assertThat(grown(own, meter, 8)).containsExactly(0.0, 0.0, 4.0, 4.0, 4.0);
        assertThat(grown(own, meter, 61)).containsExactly(0.0, 0.0, 0.0, 0.0, 1.0);
        assertThat(grown(own, meter, 63)).containsExactly(0.0, 0.0, 0.0, 0.0, 0.0);
    }

    @Test
    void a_report_that_comes_a_little_early_is_of_the_same_minute() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ReportReplica own = new ReportReplica(null, registry, Clock.systemUTC(), null, "1");
        String meter = "liveness.sessions.contradicted";
        registry.counter(meter).increment(3);
        own.read(0);
        registry.counter(meter).increment();

        Figures figures = own.read(Duration.ofMillis(59_990).toNanos());

        assertThat(figures.count(meter, 1, tags -> true)).isEqualTo(1);
    }

    @Test
    void a_gauge_without_a_value_is_not_known() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ReportReplica own = new ReportReplica(null, registry, Clock.systemUTC(), null, "1");
        registry.gauge("liveness.webhook.endpoint.failing", Double.NaN);

        assertThat(Rule.WEBHOOK_FAILING.of(Rule.WEBHOOK_FAILING.figure.of(own.read(0))))
                .isEqualTo(Rule.AlertState.UNKNOWN);
    }

    @Test
    void a_replica_that_starts_while_the_databases_clock_is_wrong_hears_of_the_others_what_time_it_is()
            throws SQLException {
        DatabaseClock time = new DatabaseClock(Clock.systemUTC());
        DatabaseWatch watch = new DatabaseWatch(database, new DatabaseHealth(), time, new SimpleMeterRegistry());
        ReportReplica own = new ReportReplica(database, new SimpleMeterRegistry(), Clock.systemUTC(), time, "1");
        stored.execute("create or replace function liveness_now() returns timestamptz language sql stable"
                + " return now() + interval '1 hour'");
        try {
            stored.execute("insert into replica values"
                    + " ('other/1', '1.0.0', now(), liveness_now(), '{}', false, -3600),"
                    + " ('gone/1', '1.0.0', now(), liveness_now() - interval '1 minute', '{}', false, 0),"
                    + " ('stopped/1', '1.0.0', now(), liveness_now(), '{}', true, 0)");
            watch.watch().await().atMost(PATIENCE);
            assertThat(time.ahead()).isZero();

            own.report().await().atMost(PATIENCE);
            watch.watch().await().atMost(PATIENCE);

            assertThat(time.ahead()).isCloseTo(Duration.ofHours(-1), Duration.ofSeconds(10));
            assertThat(stored.count("select count(*) from replica where version = '1' and ahead_seconds < -3590"))
                    .as("its own clock says so too")
                    .isEqualTo(1);
        } finally {
            clock.advance(Duration.ZERO);
        }
    }

    private static List<Double> grown(ReportReplica replica, String meter, int minute) {
        Figures figures = replica.read(Duration.ofMinutes(minute).toNanos());
        return Growth.MINUTES.stream()
                .map(minutes -> figures.count(meter, minutes, tags -> true))
                .toList();
    }

    private void report() {
        replica.report().await().atMost(Duration.ofSeconds(10));
    }

    private Response health() {
        Response health = operator.request().get("/v1/health");
        health.then().statusCode(200);
        return health;
    }
}

package io.liveness.gateway.vendor.jumdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.testsupport.postgres.Explained;
import io.liveness.gateway.vendor.VendorBudget;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The tests pass time by moving the budget's moments into the past of the database's clock. */
class PostgresVendorBudgetTest {

    private static final SimpleMeterRegistry METRICS = new SimpleMeterRegistry();

    private static final List<String> MOMENTS =
            List.of("full_at", "opens_full_at", "polls_full_at", "slow_until", "slowed_at");

    private static EmbeddedPostgres postgres;
    private static Vertx vertx;
    private static Pool pool;
    private static Pool otherReplica;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        try (InputStream migration =
                PostgresVendorBudgetTest.class.getResourceAsStream("/db/migration/V3__vendor.sql")) {
            sql(new String(migration.readAllBytes(), StandardCharsets.UTF_8));
        }
        vertx = Vertx.vertx();
        pool = pool();
        otherReplica = pool();
        // Connected before anything is timed.
        pool.query("select 1").executeAndAwait();
        otherReplica.query("select 1").executeAndAwait();
    }

    @AfterAll
    static void stop() throws Exception {
        pool.closeAndAwait();
        otherReplica.closeAndAwait();
        vertx.closeAndAwait();
        postgres.close();
    }

    @BeforeEach
    void startFull() throws SQLException {
        forEachMoment("select setval('vendor_budget_%s', 0);");
    }

    private static Pool pool() {
        PgConnectOptions connect = new PgConnectOptions()
                .setHost("localhost")
                .setPort(postgres.getPort())
                .setDatabase("postgres")
                .setUser("postgres")
                .setPassword("postgres")
                .setCachePreparedStatements(true);
        return PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(8))
                .connectingTo(connect)
                .using(vertx)
                .build();
    }

    private static void sql(String statement) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement jdbc = connection.createStatement()) {
            jdbc.execute(statement);
        }
    }

    private static double number(String query) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement jdbc = connection.createStatement();
                ResultSet rows = jdbc.executeQuery(query)) {
            rows.next();
            return rows.getDouble(1);
        }
    }

    /** One statement takes all moments, because the time of more statements would pass too. */
    private static void forEachMoment(String statement) throws SQLException {
        sql(MOMENTS.stream().map(moment -> statement.replace("%s", moment)).collect(Collectors.joining()));
    }

    private static void timeGoesBy(String interval) throws SQLException {
        forEachMoment("select setval('vendor_budget_%s', greatest(0, last_value - (extract(epoch from interval '"
                + interval
                + "') * 1000000)::bigint)) from vendor_budget_%s;");
    }

    /** How far ahead of the database's clock a moment is to be. */
    private static String ahead(String interval) {
        return "(extract(epoch from clock_timestamp() + interval '%s') * 1000000)::bigint".formatted(interval);
    }

    private static void put(String moment, String interval) throws SQLException {
        sql("select setval('vendor_budget_%s', %s)".formatted(moment, ahead(interval)));
    }

    private static double slowLevel() throws SQLException {
        return number(
                "select ceil((last_value / 1e6 - extract(epoch from clock_timestamp())) / 10) from vendor_budget_slow_until");
    }

    private static PostgresVendorBudget budget(Pool replica, int callsPerSecond) {
        return new PostgresVendorBudget(
                new Database(replica), METRICS, TestConfig.of("a", "s").withCallsPerSecond(callsPerSecond));
    }

    private static PostgresVendorBudget budget(int callsPerSecond) {
        return budget(pool, callsPerSecond);
    }

    private static <T> T get(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(10));
    }

    private static int take(PostgresVendorBudget budget, Purpose purpose, int wanted) {
        return get(budget.take(purpose, wanted)).calls();
    }

    /** Leaves the bucket without a call in it, and places reserved for so long. */
    private static void reserved(String interval) throws SQLException {
        sql("select setval('vendor_budget_full_at', 1000000 + %s)".formatted(ahead(interval)));
    }

    /** What a rate gives while the test itself takes its time. */
    private static int inTheMeantime(int callsPerSecond, long begunNanos) {
        return (int) (callsPerSecond * (System.nanoTime() - begunNanos) / 1_000_000_000);
    }

    @ParameterizedTest
    @CsvSource({"POLL_NOW, 30", "POLL, 20", "FINAL_POLL, 60", "INIT, 20"})
    void each_purpose_gets_a_burst_and_what_it_may_reserve_ahead(Purpose purpose, int calls) {
        // Polls have a separate bucket of one burst; an open costs two.
        long begun = System.nanoTime();
        assertThat(take(budget(20), purpose, 1_000)).isBetween(calls, calls + 1 + inTheMeantime(20, begun));
    }

    @ParameterizedTest
    @CsvSource({
        "0.4, true, true, true, true",
        "0.65, false, true, true, true",
        "0.9, false, false, true, true",
        "1.5, false, false, false, true",
        "2.1, false, false, false, false"
    })
    void more_important_calls_reserve_further_ahead(
            String reserved, boolean check, boolean poll, boolean init, boolean finalPoll) throws Exception {
        PostgresVendorBudget budget = budget(1_000);
        List<Boolean> found = new ArrayList<>();
        for (Purpose purpose : List.of(Purpose.POLL_NOW, Purpose.POLL, Purpose.INIT, Purpose.FINAL_POLL)) {
            reserved(reserved + " seconds");
            found.add(take(budget, purpose, 1) == 1);
        }

        assertThat(found).containsExactly(check, poll, init, finalPoll);
    }

    @Test
    void final_polls_of_all_opened_sessions_fit_beside_as_many_opens() throws Exception {
        PostgresVendorBudget budget = budget(20);
        take(budget, Purpose.INIT, 1_000);
        int opens = 0;
        int finalPolls = 0;
        for (int tenth = 0; tenth < 100; tenth++) {
            timeGoesBy("0.1 seconds");
            finalPolls += take(budget, Purpose.FINAL_POLL, 1);
            opens += take(budget, Purpose.INIT, 1_000);
            take(budget, Purpose.POLL, 1_000);
            take(budget, Purpose.POLL_NOW, 1_000);
        }

        assertThat(finalPolls).as("one in each tenth of a second").isEqualTo(100);
        assertThat(opens).isGreaterThan(80);
    }

    @Test
    void a_rate_of_one_still_lets_a_session_be_opened() throws Exception {
        assertThat(take(budget(1), Purpose.INIT, 1)).isEqualTo(1);
        assertThat(take(budget(1), Purpose.INIT, 1)).isZero();
        timeGoesBy("2 seconds");
        assertThat(take(budget(1), Purpose.INIT, 1)).isEqualTo(1);
    }

    @Test
    void the_places_granted_together_come_one_after_the_other() throws Exception {
        long begun = System.nanoTime();
        reserved("0.5 seconds");

        VendorBudget.Grant grant = get(budget(10).take(Purpose.FINAL_POLL, 5));

        assertThat(grant.calls()).isEqualTo(5);
        Duration passed = Duration.ofNanos(System.nanoTime() - begun);
        assertThat(grant.waitFor(0)).isBetween(Duration.ofMillis(499).minus(passed), Duration.ofMillis(601));
        assertThat(grant.waitFor(4).minus(grant.waitFor(0))).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void a_second_refills_the_bucket_and_an_hour_does_no_more() throws Exception {
        long start = System.nanoTime();
        put("full_at", "1.5 seconds");
        assertThat(take(budget(10), Purpose.POLL_NOW, 100)).isZero();
        timeGoesBy("1 second");
        int taken = take(budget(10), Purpose.POLL_NOW, 100);
        // The time that the statements took counts too.
        int meanwhile = (int) Math.ceil((System.nanoTime() - start) / 1e8);
        assertThat(taken).isBetween(10, 10 + meanwhile);
        timeGoesBy("1 hour");
        assertThat(take(budget(10), Purpose.POLL_NOW, 100)).isEqualTo(15);
    }

    @ParameterizedTest
    @EnumSource(Purpose.class)
    void returned_places_can_be_taken_again_and_never_exceed_a_burst(Purpose purpose) {
        PostgresVendorBudget budget = budget(8);
        int all = take(budget, purpose, 1_000);
        get(budget.giveBack(purpose, 2));
        assertThat(take(budget, purpose, 1_000)).isEqualTo(2);

        get(budget.giveBack(purpose, 1_000));
        get(budget.giveBack(purpose, 0));
        assertThat(take(budget, purpose, 1_000)).isEqualTo(all);
    }

    /** A crash of the database loses the budget, and a promoted standby has none. */
    @Test
    void a_budget_that_was_lost_starts_empty() throws SQLException {
        long begun = System.nanoTime();
        forEachMoment("alter sequence vendor_budget_%s restart;");
        PostgresVendorBudget budget = budget(10);

        assertThat(take(budget, Purpose.FINAL_POLL, 1_000))
                .as("two seconds ahead")
                .isBetween(19, 20 + inTheMeantime(10, begun));
    }

    /** The clock was ahead for a moment, and each call taken meanwhile put the moments off from there. */
    @Test
    void a_clock_that_was_an_hour_ahead_delays_no_call_for_longer_than_the_furthest_reservation() throws SQLException {
        PostgresVendorBudget budget = budget(16);
        for (Purpose purpose : Purpose.values()) {
            forEachMoment("select setval('vendor_budget_%s', " + ahead("1 hour") + ");");
            assertThat(take(budget, purpose, 1_000)).as("%s", purpose).isZero();

            timeGoesBy("3 seconds");

            assertThat(take(budget, purpose, 16)).as("%s", purpose).isPositive();
        }
        take(budget, Purpose.POLL, 1);
        timeGoesBy("30 seconds");
        assertThat(take(budget, Purpose.POLL, 100)).as("at full pace").isEqualTo(16);
    }

    /** A dump holds a snapshot: versions of a row would stay as long, and each call would read them all. */
    @Test
    void calls_under_an_old_snapshot_cost_what_they_cost_without_it() throws SQLException {
        int before = buffersOfACall();
        try (Connection dump = postgres.getPostgresDatabase().getConnection();
                Statement snapshot = dump.createStatement()) {
            dump.setAutoCommit(false);
            dump.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            snapshot.execute("select count(*) from pg_class");
            for (int calls = 0; calls < 2_000; calls++) {
                take(budget(1_000), Purpose.POLL, 1);
            }

            assertThat(buffersOfACall()).isLessThanOrEqualTo(before);
        }
    }

    private static int buffersOfACall() throws SQLException {
        String call = "select * from vendor_budget_take($1, $2, $3, $4)";
        Explained.run(postgres.getPostgresDatabase(), call, "'poll', 1000, 0.75, 1");
        return Explained.run(postgres.getPostgresDatabase(), call, "'poll', 1000, 0.75, 1")
                .buffers();
    }

    @Test
    void a_signal_to_slow_down_halves_polls_only() {
        PostgresVendorBudget budget = budget(16);
        get(budget.slowDown(Purpose.POLL));
        assertThat(take(budget, Purpose.POLL, 100)).isEqualTo(8);
        assertThat(take(budget, Purpose.FINAL_POLL, 8)).isEqualTo(8);
    }

    @Test
    void each_further_signal_halves_again_down_to_an_eighth() throws Exception {
        PostgresVendorBudget budget = budget(16);
        for (int i = 0; i < 9; i++) {
            get(budget.slowDown(Purpose.POLL));
            timeGoesBy("1 second");
        }
        assertThat(slowLevel()).isEqualTo(3);

        assertThat(take(budget, Purpose.POLL, 100)).isEqualTo(2);
        timeGoesBy("0.1 seconds");
        assertThat(take(budget, Purpose.POLL, 100)).isZero();
        timeGoesBy("0.9 seconds");
        assertThat(take(budget, Purpose.POLL, 100)).isEqualTo(2);
    }

    @Test
    void polls_recover_by_one_level_in_ten_seconds_without_a_signal() throws Exception {
        PostgresVendorBudget budget = budget(16);
        put("slow_until", "30 seconds");
        assertThat(take(budget, Purpose.POLL, 100)).isEqualTo(2);
        timeGoesBy("10 seconds");
        assertThat(take(budget, Purpose.POLL, 100)).isEqualTo(4);
        timeGoesBy("10 seconds");
        assertThat(take(budget, Purpose.POLL, 100)).isEqualTo(8);
        timeGoesBy("10 seconds");
        assertThat(take(budget, Purpose.POLL, 100)).isEqualTo(16);

        // What was recovered is not forgotten by the next signal.
        get(budget.slowDown(Purpose.POLL));
        assertThat(slowLevel()).isEqualTo(1);
    }

    @Test
    void two_replicas_together_never_take_more_than_the_rate_and_one_burst() throws Exception {
        int rate = 50;
        double start = number("select extract(epoch from clock_timestamp())");

        List<Uni<Integer>> takers = new ArrayList<>();
        for (Pool replica : List.of(pool, otherReplica)) {
            for (int i = 0; i < 12; i++) {
                takers.add(calling(budget(replica, rate), Purpose.values()[i % Purpose.values().length]));
            }
        }
        int made = Uni.join().all(takers).andFailFast().await().atMost(Duration.ofSeconds(60)).stream()
                .mapToInt(Integer::intValue)
                .sum();

        double seconds = number("select extract(epoch from clock_timestamp())") - start;
        // All waits are over, so each of these calls could have been made by now.
        assertThat(made).isLessThanOrEqualTo((int) Math.ceil(rate * seconds) + rate);
        // The limit held the calls: nothing was lost between the replicas.
        assertThat(made).isGreaterThan(rate);
    }

    /** Asks 25 times, one after the other. */
    private static Uni<Integer> calling(PostgresVendorBudget budget, Purpose purpose) {
        return Multi.createFrom()
                .range(0, 25)
                .onItem()
                .transformToUniAndConcatenate(i -> budget.takeOne(purpose))
                .filter(taken -> taken)
                .collect()
                .asList()
                .map(List::size);
    }
}

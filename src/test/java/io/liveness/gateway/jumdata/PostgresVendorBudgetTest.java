package io.liveness.gateway.jumdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Time goes by here by moving the row's moments into the past, as seen from the database's clock. */
class PostgresVendorBudgetTest {

    private static EmbeddedPostgres postgres;
    private static Vertx vertx;
    private static Pool pool;
    private static Pool otherReplica;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        try (InputStream migration =
                PostgresVendorBudgetTest.class.getResourceAsStream("/db/migration/V3__vendor_budget.sql")) {
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
        sql("update vendor_budget set full_at = to_timestamp(0), reconcile_full_at = to_timestamp(0), promised = 0,"
                + " promised_at = to_timestamp(0), slow_level = 0, slowed_at = to_timestamp(0)");
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

    private static void timeGoesBy(String interval) throws SQLException {
        sql("update vendor_budget set full_at = full_at - interval '%1$s', promised_at = promised_at - interval '%1$s',"
                        .formatted(interval)
                + " slowed_at = slowed_at - interval '%1$s', reconcile_full_at = reconcile_full_at - interval '%1$s'"
                        .formatted(interval));
    }

    private static PostgresVendorBudget budget(Pool replica, int callsPerSecond) {
        return new PostgresVendorBudget(replica, TestConfig.of("a", "s").withCallsPerSecond(callsPerSecond));
    }

    private static PostgresVendorBudget budget(int callsPerSecond) {
        return budget(pool, callsPerSecond);
    }

    private static <T> T get(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(10));
    }

    /** Takes without waiting the waits off: what is returned completes later, or is false at once. */
    private static List<CompletableFuture<Boolean>> take(PostgresVendorBudget budget, int count) {
        List<CompletableFuture<Boolean>> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(budget.takeOne().subscribeAsCompletionStage());
        }
        return taken;
    }

    private static long granted(List<CompletableFuture<Boolean>> taken) throws Exception {
        long granted = 0;
        for (CompletableFuture<Boolean> one : taken) {
            granted += one.get(10, TimeUnit.SECONDS) ? 1 : 0;
        }
        return granted;
    }

    private static double secondsUntilFull() throws SQLException {
        return number("select extract(epoch from full_at - clock_timestamp()) from vendor_budget");
    }

    @Test
    void a_burst_of_one_second_is_free_and_then_a_second_of_waiting_and_then_nothing() throws Exception {
        long start = System.nanoTime();
        long granted = granted(take(budget(20), 100));
        double seconds = (System.nanoTime() - start) / 1e9;

        // All waits are over: by now the bucket may have given its burst and what has run into it.
        assertThat(granted).isBetween(40L, 20 + (long) Math.ceil(20 * seconds));
        assertThat(seconds).isGreaterThan(0.9);
    }

    @Test
    void a_full_bucket_makes_nobody_wait() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(get(budget(20).takeOne())).isTrue();
        }
        assertThat(secondsUntilFull()).isLessThan(1.0);
    }

    @Test
    void what_is_refused_is_not_taken() throws Exception {
        sql("update vendor_budget set full_at = clock_timestamp() + interval '10 seconds'");
        double before = number("select extract(epoch from full_at) from vendor_budget");

        assertThat(get(budget(20).takeOne())).isFalse();

        assertThat(number("select extract(epoch from full_at) from vendor_budget"))
                .isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"1, 1.0", "2, 0.5"})
    void a_wait_is_as_long_as_the_place_is_away(int callsPerSecond, double seconds) throws Exception {
        sql("update vendor_budget set full_at = clock_timestamp() + interval '1 second'");

        long start = System.nanoTime();
        assertThat(get(budget(callsPerSecond).takeOne())).isTrue();

        double waited = (System.nanoTime() - start) / 1e9;
        // The place has come closer by what the statement took to get there; waiting longer is the machine's doing.
        assertThat(waited).isGreaterThan(seconds - 0.3);
    }

    /** A reactive database session works on its own context alone, and the caller holds one. */
    @Test
    void whoever_waited_goes_on_where_it_was() throws Exception {
        sql("update vendor_budget set full_at = clock_timestamp() + interval '1 second'");
        Context context = vertx.getDelegate().getOrCreateContext();
        CompletableFuture<Context> after = new CompletableFuture<>();

        context.runOnContext(start -> budget(4)
                .takeOne()
                .map(taken -> io.vertx.core.Vertx.currentContext())
                .subscribe()
                .with(after::complete, after::completeExceptionally));

        assertThat(after.get(10, TimeUnit.SECONDS)).isSameAs(context);
    }

    @Test
    void a_second_refills_the_bucket_and_an_hour_does_no_more() throws Exception {
        assertThat(get(budget(1000).takeForReconciling(0, 1000))).isEqualTo(1000);
        timeGoesBy("1 second");
        assertThat(get(budget(10).takeForReconciling(0, 10))).isEqualTo(10);
        timeGoesBy("1 hour");
        assertThat(get(budget(10).takeForReconciling(0, 100))).isEqualTo(10);
    }

    @Test
    void half_a_second_brings_half_of_it() throws Exception {
        assertThat(get(budget(2).takeForReconciling(0, 2))).isEqualTo(2);
        timeGoesBy("0.5 seconds");
        assertThat(get(budget(2).takeForReconciling(0, 2))).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 7, 10, 49, 1000})
    void reconciling_gets_whole_calls_up_to_what_is_there(int callsPerSecond) throws Exception {
        assertThat(get(budget(callsPerSecond).takeForReconciling(0, callsPerSecond + 5)))
                .isEqualTo(callsPerSecond);
    }

    @Test
    void reconciling_gets_no_more_than_it_wants_and_leaves_the_rest_to_opens() throws Exception {
        assertThat(get(budget(4).takeForReconciling(0, 3))).isEqualTo(3);
        assertThat(get(budget(4).takeForReconciling(0, 0))).isZero();
        assertThat(get(budget(4).takeForReconciling(0, -1))).isZero();
        assertThat(secondsUntilFull()).isBetween(0.0, 0.75);
    }

    @Test
    void reconciling_never_goes_into_debt() throws Exception {
        sql("update vendor_budget set full_at = clock_timestamp() + interval '0.9 seconds'");
        assertThat(get(budget(1).takeForReconciling(0, 5))).isZero();
    }

    @Test
    void what_is_given_back_can_be_taken_again_and_is_never_more_than_a_burst() throws Exception {
        PostgresVendorBudget budget = budget(2);
        assertThat(get(budget.takeForReconciling(0, 2))).isEqualTo(2);
        get(budget.giveBack(1));
        assertThat(get(budget.takeForReconciling(0, 2))).isEqualTo(1);

        get(budget.giveBack(1000));
        get(budget.giveBack(0));
        assertThat(get(budget.takeForReconciling(0, 1000))).isEqualTo(2);
    }

    @Test
    void opens_that_keep_the_bucket_in_debt_do_not_starve_reconciling() throws Exception {
        sql("update vendor_budget set full_at = clock_timestamp() + interval '2 seconds'");
        PostgresVendorBudget budget = budget(4);

        // It finds nothing, but a place in the line is now its own; asking again does not make it two.
        assertThat(get(budget.takeForReconciling(0, 5))).isZero();
        assertThat(get(budget.takeForReconciling(0, 5))).isZero();
        assertThat(number("select promised from vendor_budget")).isEqualTo(1);
        assertThat(secondsUntilFull()).isLessThan(2.26);
        assertThat(get(budget.takeOne())).isFalse();

        timeGoesBy("1.25 seconds");
        List<CompletableFuture<Boolean>> opens = take(budget, 20);
        assertThat(granted(opens)).isPositive();
        assertThat(get(budget.takeForReconciling(0, 5))).isEqualTo(1);
        assertThat(number("select promised from vendor_budget")).isZero();
    }

    @Test
    void a_promise_that_nobody_fetches_does_not_make_the_burst_larger() throws Exception {
        sql("update vendor_budget set full_at = clock_timestamp() + interval '2 seconds'");
        assertThat(get(budget(8).takeForReconciling(0, 8))).isZero();
        timeGoesBy("1 hour");

        assertThat(get(budget(8).takeForReconciling(0, 100))).isEqualTo(8);
        assertThat(secondsUntilFull()).isBetween(0.5, 1.0);
    }

    @Test
    void a_call_to_slow_down_halves_reconciling_and_leaves_opens_alone() throws Exception {
        PostgresVendorBudget budget = budget(16);
        get(budget.slowDown());
        assertThat(get(budget.takeForReconciling(0, 100))).isEqualTo(8);
        for (int i = 0; i < 8; i++) {
            assertThat(get(budget.takeOne())).isTrue();
        }
    }

    @Test
    void many_signals_within_a_second_are_one() throws Exception {
        PostgresVendorBudget budget = budget(16);
        for (int i = 0; i < 5; i++) {
            get(budget.slowDown());
        }
        assertThat(number("select slow_level from vendor_budget")).isEqualTo(1);
    }

    @Test
    void each_further_signal_halves_again_down_to_an_eighth() throws Exception {
        PostgresVendorBudget budget = budget(16);
        for (int i = 0; i < 9; i++) {
            get(budget.slowDown());
            timeGoesBy("1 second");
        }
        assertThat(number("select slow_level from vendor_budget")).isEqualTo(3);

        assertThat(get(budget.takeForReconciling(0, 100))).isEqualTo(2);
        timeGoesBy("0.4 seconds");
        assertThat(get(budget.takeForReconciling(0, 100))).isZero();
        timeGoesBy("0.6 seconds");
        assertThat(get(budget.takeForReconciling(0, 100))).isEqualTo(2);
    }

    @Test
    void even_the_slowest_rate_brings_one_call_in_eight_seconds() throws Exception {
        sql("update vendor_budget set slow_level = 3, slowed_at = clock_timestamp()");
        PostgresVendorBudget budget = budget(1);
        assertThat(get(budget.takeForReconciling(0, 10))).isEqualTo(1);
        sql("update vendor_budget set full_at = to_timestamp(0), promised = 0,"
                + " reconcile_full_at = reconcile_full_at - interval '8 seconds'");
        assertThat(get(budget.takeForReconciling(0, 10))).isEqualTo(1);
    }

    @Test
    void last_looks_are_not_slowed_down() throws Exception {
        sql("update vendor_budget set slow_level = 3, slowed_at = clock_timestamp()");
        PostgresVendorBudget budget = budget(16);

        assertThat(get(budget.takeForReconciling(10, 100)))
                .as("ten of them, and two others")
                .isEqualTo(12);
        timeGoesBy("0.25 seconds");
        assertThat(get(budget.takeForReconciling(3, 100)))
                .as("the others have used up their part")
                .isEqualTo(3);
    }

    @Test
    void last_looks_keep_to_the_budget() throws Exception {
        sql("update vendor_budget set slow_level = 3, slowed_at = clock_timestamp()");
        PostgresVendorBudget budget = budget(2);

        assertThat(get(budget.takeForReconciling(100, 0))).isEqualTo(2);
        assertThat(get(budget.takeForReconciling(100, 0))).isZero();
    }

    @Test
    void last_looks_are_promised_calls_when_opens_leave_none() throws Exception {
        sql("update vendor_budget set full_at = clock_timestamp() + interval '2 seconds', slow_level = 3,"
                + " slowed_at = clock_timestamp(), reconcile_full_at = clock_timestamp() + interval '2 seconds'");

        assertThat(get(budget(16).takeForReconciling(100, 100))).isZero();

        assertThat(number("select promised from vendor_budget")).isEqualTo(4);
    }

    @Test
    void reconciling_recovers_by_one_level_in_ten_seconds_without_a_signal() throws Exception {
        PostgresVendorBudget budget = budget(16);
        sql("update vendor_budget set slow_level = 3, slowed_at = clock_timestamp()");
        assertThat(get(budget.takeForReconciling(0, 100))).isEqualTo(2);
        timeGoesBy("10 seconds");
        assertThat(get(budget.takeForReconciling(0, 100))).isEqualTo(4);
        timeGoesBy("10 seconds");
        assertThat(get(budget.takeForReconciling(0, 100))).isEqualTo(8);
        timeGoesBy("10 seconds");
        assertThat(get(budget.takeForReconciling(0, 100))).isEqualTo(16);

        // What was recovered is not forgotten by the next signal.
        get(budget.slowDown());
        assertThat(number("select slow_level from vendor_budget")).isEqualTo(1);
    }

    @Test
    void two_replicas_together_never_take_more_than_the_rate_and_one_burst() throws Exception {
        int rate = 50;
        double start = number("select extract(epoch from clock_timestamp())");

        List<Uni<Integer>> takers = new ArrayList<>();
        for (Pool replica : List.of(pool, otherReplica)) {
            for (int i = 0; i < 10; i++) {
                // Every other one reconciles; each goes on until it has asked 25 times.
                takers.add(i % 2 == 0 ? opening(budget(replica, rate)) : reconciling(budget(replica, rate)));
            }
        }
        int made = Uni.join().all(takers).andFailFast().await().atMost(Duration.ofSeconds(60)).stream()
                .mapToInt(Integer::intValue)
                .sum();

        double seconds = number("select extract(epoch from clock_timestamp())") - start;
        // All waits are over, so each of these calls could have been made by now.
        assertThat(made).isLessThanOrEqualTo((int) Math.ceil(rate * seconds) + rate);
        // And the limit is what held them: nothing was lost between the replicas.
        assertThat(made).isGreaterThan(rate);
    }

    private static Uni<Integer> opening(PostgresVendorBudget budget) {
        return Multi.createFrom()
                .range(0, 25)
                .onItem()
                .transformToUniAndConcatenate(i -> budget.takeOne())
                .filter(taken -> taken)
                .collect()
                .asList()
                .map(List::size);
    }

    private static Uni<Integer> reconciling(PostgresVendorBudget budget) {
        return Multi.createFrom()
                .range(0, 25)
                .onItem()
                .transformToUniAndConcatenate(i -> budget.takeForReconciling(0, 5))
                .collect()
                .asList()
                .map(granted -> granted.stream().mapToInt(Integer::intValue).sum());
    }
}

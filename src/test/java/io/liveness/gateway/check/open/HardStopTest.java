package io.liveness.gateway.check.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Budgets that nothing is opened beyond, by however many opens and replicas at once. A fee is 0.80 CNY. */
@QuarkusTest
class HardStopTest {

    private static final int AT_ONCE = 40;

    private final Api shop = Api.asNewCaller();
    private final Api admin = Api.as("admin-" + UUID.randomUUID(), "finance-admin");

    @Inject
    Sandbox sandbox;

    @Inject
    SettableClock clock;

    @Inject
    Stored stored;

    @BeforeEach
    void the_vendor_takes_all() throws SQLException {
        stored.fillBudget();
    }

    @AfterEach
    void remove_what_the_test_stored() {
        admin.request().delete("/v1/budgets/" + shop.caller());
    }

    @Test
    void of_forty_opens_at_once_ten_fit_into_the_budget() {
        set("8.00");
        long inits = sandbox.books().initCalls();
        List<Integer> answers = Api.atOnce(AT_ONCE, () -> shop.open("abandon").statusCode());

        assertThat(answers).filteredOn(status -> status == 201).hasSize(10);
        assertThat(answers).filteredOn(status -> status == 429).hasSize(30);
        assertThat(sandbox.books().initCalls()).isEqualTo(inits + 10);
        assertThat(preDeducted()).isEqualTo(8_000_000);
    }

    /** The budget is written to its table, as another replica would: this replica has read nothing of it. */
    @Test
    void a_budget_that_is_set_changed_or_removed_counts_for_the_next_open() throws SQLException {
        shop.open("pass").then().statusCode(201);
        stored.execute("insert into caller_budget values (?, 800000, 'CNY', true, 'finance', now())", shop.caller());
        shop.open("pass")
                .then()
                .statusCode(429)
                .body("code", equalTo("budget-exhausted"))
                .header("Retry-After", Integer::parseInt, greaterThanOrEqualTo(1));

        stored.execute("update caller_budget set amount = 1600000 where caller = ?", shop.caller());
        shop.open("pass").then().statusCode(201);
        shop.open("pass").then().statusCode(429);

        stored.execute("update caller_budget set hard_stop = false where caller = ?", shop.caller());
        shop.open("pass").then().statusCode(201);
        stored.execute("update caller_budget set hard_stop = true where caller = ?", shop.caller());
        shop.open("pass").then().statusCode(429);

        stored.execute("delete from caller_budget where caller = ?", shop.caller());
        shop.open("pass").then().statusCode(201);
    }

    @Test
    void a_configured_budget_counts_until_one_is_set() throws SQLException {
        Api configured = Api.as("stopped");
        configured.open("pass");

        configured.open("pass").then().statusCode(429).body("code", equalTo("budget-exhausted"));
        stored.execute("insert into caller_budget values ('stopped', 80000000000, 'CNY', true, 'finance', now())");
        try {
            configured.open("pass").then().statusCode(201);
        } finally {
            stored.execute("delete from caller_budget where caller = 'stopped'");
        }
        configured.open("pass").then().statusCode(429);
    }

    @Test
    void a_fee_that_comes_back_makes_room_at_once_and_so_does_an_open_without_one() {
        set("1.60");
        shop.open("code-601");
        String returns = shop.opened("fail");
        shop.open("drop-after-fee").then().statusCode(504);
        shop.open("pass").then().statusCode(429).body("code", equalTo("budget-exhausted"));

        shop.check(returns).then().body("charge.status", equalTo("REFUNDED"));

        shop.open("charge-false").then().statusCode(201);
        shop.open("pass").then().statusCode(201);
        shop.open("pass").then().statusCode(429);
    }

    @Test
    void old_fees_are_summed_once_and_one_that_comes_back_later_makes_room() throws SQLException {
        String charged = shop.opened("pass");
        shop.check(charged);
        String open = shop.opened("fail");
        String back = shop.opened("fail");
        shop.check(back);
        movedBack(charged, 5);
        movedBack(open, 3);
        movedBack(back, 2);
        shop.opened("pass");
        set("2.40");

        // The one that came back just now is in the sum of ten minutes ago.
        assertThat(sum()).containsExactly("2400000");
        assertThat(spent()).isEqualTo("2.40");
        shop.open("pass").then().statusCode(429);
        shop.check(open).then().body("charge.status", equalTo("REFUNDED"));
        assertThat(spent()).isEqualTo("1.60");
        shop.open("pass").then().statusCode(201);
        shop.open("pass").then().statusCode(429);
    }

    @Test
    void a_sum_that_moves_on_leaves_out_what_came_back_before() throws SQLException {
        String back = shop.opened("fail");
        shop.check(back);
        movedBack(back, 5);
        String open = shop.opened("pass");
        movedBack(open, 4);
        String charged = shop.opened("pass");
        shop.check(charged);
        movedBack(charged, 2);
        set("8.00");
        assertThat(sum()).containsExactly("2400000");

        stored.unguarded(
                "update ledger_entry set recorded_at = liveness_now() - interval '1 hour' where caller = ? and kind <> 'PRE_DEDUCT'",
                shop.caller());
        // The sum is three hours old: then the third fee was not there, and the first had not come back.
        stored.execute(
                "update caller_spent set upto = liveness_now() - interval '3 hours', spent = 1600000 where caller = ?",
                shop.caller());

        assertThat(spent()).isEqualTo("1.60");
        set("8.00");
        assertThat(sum()).containsExactly("1600000");
        assertThat(spent()).isEqualTo("1.60");
    }

    /** Fees are stored with the replicas' time: one that is opened now must not be before the moment of the sum. */
    @Test
    void a_sum_moves_on_by_the_replicas_clock_and_not_by_the_databases() throws SQLException {
        movedBack(shop.opened("pass"), 1);
        stored.execute("create or replace function liveness_now() returns timestamptz language sql stable"
                + " return now() + interval '1 day'");
        try {
            set("8.00");
        } finally {
            clock.advance(Duration.ZERO);
        }

        assertThat(stored.count(
                        "select count(*) from caller_spent where caller = ? and upto <= ?",
                        shop.caller(),
                        clock.instant().minus(Duration.ofMinutes(10)).atOffset(ZoneOffset.UTC)))
                .isOne();
    }

    private List<String> sum() {
        return stored.strings(
                "select spent from caller_spent where caller = ? and upto > liveness_now() - interval '12 minutes'",
                shop.caller());
    }

    private String spent() {
        return admin.request().get("/v1/budgets/" + shop.caller()).path("spent.value");
    }

    @Test
    void its_sum_reads_what_was_opened_or_ended_since_the_stored_sum_by_indexes_and_no_other_fee() throws SQLException {
        try (Connection connection = stored.connection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            fees(statement, 20_000, "CHARGE", "10 days", "5 days");
            fees(statement, 3_000, null, "10 days", null);
            fees(statement, 50, "REFUND", "10 days", "1 day");
            fees(statement, 100, "CHARGE", "1 hour", "1 minute");
            statement.execute(
                    "insert into caller_spent values ('busy', 'CNY', now() - interval '20 days', now() - interval '2 days', 40070000)");
            statement.execute("analyze ledger_entry");
            // The plan that a long-lived connection ends up with.
            statement.execute("set local plan_cache_mode = force_generic_plan");
            statement.execute("set local enable_seqscan = off");
            long before = rowsRead(statement);

            statement.execute("insert into caller_budget values ('busy', 200000000, 'CNY', true, 'test', now())");
            long room = number(
                    statement, "select budget_room('busy', null, '{\"CNY\": 800000}', now() - interval '20 days')");

            assertThat(room).isEqualTo((20_000 - 7 - 100 * 80 + 79) / 80);
            assertThat(rowsRead(statement) - before).isLessThanOrEqualTo(270);
            connection.rollback();
        }
    }

    /** @param end the kind of their end; null for open ones */
    private static void fees(Statement statement, int many, String end, String ago, String endedAgo)
            throws SQLException {
        String entries =
                "insert into ledger_entry (session_id, kind, basis, amount, currency, recorded_at, caller, init_at)";
        statement.execute(
                "create temporary table fee on commit drop as select gen_random_uuid() as id from generate_series(1, "
                        + many + ")");
        statement.execute(entries + " select id, 'PRE_DEDUCT', 'RULE', 800000, 'CNY', now(), 'busy', now() - interval '"
                + ago + "' from fee");
        if (end != null) {
            statement.execute(entries + " select id, '" + end + "', 'RULE', 800000, 'CNY', now() - interval '"
                    + endedAgo + "', null, null from fee");
        }
        statement.execute("drop table fee");
    }

    /** The count covers sequential scans and every index, within this transaction. */
    private static long rowsRead(Statement statement) throws SQLException {
        return number(statement, """
                select sum(seq_tup_read + (select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index
                                           where indrelid = relid))
                from pg_stat_xact_user_tables where relname in ('liveness_session', 'ledger_entry')
                """);
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void movedBack(String session, int hours) throws SQLException {
        stored.feeAt("init_at - interval '" + hours + " hours'", session);
    }

    private long preDeducted() {
        return stored.count(
                "select coalesce(sum(l.amount), 0) from ledger_entry l join liveness_session s on s.id = l.session_id"
                        + " where s.caller = ? and l.kind = 'PRE_DEDUCT'",
                shop.caller());
    }

    private void set(String amount) {
        admin.request()
                .contentType(ContentType.JSON)
                .body("{\"amount\":{\"value\":\"%s\",\"currency\":\"CNY\"},\"hardStop\":true}".formatted(amount))
                .put("/v1/budgets/" + shop.caller())
                .then()
                .statusCode(200);
    }
}

package io.liveness.gateway.finance.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LogRecorder;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Monthly budgets of callers. A fee is 0.80 CNY. */
@QuarkusTest
class BudgetTest {

    private static final String BUDGETS = "/v1/budgets";

    private final Api shop = Api.asNewCaller();
    private final Api admin = Api.as("admin-" + UUID.randomUUID(), "finance-admin");

    @Inject
    WatchBudgets watch;

    @Inject
    Stored stored;

    @Inject
    Sandbox sandbox;

    @Inject
    MeterRegistry meters;

    @AfterEach
    void remove_what_the_test_stored() throws SQLException {
        stored.execute("delete from caller_budget");
        read();
    }

    @Test
    void a_budget_is_set_read_changed_and_removed() {
        set("10.00", false)
                .body("caller", equalTo(shop.caller()))
                .body("amount", equalTo(Map.of("value", "10.00", "currency", "CNY")))
                .body("spent", equalTo(Map.of("value", "0.00", "currency", "CNY")))
                .body("hardStop", equalTo(false))
                .body("reached", equalTo(0))
                .body("setBy", equalTo(admin.caller()));
        set("20.00", true).body("amount.value", equalTo("20.00")).body("hardStop", equalTo(true));

        assertThat(listed()).contains(shop.caller());
        shop.request().get(path(shop)).then().statusCode(200).body("amount.value", equalTo("20.00"));
        admin.request().delete(path(shop)).then().statusCode(204);

        assertThat(listed()).doesNotContain(shop.caller());
        admin.request().delete(path(shop)).then().statusCode(404);
        shop.request().get(path(shop)).then().statusCode(404);
    }

    @Test
    void spent_is_what_was_pre_deducted_and_has_not_come_back() {
        set("10.00", false);
        shop.settled("pass");
        shop.settled("fail");
        shop.opened("abandon");
        shop.open("drop-after-fee").then().statusCode(504);
        shop.open("code-601");
        shop.settled("charge-false");

        stands().body("spent.value", equalTo("2.40"));
    }

    @Test
    void a_fee_in_another_currency_or_month_is_not_of_the_budget() throws SQLException {
        String dollars = shop.opened("pass");
        String before = shop.opened("pass");
        shop.opened("pass");
        stored.unguarded("update ledger_entry set currency = 'USD' where session_id = ?", UUID.fromString(dollars));
        String begin = "date_trunc('month', liveness_now() at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai'";
        stored.feeAt("(" + begin + ") - interval '1 microsecond'", before);
        set("10.00", false);

        stands().body("spent.value", equalTo("0.80"));
        stored.feeAt(begin, before);
        stored.execute("delete from caller_spent");
        stands().body("spent.value", equalTo("1.60"));
    }

    @Test
    void an_open_tells_how_far_the_budget_is_spent() {
        shop.open("pass").then().statusCode(201).header("RateLimit", nullValue());
        set("1.60", false);

        shop.open("pass")
                .then()
                .statusCode(201)
                .header("RateLimit-Policy", containsString("\"budget\";q=160;qu=\"CNY\";w="))
                .header("RateLimit", containsString("\"budget\";r=80;t="))
                .header("RateLimit", containsString(";reached=50"));
        read();
        shop.open("pass").then().statusCode(201).header("RateLimit", containsString("\"budget\";r=0;t="));
        Api.asNewCaller().open("pass").then().header("RateLimit", nullValue());
        shop.request().get(Api.SESSIONS).then().header("RateLimit", not(containsString("budget")));
    }

    @Test
    void a_budget_that_stops_hard_opens_nothing_once_it_is_spent() {
        set("1.00", true);
        shop.opened("pass");
        shop.opened("pass");
        read();
        long calls = sandbox.books().initCalls();
        double refusals = refusals();

        String key = UUID.randomUUID().toString();
        ValidatableResponse refused = shop.open(key, Api.scenario("pass"))
                .then()
                .statusCode(429)
                .contentType("application/problem+json")
                .body("code", equalTo("budget-exhausted"))
                .body("sessionId", nullValue())
                .header("RateLimit", containsString("\"budget\";r=0;"))
                .header("RateLimit", containsString("reached=100"));

        assertThat(Integer.parseInt(refused.extract().header("Retry-After"))).isBetween(1, 3600);
        assertThat(sandbox.books().initCalls()).isEqualTo(calls);
        assertThat(stored.count("select count(*) from liveness_session where caller = ?", shop.caller()))
                .isEqualTo(2);
        assertThat(refusals()).isEqualTo(refusals + 1);

        set("3.00", true);
        shop.open(key, Api.scenario("pass")).then().statusCode(201);
    }

    @Test
    void another_try_after_a_retryable_rejection_is_an_open_too() {
        String key = UUID.randomUUID().toString();
        String body = Api.scenario("code-609-once").replace("done", key);
        String id = shop.open(key, body).then().statusCode(503).extract().path("sessionId");
        set("0.00", true);

        shop.open(key, body).then().statusCode(429).body("code", equalTo("budget-exhausted"));
        assertThat(shop.eventTypes(id)).containsExactly("OPENING", "REJECTED");

        set("1.00", true);
        shop.open(key, body).then().statusCode(201).body("id", equalTo(id));
    }

    @Test
    void each_level_is_logged_when_it_is_reached_and_not_at_each_reading() {
        set("1.60", false);
        try (LogRecorder log = LogRecorder.start()) {
            shop.opened("pass");
            read();
            read();
            assertThat(told(log)).containsExactly("50");

            shop.opened("pass");
            read();
            read();
            assertThat(told(log)).containsExactly("50", "100");
        }
    }

    @Test
    void no_request_waits_while_the_sums_wait_for_another_replica() throws Exception {
        set("10.00", false);
        stored.execute("delete from caller_spent");
        CompletableFuture<Void> waiting;
        try (Connection other = stored.connection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("lock table caller_spent in share mode");
            waiting = CompletableFuture.runAsync(watch::watch);
            Patience.await("the sums to wait", Duration.ofSeconds(20))
                    .until(() -> stored.count(
                                    "select count(*) from pg_locks where relation = 'caller_spent'::regclass and not granted")
                            > 0);

            CompletableFuture<?> read = CompletableFuture.supplyAsync(() -> get(shop));
            assertThat(read).succeedsWithin(Duration.ofSeconds(4));
            CompletableFuture<?> changed = CompletableFuture.supplyAsync(() -> set("20.00", true));
            assertThat(changed).succeedsWithin(Duration.ofSeconds(10));
            other.rollback();
        }
        waiting.join();
    }

    @Test
    void a_configured_budget_is_in_force_until_one_is_set_and_again_when_that_is_taken_back() {
        Api configured = Api.as("budgeted");
        get(configured).body("amount.value", equalTo("1000000.00")).body("setBy", nullValue());
        admin.request().delete(path(configured)).then().statusCode(404);

        put(configured, "{\"amount\":{\"value\":\"5.00\",\"currency\":\"CNY\"}}")
                .statusCode(200);
        get(configured).body("amount.value", equalTo("5.00"));
        admin.request().delete(path(configured)).then().statusCode(204);

        get(configured).body("amount.value", equalTo("1000000.00"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"amount":{"value":"1.00005","currency":"JPY"}}                | amount
        {"amount":{"value":"1.00","currency":"XXZ"}}                   | amount
        {"amount":{"value":"-1.00","currency":"CNY"}}                  | amount.value
        {"amount":{"value":"1e3","currency":"CNY"}}                    | amount.value
        {"amount":{"value":"1000000000000","currency":"CNY"}}          | amount.value
        {"amount":{"value":"1.00","currency":"cny"}}                   | amount.currency
        {"amount":{"value":"1.00"}}                                    | amount.currency
        {"hardStop":true}                                              | amount
        {"amount":{"value":"1.00","currency":"CNY"},"hardStop":"yes"}  | hardStop
        {"amount":{"value":"1.00","currency":"CNY"},"soft":true}       | soft
        """)
    void a_malformed_budget_is_refused_by_name(String body, String field) {
        put(shop, body).statusCode(400).body("errors.field", equalTo(List.of(field)));
        assertThat(listed()).doesNotContain(shop.caller());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "liveness,      403, 200, 403, 403, 403",
        "finance,       200, 200, 200, 403, 403",
        "finance-admin, 200, 200, 200, 200, 204",
        "operator,      403, 403, 403, 403, 403",
    })
    void the_role_decides(String role, int list, int own, int others, int set, int delete) {
        String body = "{\"amount\":{\"value\":\"1.00\",\"currency\":\"CNY\"}}";
        Api who = Api.as("someone-" + UUID.randomUUID(), role);
        put(who, body).statusCode(200);
        put(shop, body).statusCode(200);

        who.request().get(BUDGETS).then().statusCode(list);
        who.request().get(path(who)).then().statusCode(own);
        who.request().get(path(shop)).then().statusCode(others);
        who.request()
                .contentType(ContentType.JSON)
                .body(body)
                .put(path(who))
                .then()
                .statusCode(set);
        who.request().delete(path(who)).then().statusCode(delete);
    }

    private List<String> told(LogRecorder log) {
        return log.lines().stream()
                .filter(line -> line.contains("budget.reached caller=" + shop.caller()))
                .map(line -> line.replaceAll(".*percent=(\\d+).*", "$1"))
                .toList();
    }

    private double refusals() {
        return meters.get("liveness.limits.refused")
                .tag("limit", "budget")
                .counter()
                .count();
    }

    private void read() {
        watch.watch();
    }

    private ValidatableResponse set(String amount, boolean hardStop) {
        return put(
                        shop,
                        "{\"amount\":{\"value\":\"%s\",\"currency\":\"CNY\"},\"hardStop\":%s}"
                                .formatted(amount, hardStop))
                .statusCode(200);
    }

    private ValidatableResponse put(Api whose, String body) {
        return admin.request()
                .contentType(ContentType.JSON)
                .body(body)
                .put(path(whose))
                .then();
    }

    private ValidatableResponse stands() {
        read();
        return get(shop);
    }

    private ValidatableResponse get(Api whose) {
        return admin.request().get(path(whose)).then().statusCode(200);
    }

    private List<String> listed() {
        return admin.request().get(BUDGETS).then().statusCode(200).extract().path("items.caller");
    }

    private static String path(Api whose) {
        return BUDGETS + "/" + whose.caller();
    }
}

package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class SummaryTest {

    private static final String SUMMARY = Api.CHARGES + "/summary";
    private static final String OPEN = Api.CHARGES + "/open-by-age";

    private final Api shop = Api.asNewCaller();

    @Inject
    Stored stored;

    @Inject
    DataSource database;

    @AfterEach
    void remove_what_is_made_up() throws SQLException {
        stored.removeBefore(Instant.parse("2020-01-01T00:00:00Z"));
    }

    @Test
    void a_caller_sees_only_its_own_fees() {
        shop.opened("pass");
        Api stranger = Api.asNewCaller();
        stranger.opened("abandon");

        ask(shop, Map.of("groupBy", "caller")).body("items.key", equalTo(List.of(shop.caller())));
        ask(shop, Map.of("groupBy", "caller", "caller", shop.caller()))
                .body("items.key", equalTo(List.of(shop.caller())));
        open(shop, Map.of()).body("totals[0].open.count", equalTo(1));
        for (String path : List.of(SUMMARY, OPEN)) {
            for (String caller : List.of(stranger.caller(), "no-such-caller")) {
                shop.request()
                        .queryParam("caller", caller)
                        .get(path)
                        .then()
                        .statusCode(403)
                        .body("code", equalTo("forbidden"));
            }
        }
    }

    @Test
    void open_fees_are_by_age_and_unconfirmed_ones_on_a_separate_line() throws SQLException {
        String old = shop.opened("abandon");
        shop.opened("abandon");
        shop.settled("pass");
        String lost = shop.open("drop-after-fee").path("sessionId");
        age(old, "1 hour");
        age(lost, "3 hours 59 minutes");

        open(shop, Map.of())
                .body("items.age", equalTo(List.of("0-10m", "1-2h", "2-4h")))
                .body("items.open.count", equalTo(List.of(1, 1, 0)))
                .body("items.unconfirmed.count", equalTo(List.of(0, 0, 1)))
                .body("totals.size()", equalTo(1))
                .body("totals[0].age", nullValue())
                .body("totals[0].open", equalTo(Map.of("count", 2, "amount", "1.60")))
                .body("totals[0].unconfirmed", equalTo(Map.of("count", 1, "amount", "0.80")));
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "groupBy, week",
        "groupBy, DAY",
        "timeZone, Mars/Olympus",
        "timeZone, 2026",
        "from, 2026-11-01",
        "from, 9999-01-01T00:00:00Z",
        "from, 2020-01-01T00:00:00Z",
        "to, yesterday",
        "to, 9999-12-31T23:00:00-05:00",
    })
    void what_cannot_be_summed_is_refused_by_name(String parameter, String value) {
        shop.request()
                .queryParam(parameter, value)
                .get(SUMMARY)
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid-request"))
                .body("errors.field", equalTo(List.of(parameter)));
    }

    @Test
    void more_groups_than_can_be_told_are_refused() throws SQLException {
        stored.execute("""
                insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url,
                    action_style, actions, action_mutex, anti_camera_hack, cost_centre, fee_amount, fee_currency, attempt, init_at,
                    created_at, updated_at)
                select gen_random_uuid(), ?, n::text, '', 'PASSED', 'CHARGED', 'wx.history', 'SILENT', '', true, true, 'cc-' || n, 800000,
                    'CNY', 1, at, at, at
                from generate_series(0, ?) n, lateral (select timestamptz '1998-01-01Z' + n * interval '1 second' as at) a
                """, shop.caller(), SumCharges.MOST_GROUPS);
        for (String kind : List.of("PRE_DEDUCT", "CHARGE")) {
            stored.execute("""
                    insert into ledger_entry (session_id, kind, basis, amount, currency, recorded_at, caller, cost_centre, init_at)
                    select id, ?, 'RULE', fee_amount, fee_currency, init_at, caller, cost_centre, init_at
                    from liveness_session where caller = ? and init_at < '1999-01-01Z'
                    """, kind, shop.caller());
        }
        Map<String, String> allOfThem =
                Map.of("groupBy", "costCentre", "from", "1998-01-01T00:00:00Z", "to", "1998-02-01T00:00:00Z");

        shop.request()
                .queryParams(allOfThem)
                .get(SUMMARY)
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("groupBy"));
        assertThat(ask(
                                shop,
                                Map.of(
                                        "groupBy",
                                        "costCentre",
                                        "from",
                                        "1998-01-01T00:00:01Z",
                                        "to",
                                        "1998-02-01T00:00:00Z"))
                        .extract()
                        .<List<String>>path("items.key"))
                .hasSize(SumCharges.MOST_GROUPS);
    }

    @Test
    void more_at_once_than_there_are_places_for_are_refused() throws SQLException {
        ExecutorService callers = Executors.newFixedThreadPool(SummaryPlaces.MAX_AT_ONCE);
        List<CompletableFuture<Response>> waiting;
        Api other = Api.asNewCaller();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table ledger_entry in access exclusive mode");
            waiting = Stream.of(shop, shop, other, other)
                    .map(who ->
                            CompletableFuture.supplyAsync(() -> who.request().get(SUMMARY), callers))
                    .toList();
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> stored.count("select count(*) from pg_stat_activity"
                                    + " where wait_event_type = 'Lock' and query like '%open_fees()%'")
                            == SummaryPlaces.MAX_AT_ONCE);

            for (String summary : List.of(SUMMARY, "/v1/insights")) {
                shop.request()
                        .get(summary)
                        .then()
                        .statusCode(429)
                        .header("Retry-After", "1")
                        .body("code", equalTo("rate-limited"));
                Api.asNewCaller()
                        .request()
                        .get(summary)
                        .then()
                        .statusCode(503)
                        .header("Retry-After", "1")
                        .body("code", equalTo("busy"));
            }
            // The sums of open fees are no summary.
            open(shop, Map.of());
            connection.rollback();
        } finally {
            callers.shutdown();
        }

        assertThat(waiting).extracting(answer -> answer.join().statusCode()).containsOnly(200);
        ask(shop, Map.of());
    }

    private void age(String session, String by) throws SQLException {
        stored.feeAt("init_at - interval '" + by + "'", session);
    }

    private static ValidatableResponse ask(Api who, Map<String, String> query) {
        return get(who, SUMMARY, query);
    }

    private static ValidatableResponse open(Api who, Map<String, String> query) {
        return get(who, OPEN, query);
    }

    private static ValidatableResponse get(Api who, String path, Map<String, String> query) {
        return who.request().queryParams(query).get(path).then().statusCode(200);
    }
}

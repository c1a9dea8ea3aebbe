package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class HistoryTest {

    private final Api shop = Api.asNewCaller();
    private final Api finance = Api.as("finance-" + UUID.randomUUID(), "finance");

    @Inject
    Stored stored;

    @ParameterizedTest
    @CsvSource({"pass, CHARGE, 200, PASSED, CHARGED", "fail, REFUND, 203, FAILED, REFUNDED"})
    void a_fee_that_has_ended_tells_its_movements_and_events(
            String scenario, String ending, int code, String status, String charge) {
        String id = shop.opened(scenario);
        String taskNo = shop.check(id).path("charge.taskNo");

        Response history = history(finance, id);

        assertThat(history.<List<String>>path("ledger.kind")).containsExactly("PRE_DEDUCT", ending);
        assertThat(history.<List<String>>path("ledger.basis")).containsExactly("VENDOR", "RULE");
        assertThat(history.<List<String>>path("ledger.amount.value")).containsExactly("0.80", "0.80");
        assertThat(history.<List<String>>path("ledger.taskNo")).containsExactly(taskNo, taskNo);
        assertThat(history.<List<String>>path("events.type"))
                .containsExactly("OPENING", "OPENED", "CHECKED", "SETTLED");
        assertThat(history.<Integer>path("events[2].code")).isEqualTo(code);
        assertThat(history.<Map<String, String>>path("events[3]"))
                .containsEntry("status", status)
                .containsEntry("charge", charge);
    }

    @Test
    void corrections_are_listed_and_finance_sees_their_author() throws SQLException {
        String id = shop.opened("pass");
        shop.check(id);
        UUID acceptance = UUID.randomUUID();
        UUID statement = UUID.randomUUID();
        stored.execute(
                "insert into statement (id, status, dry_run, sha256, mapping, definition, definition_hash, currency, imported_by, imported_at,"
                        + " worked_at) values (?, 'FAILED', true, '', 'default', '{}', '', 'CNY', 'fiona', now(), now())",
                statement);
        stored.execute(
                "insert into statement_acceptance (id, difference_id, statement_id, kind, session_id, state, amount, currency, reason,"
                        + " accepted_by, accepted_at, posted_at, undone_by, undone_at, undone_reason)"
                        + " values (?, ?, ?, 'AMOUNT_DIFFERS', ?, 'UNDONE', 105000, 'CNY', 'their price', 'fiona', now(), now(), 'anna', now(), 'no')",
                acceptance,
                UUID.randomUUID(),
                statement,
                UUID.fromString(id));
        for (int amount : new int[] {105_000, -105_000}) {
            stored.execute(
                    "insert into ledger_entry (session_id, kind, basis, amount, currency, recorded_at, acceptance_id)"
                            + " values (?, 'ADJUSTMENT', 'VENDOR', ?, 'CNY', now(), ?)",
                    UUID.fromString(id),
                    amount,
                    acceptance);
        }
        try {
            Response all = history(finance, id);
            Response own = history(shop, id);

            assertThat(all.<List<String>>path("ledger.kind"))
                    .containsExactly("PRE_DEDUCT", "CHARGE", "ADJUSTMENT", "ADJUSTMENT");
            assertThat(all.<List<String>>path("ledger.amount.value"))
                    .containsExactly("0.80", "0.80", "0.105", "-0.105");
            assertThat(all.<List<String>>path("ledger.reason")).containsExactly(null, null, "their price", "no");
            assertThat(all.<List<String>>path("ledger.by")).containsExactly(null, null, "fiona", "anna");
            assertThat(own.<List<String>>path("ledger.kind")).isEqualTo(all.path("ledger.kind"));
            assertThat(own.asString()).doesNotContain("fiona", "their price");
        } finally {
            stored.unguarded("delete from ledger_entry where acceptance_id = ?", acceptance);
            stored.execute("delete from statement_acceptance");
            stored.execute("delete from statement where id = ?", statement);
        }
    }

    @Test
    void a_lost_fee_is_presumed_and_has_no_end_yet() {
        String id = shop.open("drop-after-fee").path("sessionId");

        Response history = history(finance, id);

        assertThat(history.<List<String>>path("ledger.kind")).containsExactly("PRE_DEDUCT");
        assertThat(history.<List<String>>path("ledger.basis")).containsExactly("PRESUMED");
        assertThat(history.<List<String>>path("events.type")).containsExactly("OPENING", "OUTCOME_UNKNOWN");
    }

    @Test
    void personal_data_and_the_callers_data_are_not_shown() {
        String id = shop.open("key", """
                        {"returnUrl":"https://shop.example/hidden","title":"sandbox:pass","metadata":{"name":"hidden"}}""").path("id");
        String token = shop.get(id).path("token");
        shop.check(id);

        assertThat(history(finance, id).asString())
                .doesNotContain("hidden", "sandbox:pass", "capture.html", token)
                .doesNotContainIgnoringCase("face");
    }

    @Test
    void a_session_without_a_fee_has_no_charge() {
        String free = shop.opened("charge-false");

        for (String id : List.of(free, UUID.randomUUID().toString())) {
            get(finance, id).then().statusCode(404).body("code", equalTo("not-found"));
        }
        get(finance, "none").then().statusCode(400).body("errors[0].field", equalTo("id"));
    }

    @Test
    void a_caller_sees_only_the_history_of_its_own_fees() {
        String own = shop.opened("pass");
        String others = Api.asNewCaller().opened("pass");

        history(shop, own);
        get(shop, others).then().statusCode(404);
    }

    private static Response history(Api who, String session) {
        return get(who, session).then().statusCode(200).extract().response();
    }

    private static Response get(Api who, String session) {
        return who.request().get(Api.CHARGES + "/" + session + "/history");
    }
}

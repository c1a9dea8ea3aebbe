package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.finance.ChargeFilter.Span;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ListChargesTest {

    private final Api shop = Api.asNewCaller();
    private final Api finance = Api.as("finance-" + UUID.randomUUID(), "finance");

    @Inject
    Stored stored;

    @Test
    void a_charge_tells_what_became_of_the_fee_and_how_that_is_known() {
        shop.settled("pass");
        shop.settled("fail");
        shop.opened("abandon");
        shop.settled("charge-absent");
        shop.open("drop-after-fee").then().statusCode(504);

        assertThat(charges(Map.of()))
                .extracting(charge -> charge.get("status") + "/" + charge.get("basis"))
                .containsExactly(
                        "UNCONFIRMED/PRESUMED", "CHARGED/RULE", "PRE_DEDUCTED/VENDOR", "REFUNDED/RULE", "CHARGED/RULE");
        assertThat(charges(Map.of()))
                .extracting(charge -> charge.containsKey("settledAt"))
                .containsExactly(false, true, false, true, true);
    }

    @Test
    void a_session_without_a_fee_has_no_charge() {
        shop.open("code-601");
        shop.settled("charge-false");

        assertThat(charges(Map.of())).isEmpty();
    }

    @Test
    void finance_sees_fees_but_no_personal_data_and_no_data_of_the_caller() {
        Response session = shop.open("key", """
                {"returnUrl":"https://shop.example/secret","title":"sandbox:pass","reference":"order-1",
                 "costCentre":"marketing-eu","metadata":{"name":"secret"}}""");
        Response settled = shop.check(session.path("id"));

        assertThat(charges(Map.of()))
                .containsExactly(Map.of(
                        "sessionId", session.path("id"),
                        "caller", shop.caller(),
                        "taskNo", settled.path("charge.taskNo"),
                        "status", "CHARGED",
                        "basis", "RULE",
                        "amount", Map.of("value", "0.80", "currency", "CNY"),
                        "openedAt", opened(session.path("id")),
                        "settledAt", settled.path("charge.settledAt"),
                        "reference", "order-1",
                        "costCentre", "marketing-eu"));
    }

    @Test
    void filters_narrow_the_list() {
        String charged = shop.settled("pass");
        String refunded = shop.settled("fail");
        String open = shop.opened("abandon");
        String lost = shop.open("drop-after-fee").path("sessionId");
        String taskNo = shop.get(refunded).path("charge.taskNo");

        assertThat(listed("status", "CHARGED")).containsExactly(charged);
        assertThat(listed("status", "REFUNDED")).containsExactly(refunded);
        assertThat(listed("status", "PRE_DEDUCTED")).containsExactly(open);
        assertThat(listed("status", "UNCONFIRMED")).containsExactly(lost);
        assertThat(listed("basis", "RULE")).containsExactly(refunded, charged);
        assertThat(listed("basis", "VENDOR")).containsExactly(open);
        assertThat(listed("basis", "PRESUMED")).containsExactly(lost);
        assertThat(listed("taskNo", taskNo)).containsExactly(refunded);
        assertThat(listed("taskNo", "none")).isEmpty();
        assertThat(listed("sessionId", open)).containsExactly(open);
        assertThat(listed("sessionId", UUID.randomUUID().toString())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"caller", "none"})
    void a_span_has_its_beginning_and_not_its_end(String scope) {
        List<String> ids = List.of(shop.settled("pass"), shop.settled("pass"), shop.settled("pass"));
        String opened = opened(ids.get(1));
        String ended = shop.get(ids.get(1)).path("charge.settledAt");
        String last = opened(ids.get(2));
        String lastEnded = shop.get(ids.get(2)).path("charge.settledAt");
        Api who = scope.equals("caller") ? shop : finance;

        assertThat(mine(who, Map.of("from", opened))).containsExactly(ids.get(2), ids.get(1));
        assertThat(mine(who, Map.of("from", opened, "to", last))).containsExactly(ids.get(1));
        assertThat(mine(who, Map.of("endedFrom", ended))).containsExactly(ids.get(2), ids.get(1));
        assertThat(mine(who, Map.of("endedFrom", ended, "endedTo", lastEnded))).containsExactly(ids.get(1));
        assertThat(mine(who, Map.of("from", last, "endedTo", lastEnded))).isEmpty();
    }

    @Test
    void a_cost_centre_has_its_charges_of_all_callers() {
        String costCentre = "cc-" + UUID.randomUUID().toString().substring(0, 8);
        String body = Api.scenario("pass").replace("}", ",\"costCentre\":\"" + costCentre + "\"}");
        String first = shop.open("key", body).path("id");
        String second = Api.asNewCaller().open("key", body).path("id");
        shop.opened("pass");

        assertThat(mine(finance, Map.of("costCentre", costCentre))).containsExactly(second, first);
        assertThat(mine(finance, Map.of("costCentre", costCentre, "caller", shop.caller())))
                .containsExactly(first);
        assertThat(mine(shop, Map.of("costCentre", costCentre))).containsExactly(first);
    }

    @Test
    void a_token_used_with_other_filters_is_refused() {
        IntStream.range(0, 3).forEach(n -> shop.opened("pass"));
        String token = page(null).path("nextPageToken");

        shop.request()
                .queryParam("pageToken", token)
                .queryParam("status", "CHARGED")
                .get(Api.CHARGES)
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("pageToken"));
    }

    @Test
    void a_caller_sees_only_its_own_charges() {
        String own = shop.opened("pass");
        Api stranger = Api.asNewCaller();
        String others = stranger.opened("pass");
        String othersTask = stranger.get(others).path("charge.taskNo");

        assertThat(mine(shop, Map.of())).containsExactly(own);
        assertThat(mine(shop, Map.of("caller", shop.caller()))).containsExactly(own);
        assertThat(mine(shop, Map.of("sessionId", others))).isEmpty();
        assertThat(mine(shop, Map.of("taskNo", othersTask))).isEmpty();
        for (String caller : List.of(stranger.caller(), "no-such-caller")) {
            shop.request()
                    .queryParam("caller", caller)
                    .get(Api.CHARGES)
                    .then()
                    .statusCode(403)
                    .body("code", equalTo("forbidden"));
        }
    }

    @Test
    void a_page_token_with_another_callers_session_does_not_reveal_its_time() {
        String first = shop.settled("pass");
        UUID others = UUID.fromString(Api.asNewCaller().opened("pass"));
        String second = shop.settled("pass");
        Span any = new Span(Optional.empty(), Optional.empty());
        ChargeFilter own = new ChargeFilter(
                Optional.of(shop.caller()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                any,
                any);

        assertThat(mine(shop, Map.of("pageToken", new PageToken(others).encode(List.of(own.text())))))
                .containsExactly(second, first);
    }

    private String opened(String session) {
        return stored.strings("""
                        select to_char(init_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                        from liveness_session where id = ?""", UUID.fromString(session)).get(0);
    }

    private List<String> listed(String filter, String value) {
        return charges(Map.of(filter, value)).stream()
                .map(charge -> (String) charge.get("sessionId"))
                .toList();
    }

    /** The charges of the one caller that finance sees. */
    private List<Map<String, Object>> charges(Map<String, String> filters) {
        return finance.request()
                .queryParam("caller", shop.caller())
                .queryParams(filters)
                .get(Api.CHARGES)
                .then()
                .statusCode(200)
                .extract()
                .path("items");
    }

    private static List<String> mine(Api who, Map<String, String> filters) {
        return who.request()
                .queryParams(filters)
                .get(Api.CHARGES)
                .then()
                .statusCode(200)
                .extract()
                .path("items.sessionId");
    }

    private Response page(String token) {
        var request = shop.request().queryParam("pageSize", 2);
        return (token == null ? request : request.queryParam("pageToken", token)).get(Api.CHARGES);
    }
}

package io.liveness.gateway.books.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.platform.security.Actor;
import io.liveness.gateway.sandbox.TokenIssuer;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The recorded acts on the books and their rules. */
@QuarkusTest
class AuditTest {

    private static final String AUDIT = "/v1/audit";

    private final String shop = "shop-" + UUID.randomUUID();
    private final Api admin = Api.as("admin-" + UUID.randomUUID(), "finance-admin");
    private final Api finance = Api.as("finance", "finance");

    @Inject
    Audit audit;

    @Inject
    Stored stored;

    @AfterEach
    void no_budget_is_left() throws SQLException {
        stored.execute("delete from caller_budget");
    }

    @Test
    void a_budget_that_is_set_and_one_that_is_removed_are_on_the_list_newest_first() {
        put("10.00", true).statusCode(200);
        admin.request().delete("/v1/budgets/" + shop).then().statusCode(204);
        admin.request().delete("/v1/budgets/" + shop).then().statusCode(404);

        List<Map<String, Object>> acts = acts("who", admin.caller());

        assertThat(acts).hasSize(2);
        assertThat(acts.get(0))
                .containsEntry("what", "budget-removed")
                .containsEntry("subject", shop)
                .containsEntry("detail", Map.of());
        assertThat(acts.get(1))
                .containsEntry("who", admin.caller())
                .containsEntry("what", "budget-set")
                .containsEntry("subject", shop)
                .containsEntry("detail", Map.of("amount", "10.00", "currency", "CNY", "hardStop", "true"));
    }

    @Test
    void an_act_names_the_person_and_none_for_a_service() {
        Api ada = Api.person("ada-" + UUID.randomUUID(), "office-" + UUID.randomUUID(), "finance-admin");
        put("10.00", true).statusCode(200);
        ada.request().delete("/v1/budgets/" + shop).then().statusCode(204);

        assertThat(acts("who", ada.caller()).get(0))
                .containsEntry(
                        "person",
                        Map.of("issuer", TokenIssuer.ISSUER, "subject", ada.subject(), "name", ada.subject()));
        assertThat(acts("who", admin.caller()).get(0)).doesNotContainKey("person");
    }

    @Test
    void entries_are_listed_by_actor_by_act_and_by_time() {
        String other = "other-" + UUID.randomUUID();
        record(AuditedAct.BUDGET_SET, admin.caller(), "a");
        record(AuditedAct.PERIOD_CLOSED, admin.caller(), "b");
        record(AuditedAct.PERIOD_CLOSED, other, "c");
        record(AuditedAct.PERIOD_CLOSED, admin.caller(), "d");
        List<Map<String, Object>> all = acts("who", admin.caller());
        String second = (String) all.get(1).get("at");

        assertThat(subjects("who", admin.caller())).containsExactly("d", "b", "a");
        assertThat(subjects("who", admin.caller(), "what", "period-closed")).containsExactly("d", "b");
        assertThat(subjects("what", "period-closed", "from", second)).startsWith("d", "c", "b");
        assertThat(subjects("from", second)).startsWith("d", "c", "b");
        assertThat(subjects("who", admin.caller(), "from", second)).containsExactly("d", "b");
        assertThat(subjects("who", admin.caller(), "to", second)).containsExactly("a");
        assertThat(subjects("who", admin.caller(), "from", second, "to", (String)
                        all.get(0).get("at")))
                .containsExactly("b");
        assertThat(subjects("who", "none-" + UUID.randomUUID())).isEmpty();
        assertThat(subjects("who", admin.caller(), "what", "period-opened")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"who", "what", ""})
    void pages_have_each_entry_once(String filter) {
        List<String> recorded = new ArrayList<>();
        for (int n = 0; n < 7; n++) {
            recorded.add(0, "subject-" + n);
            record(AuditedAct.PERIOD_SOFT_CLOSED, admin.caller(), "subject-" + n);
        }
        List<String> paged = new ArrayList<>();
        String token = null;
        do {
            var request = finance.request().queryParam("pageSize", 3);
            if (!filter.isEmpty()) {
                request.queryParam(filter, filter.equals("who") ? admin.caller() : "period-soft-closed");
            }
            if (token != null) {
                request.queryParam("pageToken", token);
            }
            var page = request.get(AUDIT).then().statusCode(200).extract();
            paged.addAll(page.path("items.subject"));
            token = page.path("nextPageToken");
        } while (token != null && paged.size() < recorded.size());

        assertThat(paged.subList(0, recorded.size())).isEqualTo(recorded);
        if (filter.equals("who")) {
            assertThat(paged).hasSize(recorded.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"update audit_entry set who = 'x'", "delete from audit_entry", "truncate audit_entry"})
    void an_entry_is_neither_changed_nor_removed(String change) {
        assertThatThrownBy(() -> stored.execute(change))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("append-only");
    }

    /** Times are told in milliseconds, so each entry has a millisecond of its own. */
    private void record(AuditedAct act, String who, String subject) {
        audit.record(act, new Actor(who, Optional.empty()), subject, Map.of());
        long then = System.currentTimeMillis();
        while (System.currentTimeMillis() == then) {
            Thread.onSpinWait();
        }
    }

    private ValidatableResponse put(String amount, boolean hardStop) {
        return admin.request()
                .contentType(ContentType.JSON)
                .body("{\"amount\":{\"value\":\"%s\",\"currency\":\"CNY\"},\"hardStop\":%s}"
                        .formatted(amount, hardStop))
                .put("/v1/budgets/" + shop)
                .then();
    }

    private List<String> subjects(String... filters) {
        return acts(filters).stream().map(act -> (String) act.get("subject")).toList();
    }

    private List<Map<String, Object>> acts(String... filters) {
        var request = finance.request();
        for (int at = 0; at < filters.length; at += 2) {
            request.queryParam(filters[at], filters[at + 1]);
        }
        return request.get(AUDIT).then().statusCode(200).extract().path("items");
    }
}

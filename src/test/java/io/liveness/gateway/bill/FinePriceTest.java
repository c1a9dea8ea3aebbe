package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LowLimits;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three checks at 0.805 CNY, from the open to what is paid. */
@QuarkusTest
@TestProfile(LowLimits.class)
class FinePriceTest {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.of("Asia/Shanghai"));

    private final Api shop = Api.asNewCaller();
    private final Work finance = new Work(Api.as("finance-" + UUID.randomUUID(), "finance+finance-admin"));

    @Inject
    Stored stored;

    private List<Response> checks;

    @BeforeEach
    void three_checks() {
        checks = Stream.generate(() -> shop.check(shop.opened("pass"))).limit(3).toList();
    }

    @AfterEach
    void remove_what_was_imported() throws SQLException {
        stored.execute("delete from caller_budget");
        Work.remove(stored);
    }

    @Test
    void a_bill_of_the_same_price_agrees_and_so_does_its_invoice() {
        String bill = Work.HEADER + line(0, "0.805") + line(1, "￥0.8050") + line(2, "80.5分") + "合计,3 笔,,2.415\n";

        Response imported = imported(bill, "invoiceTotal=2.42");

        imported.then()
                .body("matched", equalTo(3))
                .body("differences.AMOUNT_DIFFERS", equalTo(0))
                .body("differences.CONTROL_TOTAL_DIFFERS", equalTo(0));
        imported(bill + "\n", "dryRun=true&invoiceTotal=2.43&supersedes=" + imported.path("id"))
                .then()
                .body("differences.CONTROL_TOTAL_DIFFERS", equalTo(1));
    }

    @Test
    void a_bill_that_rounds_each_line_differs_by_half_a_fen_which_is_adjusted() {
        String statement = imported(
                        Work.HEADER + line(0, "0.81") + line(1, "0.805") + line(2, "0.805"), "fileName=rounded.csv")
                .path("id");
        List<Map<String, Object>> differing = finance.items(statement, "kind=AMOUNT_DIFFERS");
        assertThat(differing).hasSize(1);
        assertThat(differing.get(0).get("ours").toString()).contains("value=0.805");
        assertThat(differing.get(0).get("theirs").toString()).contains("value=0.81");
        String difference = (String) differing.get(0).get("id");

        finance.accept(statement, difference).then().statusCode(200).body("adjustment.value", equalTo("0.005"));

        summary()
                .then()
                .body("totals[0].adjusted", equalTo(Map.of("count", 1, "amount", "0.005")))
                .body("totals[0].payable", equalTo("2.42"));
        finance.who()
                .request()
                .get("/v1/adjustments?statement=" + statement)
                .then()
                .body("items.amount.value", equalTo(List.of("0.005")));
        finance.unaccept(statement, difference).then().statusCode(200);
        assertThat(stored.strings("select amount::text from ledger_entry where acceptance_id is not null order by id"))
                .containsExactly("5000", "-5000");
        assertThat(stored.strings(
                        "select what || ' ' || (detail ->> 'minorAmount') from audit_entry where subject = ? order by at",
                        difference))
                .containsExactly("difference-accepted 0.5", "difference-unaccepted 0.5");
    }

    @Test
    void a_budget_is_spent_to_the_last_fraction() {
        finance.who()
                .request()
                .contentType("application/json")
                .body(Map.of("amount", Map.of("value", "2.4151", "currency", "CNY"), "hardStop", true))
                .put("/v1/budgets/" + shop.caller())
                .then()
                .statusCode(200)
                .body("amount.value", equalTo("2.4151"))
                .body("spent.value", equalTo("2.415"))
                .body("reached", equalTo(80));

        shop.open("pass").then().statusCode(201).header("RateLimit", containsString("\"budget\";r=0;t="));
        shop.open("pass").then().statusCode(429).body("code", equalTo("budget-exhausted"));
    }

    /** An upload is answered while its bill is still imported. */
    private Response imported(String bill, String query) {
        String statement = finance.importing(bill, query).header("Location");
        Patience.await("the end of the import", Duration.ofSeconds(20))
                .until(() ->
                        finance.who().request().get(statement).path("status").equals("DONE"));
        return finance.who().request().get(statement);
    }

    private Response summary() {
        return shop.request().get(Api.CHARGES + "/summary?groupBy=month");
    }

    private String line(int check, String amount) {
        Response session = checks.get(check);
        Instant opened = Instant.parse(session.path("createdAt"));
        return session.path("charge.taskNo") + "," + TIME.format(opened) + ",实扣," + amount + "\n";
    }
}

package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.bill.Books.Fee;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LowLimits;
import io.liveness.gateway.testsupport.Patience;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What one person does not undo alone: a statement that charges anything. */
@QuarkusTest
@TestProfile(LowLimits.class)
class WithdrawnByTwoTest extends BilledTest {

    private static final String AUDITED =
            "select what || ' ' || who || ' ' || (person ->> 'subject') || coalesce(' ' || (detail ->> 'proposedBy'), '')"
                    + " from audit_entry where subject = ? and what <> 'statement-imported' order by id";

    private final Work ada = person("ada", "finance");
    private final Work ben = person("ben", "finance-admin");
    private final Work eve = person("eve", "finance");

    private static Work person(String name, String role) {
        return new Work(Api.person(name + "-" + UUID.randomUUID(), "console-" + name, role));
    }

    @Test
    void a_statement_that_charges_is_withdrawn_by_two_people() {
        Fee fee = books.charged(NOON);
        String statement = done(ada.importing(HEADER + fee.line(fee.at(), "实扣", "0.000001"), Books.PERIOD));

        finance.withdrawal(statement).then().statusCode(403).body("code", equalTo("forbidden"));
        for (int times = 0; times < 2; times++) {
            ada.withdrawal(statement)
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("DONE"))
                    .body("withdrawalProposedBy", equalTo(ada.who().caller()));
        }
        ada.withdrawal(statement, ada).then().statusCode(403);
        eve.withdrawal(statement, ada).then().statusCode(403);
        finance.withdrawal(statement, ada).then().statusCode(403);
        ben.withdrawal(statement, ada)
                .then()
                .statusCode(200)
                .body("status", equalTo("WITHDRAWN"))
                .body("withdrawnBy", equalTo(ben.who().caller()));

        assertThat(stored.strings(AUDITED, statement))
                .containsExactly(
                        "statement-withdrawal-proposed " + told(ada),
                        "statement-withdrawn " + told(ben) + " " + ada.who().caller());
    }

    @Test
    void one_that_charges_nothing_is_withdrawn_by_one_until_something_of_it_is_accepted() {
        Fee returned = books.refunded(NOON);
        Fee missing = books.charged(NOON.plusSeconds(1));
        String file = HEADER + returned.line(returned.at(), "退回", "0.80");
        String first = done(ada.importing(file, Books.PERIOD));
        finance.withdrawal(first).then().statusCode(200).body("status", equalTo("WITHDRAWN"));

        String second = done(ada.importing(file, Books.PERIOD));
        String difference = ada.items(second, "kind=MISSING_IN_STATEMENT").stream()
                .filter(item -> missing.session().toString().equals(item.get("sessionId")))
                .map(item -> (String) item.get("id"))
                .findFirst()
                .orElseThrow();
        ada.accept(second, difference).then().statusCode(200).body("state", equalTo("ACCEPTED"));
        finance.withdrawal(second).then().statusCode(403);
        ada.withdrawal(second).then().statusCode(200).body("status", equalTo("DONE"));
        ada.unaccept(second, difference).then().statusCode(200);
        eve.withdrawal(second).then().statusCode(200).body("status", equalTo("WITHDRAWN"));
    }

    @Test
    void one_in_another_currency_is_withdrawn_by_two_whatever_it_charges() {
        mapped("dollars", "currency", "USD");
        String statement = done(ada.importing(HEADER, "mapping=dollars&" + Books.PERIOD));

        ada.withdrawal(statement).then().statusCode(200).body("status", equalTo("DONE"));
        ada.declined(statement).then().statusCode(200).body("withdrawalProposedBy", nullValue());
    }

    @Test
    void a_corrected_bill_takes_its_place_by_the_import_of_a_second_person() {
        Fee fee = books.charged(NOON);
        String statement = done(ada.importing(HEADER + fee.line(fee.at(), "实扣", "0.90"), Books.PERIOD));
        String corrected = HEADER + fee.line(fee.at(), "实扣", "0.85");
        String supersedes = "supersedes=" + statement + "&" + Books.PERIOD;

        done(finance.importing(corrected, "dryRun=true&" + supersedes));
        refused(ben.importing(corrected, supersedes), "supersedes");
        ada.withdrawal(statement).then().statusCode(200).body("status", equalTo("DONE"));
        for (Work one : List.of(finance, ada, eve)) {
            refused(one.importing(corrected, supersedes), "supersedes");
        }
        done(ben.importing(corrected, supersedes));

        assertThat(ada.who().request().get("/v1/statements/" + statement).<String>path("status"))
                .isEqualTo("SUPERSEDED");
        assertThat(stored.strings(AUDITED, statement))
                .containsExactly(
                        "statement-withdrawal-proposed " + told(ada),
                        "statement-superseded " + told(ben) + " " + ada.who().caller());
    }

    @Test
    void the_same_file_under_another_mapping_takes_its_place_by_two_people() {
        Fee fee = books.charged(NOON);
        String file = HEADER + fee.line();
        String statement = done(ben.importing(file, Books.PERIOD));
        mapped("read-again", "timeZone", "Asia/Tokyo");
        String again = "mapping=read-again&" + Books.PERIOD;

        refused(ben.importing(file, again), "body");
        ada.withdrawal(statement).then().statusCode(200).body("status", equalTo("DONE"));
        done(ben.importing(file, again));
        assertThat(ada.who().request().get("/v1/statements/" + statement).<String>path("status"))
                .isEqualTo("SUPERSEDED");
    }

    private static void refused(Response answer, String field) {
        answer.then()
                .statusCode(400)
                .body("errors.field", contains(field))
                .body("errors.code", contains("replaced-by-two"));
    }

    /** A gateway with low limits answers before the import is done. */
    private String done(Response imported) {
        assertThat(imported.statusCode()).as(imported.asString()).isIn(201, 202);
        String id = imported.path("id");
        Patience.await("the end of the import", Duration.ofSeconds(20))
                .until(() -> finance.who()
                        .request()
                        .get("/v1/statements/" + id)
                        .path("status")
                        .equals("DONE"));
        return id;
    }

    private void mapped(String name, String property, String value) {
        JsonObject read = new JsonObject(
                finance.who().request().get("/v1/statement-mappings/default").asString());
        ben.who()
                .request()
                .contentType("application/json")
                .body(read.getJsonObject("mapping").put(property, value).encode())
                .put("/v1/statement-mappings/" + name)
                .then()
                .statusCode(200);
    }

    private static String told(Work one) {
        return one.who().caller() + " " + one.who().subject();
    }
}

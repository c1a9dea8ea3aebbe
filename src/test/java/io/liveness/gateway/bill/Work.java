package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Statements and their differences, as a person of finance works with them. */
public record Work(Api who) {

    public static final String HEADER = "taskNo,time,status,amount\n";

    private static final String STATEMENTS = "/v1/statements";

    public String imported(String file) {
        return imported(file, Books.PERIOD);
    }

    public String imported(String file, String query) {
        return importing(file, query).then().statusCode(201).extract().path("id");
    }

    Response importing(String file, String query) {
        return who.request()
                .contentType("text/csv")
                .body(file.getBytes(StandardCharsets.UTF_8))
                .post(STATEMENTS + "?" + query);
    }

    void withdraw(String statement) {
        withdrawal(statement).then().statusCode(200);
    }

    Response withdrawal(String statement) {
        return withdrawal(statement, key(), Map.of("reason", "wrong month"));
    }

    /** Carries out what another one has proposed. */
    Response withdrawal(String statement, Work proposedBy) {
        return withdrawal(statement, key(), Map.of("reason", "wrong month", "proposedBy", proposedBy.who.caller()));
    }

    Response withdrawal(String statement, String key, Map<String, Object> body) {
        return who.request()
                .header("Idempotency-Key", key)
                .contentType("application/json")
                .body(body)
                .post(STATEMENTS + "/" + statement + "/withdraw");
    }

    Response invoice(String statement, Map<String, String> invoice) {
        return who.request()
                .contentType("application/json")
                .body(invoice)
                .put(STATEMENTS + "/" + statement + "/invoice");
    }

    Response declined(String statement) {
        return declined(statement, key());
    }

    Response declined(String statement, String key) {
        return who.request().header("Idempotency-Key", key).delete(STATEMENTS + "/" + statement + "/withdraw");
    }

    public List<Map<String, Object>> items(String statement, String query) {
        return who.request()
                .get(STATEMENTS + "/" + statement + "/differences?pageSize=500&" + query)
                .then()
                .statusCode(200)
                .extract()
                .path("items");
    }

    public Response accept(String statement, String difference) {
        return accept(statement, difference, key());
    }

    Response accept(String statement, String difference, String key) {
        return post(statement, difference + "/accept", key, Map.of("reason", "their price is right"));
    }

    Response acceptMany(String statement, List<?> differences) {
        return post(statement, "accept", key(), Map.of("ids", differences, "reason", "together"));
    }

    public Response unaccept(String statement, String difference) {
        return post(statement, difference + "/un-accept", key(), Map.of("reason", "a mistake"));
    }

    /** Carries out what another one has proposed. */
    Response unaccept(String statement, String difference, Work proposedBy) {
        return post(
                statement,
                difference + "/un-accept",
                key(),
                Map.of("reason", "a mistake", "proposedBy", proposedBy.who.caller()));
    }

    Response decline(String statement, String difference) {
        return decline(statement, difference, key());
    }

    Response decline(String statement, String difference, String key) {
        return who.request()
                .header("Idempotency-Key", key)
                .delete(STATEMENTS + "/" + statement + "/differences/" + difference + "/un-accept");
    }

    Response match(String statement, String difference, UUID session) {
        return match(statement, difference, session, key());
    }

    Response match(String statement, String difference, UUID session, String key) {
        return post(
                statement,
                difference + "/match",
                key,
                Map.of("sessionId", session.toString(), "reason", "the vendor wrote its old number"));
    }

    Response unmatch(String statement, String difference) {
        return post(statement, difference + "/un-match", key(), Map.of("reason", "of another one"));
    }

    public Response confirm(String statement, String difference) {
        return confirm(statement, difference, key());
    }

    Response confirm(String statement, String difference, String key) {
        return who.request()
                .header("Idempotency-Key", key)
                .post(STATEMENTS + "/" + statement + "/differences/" + difference + "/confirm");
    }

    Response post(String statement, String act, String key, Map<String, Object> body) {
        return who.request()
                .header("Idempotency-Key", key)
                .contentType("application/json")
                .body(body)
                .post(STATEMENTS + "/" + statement + "/differences/" + act);
    }

    static void refused(Response answer, String reason) {
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.<String>path("code")).isEqualTo("difference-conflict");
        assertThat(answer.<List<String>>path("reasons.code")).contains(reason);
    }

    static void broken(Response answer, String field) {
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.<List<String>>path("errors.field")).containsExactly(field);
    }

    static String key() {
        return UUID.randomUUID().toString();
    }

    /** The months that a test has closed are opened again. */
    public static void remove(Stored stored) throws SQLException {
        stored.unguarded("delete from ledger_entry where acceptance_id is not null");
        stored.execute(
                "delete from finance_request where act in ('WITHDRAW', 'ACCEPT', 'CONFIRM', 'UNACCEPT', 'DECLINE', 'MATCH', 'UNMATCH')");
        stored.reopen("2019-03");
        Books.remove(stored);
    }
}

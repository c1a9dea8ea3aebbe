package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.bill.Books.Fee;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class WorkDifferencesTest extends BilledTest {

    private static final String ADJUSTED =
            "select coalesce(sum(amount), 0) from ledger_entry where acceptance_id is not null";
    private static final String ENTRIES = "select count(*) from ledger_entry where acceptance_id is not null";

    private final String anna = "anna-" + UUID.randomUUID();
    private final Work admin = new Work(Api.person(anna, "admin-" + UUID.randomUUID(), "finance-admin"));

    @Inject
    DataSource database;

    @Test
    void accepting_writes_the_adjustment_that_makes_ours_theirs() {
        Fee dearer = books.charged(NOON);
        Fee both = books.refunded(NOON.plusSeconds(1));
        Fee missing = books.charged(NOON.plusSeconds(2));
        String statement = finance.imported(HEADER
                + dearer.line(dearer.at(), "实扣", "0.90")
                + both.line(both.at(), "实扣", "0.90")
                + books.taskNo() + ",2019-03-01 20:00:00,实扣,0.70\n");

        Map<String, Object> accepted = finance.accept(statement, id(statement, "AMOUNT_DIFFERS", dearer))
                .then()
                .statusCode(200)
                .extract()
                .path("$");
        assertThat(accepted)
                .containsEntry("state", "ACCEPTED")
                .containsEntry("adjustment", Map.of("value", "0.10", "currency", "CNY"))
                .containsEntry("acceptedBy", finance.who().caller())
                .containsEntry("reason", "their price is right");
        assertThat(sum(dearer)).isEqualTo(100_000);

        for (Map<String, Object> open : finance.items(statement, "state=OPEN")) {
            finance.accept(statement, (String) open.get("id")).then().statusCode(200);
        }
        assertThat(sum(both)).isEqualTo(900_000);
        assertThat(sum(missing)).isEqualTo(-800_000);
        assertThat(stored.count("select sum(amount) from ledger_entry where session_id is null"))
                .isEqualTo(700_000);
        assertThat(finance.items(statement, "state=OPEN")).isEmpty();
        assertThat(finance.items(statement, "state=ACCEPTED")).hasSize(5);
        assertThat(audited("difference-accepted", statement)).isEqualTo(5);
    }

    @Test
    void what_a_bill_says_and_is_not_paid_counts_against_the_limit() {
        String dear = unreadable("nonsense,实扣,100.01");
        assertThat(accepted(dear, Map.of("reason", "waived")))
                .containsEntry("state", "PROPOSED")
                .containsEntry("waived", Map.of("value", "100.01", "currency", "CNY"));
        Work.broken(post(dear, Map.of("reason", "waived", "waived", "1.00")), "waived");
        Work second = new Work(Api.person("second-" + UUID.randomUUID(), "another-app", "finance-admin"));
        second.confirm(dear, (String) admin.items(dear, "state=PROPOSED").get(0).get("id"))
                .then()
                .statusCode(200)
                .body("state", equalTo("ACCEPTED"));
        assertThat(stored.count(ENTRIES)).as("nothing is paid").isZero();
        assertThat(stored.strings(
                        "select what || ' ' || (detail ->> 'minorWaived') from audit_entry where detail ->> 'statement' = ? order by at",
                        dear))
                .containsExactly("difference-accepted 10001", "difference-confirmed 10001");

        assertThat(accepted(unreadable("2019-03-01 20:00:00,实扣,x"), Map.of("reason", "nobody knows what it is")))
                .containsEntry("state", "PROPOSED")
                .doesNotContainKey("waived");
        assertThat(accepted(unreadable("2019-03-01 20:00:00,实扣,1 yuan"), Map.of("reason", "read", "waived", "1.00")))
                .containsEntry("state", "ACCEPTED")
                .containsEntry("waived", Map.of("value", "1.00", "currency", "CNY"));
        assertThat(accepted(unreadable("2019-03-01 20:00:00,实扣,much"), Map.of("reason", "read", "waived", "100.01")))
                .containsEntry("state", "PROPOSED");
    }

    @Test
    void what_an_invoice_has_beyond_the_lines_counts_against_the_limit() {
        Fee fee = books.charged(NOON);
        String statement = finance.imported(HEADER + fee.line(), Books.PERIOD + "&invoiceTotal=100.90");

        assertThat(accepted(statement, Map.of("reason", "the vendor says so")))
                .containsEntry("kind", "CONTROL_TOTAL_DIFFERS")
                .containsEntry("state", "PROPOSED")
                .containsEntry("waived", Map.of("value", "100.10", "currency", "CNY"));
    }

    /** A statement with one line of the task's number and these cells. */
    private String unreadable(String cells) {
        return finance.imported(HEADER + books.taskNo() + "," + cells + "\n");
    }

    private Map<String, Object> accepted(String statement, Map<String, String> body) {
        return post(statement, body).then().statusCode(200).extract().path("$");
    }

    private Response post(String statement, Map<String, String> body) {
        String difference = (String) admin.items(statement, "").get(0).get("id");
        return admin.post(statement, difference + "/accept", Work.key(), new HashMap<>(body));
    }

    @Test
    void above_the_limit_a_second_person_confirms() {
        String statement = finance.imported(HEADER + books.taskNo() + ",2019-03-01 20:00:00,实扣,100.01\n");
        String difference = (String) finance.items(statement, "").get(0).get("id");
        admin.post(statement, difference + "/accept", Work.key(), Map.of("reason", "large"))
                .then()
                .statusCode(200);
        assertThat(finance.items(statement, "state=PROPOSED")).hasSize(1);
        assertThat(stored.count(ENTRIES)).isZero();

        Work.refused(admin.confirm(statement, difference), "own-proposal");
        finance.confirm(statement, difference).then().statusCode(403);
        Work.refused(
                new Work(Api.person(anna, "another-client", "finance-admin")).confirm(statement, difference),
                "own-proposal");
        Work.refused(new Work(Api.as("a-service", "finance-admin")).confirm(statement, difference), "not-a-person");
        Work second =
                new Work(Api.person("second-" + UUID.randomUUID(), admin.who().caller(), "finance-admin"));
        Map<String, Object> confirmed = second.confirm(statement, difference)
                .then()
                .statusCode(200)
                .extract()
                .path("$");

        assertThat(confirmed)
                .containsEntry("state", "ACCEPTED")
                .containsEntry("confirmedBy", second.who().caller());
        assertThat(stored.count(ADJUSTED)).isEqualTo(100_010_000);
        Work.refused(second.confirm(statement, difference), "not-proposed");
        assertThat(audited("difference-confirmed", statement)).isEqualTo(1);
    }

    @Test
    void what_a_person_accepts_of_a_statement_is_counted_together_whatever_the_requests_and_clients() {
        StringBuilder file = new StringBuilder(HEADER);
        for (int line = 0; line < 8; line++) {
            file.append(books.taskNo()).append(",2019-03-01 20:00:00,实扣,40.00\n");
        }
        String statement = finance.imported(file.toString());
        List<String> all = finance.items(statement, "").stream()
                .map(item -> (String) item.get("id"))
                .toList();
        List<Work> clients = List.of(admin, new Work(Api.person(anna, "another-client", "finance")));
        clients.forEach(client -> client.who().token());

        List<CompletableFuture<Response>> atOnce = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String difference = all.get(i);
            Work client = clients.get(i % 2);
            atOnce.add(CompletableFuture.supplyAsync(() -> client.accept(statement, difference)));
        }
        atOnce.forEach(answer -> answer.join().then().statusCode(200));

        assertThat(stored.count(ADJUSTED)).as("of 240.00").isEqualTo(80_000_000);
        assertThat(finance.items(statement, "state=PROPOSED")).hasSize(4);
        finance.accept(statement, all.get(6)).then().statusCode(200);
        assertThat(stored.count(ADJUSTED)).as("another person's").isEqualTo(120_000_000);
        String mine = (String) finance.items(statement, "state=ACCEPTED").stream()
                .filter(item -> !finance.who().caller().equals(item.get("acceptedBy")))
                .findFirst()
                .orElseThrow()
                .get("id");
        admin.unaccept(statement, mine).then().statusCode(200);
        admin.accept(statement, all.get(7)).then().statusCode(200);
        assertThat(stored.count(ADJUSTED)).as("in place of what was undone").isEqualTo(120_000_000);
    }

    @Test
    void all_services_accept_of_a_statement_up_to_one_limit_together() {
        String statement = finance.imported(HEADER
                + books.taskNo() + ",2019-03-01 20:00:00,实扣,60.00\n"
                + books.taskNo() + ",2019-03-01 20:00:00,实扣,60.00\n");
        List<Map<String, Object>> both = finance.items(statement, "");
        Work another = new Work(Api.as("another-" + UUID.randomUUID(), "finance"));

        finance.accept(statement, (String) both.get(0).get("id")).then().body("state", equalTo("ACCEPTED"));
        another.accept(statement, (String) both.get(1).get("id")).then().body("state", equalTo("PROPOSED"));

        assertThat(stored.count(ADJUSTED)).isEqualTo(60_000_000);
    }

    @Test
    void who_proposed_without_being_known_as_a_person_does_not_confirm_as_one() throws SQLException {
        String statement = finance.imported(HEADER + books.taskNo() + ",2019-03-01 20:00:00,实扣,100.01\n");
        String difference = (String) finance.items(statement, "").get(0).get("id");
        admin.accept(statement, difference).then().statusCode(200);
        stored.execute("update statement_acceptance set accepted_person = null");

        Work.refused(admin.confirm(statement, difference), "own-proposal");
    }

    @Test
    void all_that_a_filter_fits_are_accepted_and_confirmed_with_one_reason() {
        StringBuilder file = new StringBuilder(HEADER);
        for (int line = 0; line < 250; line++) {
            file.append(books.taskNo()).append(",2019-03-01 20:00:00,实扣,0.80\n");
        }
        Fee open = books.open(NOON);
        String statement = finance.imported(file + open.line(open.at(), "预扣", "0.90"));
        Map<String, Object> lines =
                Map.of("kind", "MISSING_IN_LEDGER", "count", 250, "reason", "prices of the contract");
        Work.broken(
                admin.post(statement, "accept-fitting", Work.key(), Map.of("count", 250, "reason", "all")), "count");
        Work.refused(
                admin.post(
                        statement,
                        "accept-fitting",
                        Work.key(),
                        Map.of("kind", "AMOUNT_DIFFERS", "count", 1, "reason", "all")),
                "fee-open");
        String key = Work.key();

        admin.post(statement, "accept-fitting", key, lines)
                .then()
                .statusCode(200)
                .body("count", equalTo(250));
        admin.post(statement, "accept-fitting", key, lines)
                .then()
                .statusCode(200)
                .header("Idempotency-Replayed", "true");
        admin.post(statement, "accept-fitting", key, Map.of("count", 250, "reason", "other"))
                .then()
                .statusCode(422);
        admin.post(Work.key(), "accept-fitting", Work.key(), lines).then().statusCode(404);

        assertThat(finance.items(statement, "state=PROPOSED")).as("200.00").hasSize(250);
        assertThat(finance.items(statement, "state=OPEN")).hasSize(1);
        Map<String, Object> all = Map.of("kind", "MISSING_IN_LEDGER", "count", 250);
        Work.refused(admin.post(statement, "confirm-fitting", Work.key(), all), "own-proposal");
        finance.post(statement, "confirm-fitting", Work.key(), all).then().statusCode(403);
        Work second = another();
        Work.broken(second.post(statement, "confirm-fitting", Work.key(), Map.of("count", 3)), "count");
        second.post(Work.key(), "confirm-fitting", Work.key(), all).then().statusCode(404);
        String confirmed = Work.key();
        second.post(statement, "confirm-fitting", confirmed, all).then().statusCode(200);
        second.post(statement, "confirm-fitting", confirmed, Map.of("count", 250))
                .then()
                .statusCode(422);
        assertThat(stored.count(ADJUSTED)).isEqualTo(200_000_000);
        assertThat(audited("difference-confirmed", statement)).isEqualTo(250);
    }

    @Test
    void what_two_people_confirmed_is_taken_back_by_two() {
        String statement = finance.imported(HEADER + books.taskNo() + ",2019-03-01 20:00:00,实扣,100.01\n");
        String difference = (String) finance.items(statement, "").get(0).get("id");
        finance.accept(statement, difference).then().statusCode(200);
        Work second = another();
        second.confirm(statement, difference).then().statusCode(200);

        admin.unaccept(statement, difference)
                .then()
                .statusCode(200)
                .body("state", equalTo("ACCEPTED"))
                .body("revocationProposedBy", equalTo(admin.who().caller()));

        assertThat(revocations(statement)).containsExactly(difference);
        assertThat(finance.items(statement, "state=ACCEPTED")).hasSize(1);
        assertThat(stored.count(ADJUSTED)).isEqualTo(100_010_000);
        Work.refused(admin.unaccept(statement, difference), "own-proposal");
        Work.refused(finance.unaccept(statement, difference, admin), "not-a-person");
        Work.broken(second.unaccept(statement, difference), "proposedBy");
        Work.broken(second.unaccept(statement, difference, finance), "proposedBy");
        assertThat(revocations(statement)).containsExactly(difference);
        second.unaccept(statement, difference, admin).then().statusCode(200).body("state", equalTo("OPEN"));
        assertThat(revocations(statement)).isEmpty();
        assertThat(stored.count(ADJUSTED)).isZero();
        assertThat(audited("difference-unaccept-proposed", statement)).isEqualTo(1);
        assertThat(audited("difference-unaccepted", statement)).isEqualTo(1);
    }

    @Test
    void a_revocation_is_declined_by_its_proposer_or_by_one_that_might_confirm_it() {
        String statement = finance.imported(HEADER + books.taskNo() + ",2019-03-01 20:00:00,实扣,100.01\n");
        String difference = (String) finance.items(statement, "").get(0).get("id");
        finance.accept(statement, difference).then().statusCode(200);
        Work second = another();
        second.confirm(statement, difference).then().statusCode(200);
        Map<String, Object> accepted = finance.items(statement, "").get(0);

        for (Work one : List.of(finance, second)) {
            finance.unaccept(statement, difference).then().statusCode(200);
            assertThat(revocations(statement)).containsExactly(difference);
            String key = Work.key();
            one.decline(statement, difference, key).then().statusCode(200).body("state", equalTo("ACCEPTED"));
            one.decline(statement, difference, key).then().statusCode(200).header("Idempotency-Replayed", "true");
            assertThat(finance.items(statement, "")).containsExactly(accepted);
        }
        Work.refused(finance.decline(statement, difference), "not-proposed");
        Work.broken(second.unaccept(statement, difference, finance), "proposedBy");
        second.unaccept(statement, difference).then().statusCode(200);
        Work.refused(finance.decline(statement, difference), "not-a-person");
        Work.refused(finance.accept(statement, difference), "revocation-proposed");
        Work.refused(second.acceptMany(statement, List.of(difference)), "revocation-proposed");

        assertThat(revocations(statement)).containsExactly(difference);
        assertThat(stored.count(ADJUSTED)).isEqualTo(100_010_000);
        assertThat(audited("difference-unaccept-declined", statement)).isEqualTo(2);
    }

    /** Acceptances whose revocation awaits a second person are as many as the statement counts. */
    private List<Object> revocations(String statement) {
        List<Object> ids = finance.items(statement, "state=REVOCATION_PROPOSED").stream()
                .map(item -> item.get("id"))
                .toList();
        finance.who()
                .request()
                .get("/v1/statements/" + statement)
                .then()
                .body("revocationsProposed", equalTo(ids.size()));
        return ids;
    }

    @Test
    void a_statement_that_two_people_confirmed_is_withdrawn_or_replaced_by_two() {
        String file = HEADER + books.taskNo() + ",2019-03-01 20:00:00,实扣,100.01\n";
        String statement = finance.imported(file);
        String difference = (String) finance.items(statement, "").get(0).get("id");
        finance.accept(statement, difference).then().statusCode(200);
        Work second = another();
        second.confirm(statement, difference).then().statusCode(200);

        admin.withdrawal(statement)
                .then()
                .statusCode(200)
                .body("status", equalTo("DONE"))
                .body("withdrawalProposedBy", equalTo(admin.who().caller()));
        admin.withdrawal(statement).then().statusCode(200).body("status", equalTo("DONE"));
        finance.withdrawal(statement).then().statusCode(403);
        admin.withdrawal(statement, admin).then().statusCode(403);
        finance.declined(statement).then().statusCode(403);
        Work.broken(second.withdrawal(statement), "proposedBy");
        Work.broken(second.withdrawal(statement, finance), "proposedBy");
        for (Work one : List.of(admin, second)) {
            String key = Work.key();
            one.declined(statement, key)
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("DONE"))
                    .body("withdrawalProposedBy", nullValue())
                    .body("reason", nullValue());
            one.declined(statement).then().statusCode(404);
            admin.withdraw(statement);
            one.declined(statement, key).then().statusCode(200).body("withdrawalProposedBy", notNullValue());
        }
        assertThat(stored.count(
                        "select count(*) from audit_entry where what = 'statement-withdrawal-declined' and subject = ?",
                        statement))
                .isEqualTo(2);
        String corrected = "supersedes=" + statement + "&" + Books.PERIOD;
        Work.broken(finance.importing(file + "\n", corrected), "supersedes");
        Work.broken(admin.importing(file + "\n", corrected), "supersedes");
        finance.importing(file + "\n", "dryRun=true&" + corrected).then().statusCode(201);
        JsonObject read = new JsonObject(
                finance.who().request().get("/v1/statement-mappings/default").asString());
        finance.who()
                .request()
                .contentType("application/json")
                .body(read.getJsonObject("mapping")
                        .put("timeZone", "Asia/Tokyo")
                        .encode())
                .put("/v1/statement-mappings/read-again")
                .then()
                .statusCode(200);
        Work.broken(finance.importing(file, "mapping=read-again&" + Books.PERIOD), "body");
        finance.importing(file, "dryRun=true&mapping=read-again&" + Books.PERIOD)
                .then()
                .statusCode(201);
        finance.importing(file, "dryRun=true&" + Books.PERIOD).then().statusCode(201);
        finance.who()
                .request()
                .delete("/v1/statement-mappings/read-again")
                .then()
                .statusCode(204);
        assertThat(stored.count(ADJUSTED)).isEqualTo(100_010_000);
        second.withdrawal(statement, admin).then().statusCode(200).body("status", equalTo("WITHDRAWN"));

        assertThat(stored.count(ADJUSTED)).isZero();
        assertThat(stored.strings(
                        "select detail ->> 'undone' || ' ' || (detail ->> 'minorAmounts') || ' ' || (detail ->> 'proposedBy')"
                                + " from audit_entry where what = 'statement-withdrawn' and subject = ?",
                        statement))
                .containsExactly("1 CNY -10001 " + admin.who().caller());
    }

    @Test
    void a_withdrawal_whose_proposal_was_declined_meanwhile_is_not_proposed_by_a_repetition() {
        String statement = finance.imported(HEADER + books.taskNo() + ",2019-03-01 20:00:00,实扣,100.01\n");
        String difference = (String) finance.items(statement, "").get(0).get("id");
        finance.accept(statement, difference).then().statusCode(200);
        Work second = another();
        second.confirm(statement, difference).then().statusCode(200);
        Map<String, Object> reason = Map.of("reason", "wrong month");
        String key = Work.key();
        admin.withdrawal(statement, "", reason).then().statusCode(400).body("code", equalTo("idempotency-key-missing"));
        admin.withdrawal(statement, key, reason).then().statusCode(200);
        second.declined(statement).then().statusCode(200);

        admin.withdrawal(statement, key, reason)
                .then()
                .statusCode(200)
                .header("Idempotency-Replayed", "true")
                .body("withdrawalProposedBy", nullValue());
        admin.withdrawal(statement, key, Map.of("reason", "other")).then().statusCode(422);
        Work.broken(second.withdrawal(statement, admin), "proposedBy");
    }

    private Work another() {
        return new Work(Api.person("second-" + UUID.randomUUID(), admin.who().caller(), "finance-admin"));
    }

    @Test
    void many_are_accepted_all_or_none_and_counted_together() {
        Fee open = books.open(NOON);
        String statement = finance.imported(HEADER
                + open.line(open.at(), "实扣", "0.90")
                + books.taskNo() + ",2019-03-01 20:00:00,实扣,60.00\n"
                + books.taskNo() + ",2019-03-01 20:00:00,实扣,60.00\n");
        List<Object> all = finance.items(statement, "").stream()
                .map(item -> item.get("id"))
                .toList();
        List<Object> lines = finance.items(statement, "kind=MISSING_IN_LEDGER").stream()
                .map(item -> item.get("id"))
                .toList();

        Work.refused(finance.acceptMany(statement, all), "fee-open");
        assertThat(finance.items(statement, "state=OPEN")).hasSize(all.size());
        finance.acceptMany(statement, List.of(lines.get(0), Work.key())).then().statusCode(404);
        List<String> states = finance.acceptMany(statement, lines)
                .then()
                .statusCode(200)
                .extract()
                .path("items.state");

        assertThat(states).containsExactly("PROPOSED", "PROPOSED");
        assertThat(stored.count(ENTRIES)).isZero();
    }

    @Test
    void each_act_refuses_a_key_of_another_request_and_a_difference_that_is_not_there() {
        Fee fee = books.charged(NOON);
        String statement = finance.imported(HEADER + fee.line(fee.at(), "实扣", "0.90"));
        String difference = id(statement, "AMOUNT_DIFFERS", fee);
        String used = "used-" + statement;
        Map<String, Object> accepted = Map.of("reason", "right");
        admin.post(statement, difference + "/accept", used, accepted).then().statusCode(200);
        admin.post(statement, difference + "/accept", used, accepted)
                .then()
                .statusCode(200)
                .header("Idempotency-Replayed", "true");
        Work.refused(admin.accept(statement, difference), "accepted-before");
        assertThat(stored.count(ENTRIES)).isEqualTo(1);
        String none = Work.key();
        Map<String, Object> many = Map.of("ids", List.of(none), "reason", "right");
        Work.broken(admin.acceptMany(statement, List.of(none, none)), "ids[1]");
        Work.broken(admin.acceptMany(statement, Arrays.asList((String) null)), "ids[0]");
        Work.broken(admin.acceptMany(statement, List.of()), "ids");

        for (String act : List.of("accept", "un-accept")) {
            admin.post(statement, none + "/" + act, none, Map.of("reason", "right"))
                    .then()
                    .statusCode(404);
            admin.post(statement, difference + "/" + act, used, Map.of("reason", "other"))
                    .then()
                    .statusCode(422);
        }
        admin.post(statement, "accept", none, many).then().statusCode(404);
        admin.post(statement, "accept", used, many).then().statusCode(422);
        admin.confirm(statement, none).then().statusCode(404);
        admin.confirm(statement, difference, used).then().statusCode(422);
        admin.decline(statement, none).then().statusCode(404);
        admin.decline(statement, difference, used).then().statusCode(422);
        admin.declined(statement, used).then().statusCode(422);
        admin.unaccept(statement, difference).then().statusCode(200);
        Work.refused(admin.unaccept(statement, difference), "not-accepted");
    }

    @Test
    void a_statement_that_is_withdrawn_undoes_what_it_led_to() {
        Fee fee = books.charged(NOON);
        String file = HEADER + fee.line(fee.at(), "实扣", "0.90") + books.taskNo() + ",2019-03-01 20:00:00,实扣,0.70\n";
        String statement = finance.imported(file);
        finance.items(statement, "")
                .forEach(item -> finance.accept(statement, (String) item.get("id"))
                        .then()
                        .statusCode(200));
        assertThat(stored.count(ADJUSTED)).isEqualTo(800_000);

        finance.withdraw(statement);

        assertThat(stored.count(ADJUSTED)).isZero();
        assertThat(stored.count(ENTRIES)).isEqualTo(4);
        Work.refused(
                finance.accept(
                        statement, (String) finance.items(statement, "").get(0).get("id")),
                "statement-not-done");
        assertThat(stored.count(
                        "select count(*) from audit_entry where what = 'statement-withdrawn' and subject = ?",
                        statement))
                .isEqualTo(1);
        assertThat(audited("difference-unaccepted", statement)).isEqualTo(2);
    }

    @Test
    void a_fee_that_another_statement_corrects_is_refused_until_that_is_taken_back() {
        Fee fee = books.charged(NOON);
        String first = finance.imported(HEADER);
        String missing = id(first, "MISSING_IN_STATEMENT", fee);
        finance.accept(first, missing).then().statusCode(200);
        String second = finance.imported(HEADER + fee.line(fee.at(), "实扣", "0.90"));

        String dearer = id(second, "AMOUNT_DIFFERS", fee);
        Work.refused(finance.accept(second, dearer), "fee-accepted-elsewhere");
        finance.unaccept(first, missing).then().statusCode(200);

        finance.accept(second, dearer).then().statusCode(200);
        assertThat(sum(fee)).isEqualTo(100_000);
    }

    @Test
    void of_two_statements_that_correct_a_fee_at_once_one_does() throws SQLException {
        Fee fee = books.charged(NOON);
        String first = finance.imported(HEADER + books.taskNo() + ",2019-03-01 20:00:00,实扣,0.70\n");
        String second = finance.imported(HEADER + fee.line(fee.at(), "实扣", "0.90"));
        String missing = id(first, "MISSING_IN_STATEMENT", fee);
        String dearer = id(second, "AMOUNT_DIFFERS", fee);
        finance.who().token();
        CompletableFuture<Response> late;
        try (Connection other = database.getConnection();
                Statement lock = other.createStatement();
                PreparedStatement accepted = other.prepareStatement("""
                        insert into statement_acceptance (id, difference_id, statement_id, kind, session_id, state, amount, currency, reason,
                            accepted_by, accepted_at, posted_at)
                        values (gen_random_uuid(), ?::uuid, ?::uuid, 'MISSING_IN_STATEMENT', ?::uuid, 'ACCEPTED', -800000, 'CNY', 'first',
                            'another', now(), now())""")) {
            other.setAutoCommit(false);
            // Each acceptance locks the session before it judges.
            lock.execute("select from liveness_session where id = '" + fee.session() + "' for no key update");
            accepted.setString(1, missing);
            accepted.setString(2, first);
            accepted.setString(3, fee.session().toString());
            accepted.executeUpdate();
            late = CompletableFuture.supplyAsync(() -> finance.accept(second, dearer));
            Patience.await("the second one to wait", Duration.ofSeconds(30))
                    .until(() -> stored.count(
                                    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%lock_sessions%'")
                            == 1);
            other.commit();
        }

        Work.refused(late.join(), "fee-accepted-elsewhere");
        assertThat(sum(fee)).isZero();
    }

    @Test
    void a_corrected_bill_undoes_what_the_first_one_led_to() {
        Fee fee = books.charged(NOON);
        String first = finance.imported(HEADER + fee.line(fee.at(), "实扣", "0.90"));
        finance.accept(first, id(first, "AMOUNT_DIFFERS", fee)).then().statusCode(200);

        String second =
                finance.imported(HEADER + fee.line(fee.at(), "实扣", "0.85"), "supersedes=" + first + "&" + Books.PERIOD);

        assertThat(sum(fee)).isZero();
        assertThat(stored.strings("select undone_by || ', ' || undone_reason from statement_acceptance"))
                .containsExactly(finance.who().caller() + ", superseded by " + second);
        finance.accept(second, id(second, "AMOUNT_DIFFERS", fee)).then().statusCode(200);
        assertThat(sum(fee)).isEqualTo(50_000);
    }

    @Test
    void a_line_that_is_pre_deducted_charges_nothing() {
        Fee fee = books.charged(NOON.plusSeconds(600));
        String taken = fee.line(fee.at(), "预扣", "0.80");
        books.lostAndBack(NOON);
        books.lostAndBack(NOON);
        String statement = finance.imported(HEADER + taken + fee.line() + taken
                + books.taskNo() + ",2019-03-01 20:00:00,预扣,0.80\n"
                + books.taskNo() + ",2019-03-01 20:00:00,预扣,0.70\n");

        finance.who()
                .request()
                .get("/v1/statements/" + statement + "/differences/sums")
                .then()
                .body("items.kind", equalTo(List.of("AMBIGUOUS", "DUPLICATE_LINE", "MISSING_IN_LEDGER")))
                .body("items.theirs.value", equalTo(List.of("0.00", "0.00", "0.00")))
                .body("adjustments.value", equalTo(List.of("0.00")));
        finance.acceptMany(
                        statement,
                        finance.items(statement, "").stream()
                                .map(item -> item.get("id"))
                                .toList())
                .then()
                .statusCode(200);
        assertThat(stored.count(ENTRIES)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4711})
    void random_histories_of_accepting_and_taking_back_balance(long seed) {
        Random random = new Random(seed);
        RandomBill bill = new RandomBill(books, random, NOON);
        String before = adjustedInSummary();
        String statement = finance.imported(bill.file());
        List<Map<String, Object>> all = finance.items(statement, "");
        Set<String> accepted = new HashSet<>();
        for (int step = 0; step < 40; step++) {
            String difference = (String) all.get(random.nextInt(all.size())).get("id");
            boolean accepts = random.nextBoolean();
            Response answer = accepts ? finance.accept(statement, difference) : finance.unaccept(statement, difference);

            boolean changes = accepts ? accepted.add(difference) : accepted.remove(difference);
            assertThat(answer.statusCode()).isEqualTo(changes ? 200 : 409);
            assertThat(stored.count(ADJUSTED))
                    .isEqualTo(adjusted(finance.items(statement, "state=ACCEPTED"), accepted));
        }
        accepted.forEach(left -> finance.unaccept(statement, left).then().statusCode(200));

        assertThat(adjustedInSummary()).isEqualTo(before);
        assertThat(stored.strings("select acceptance_id from ledger_entry where acceptance_id is not null"
                        + " group by 1 having sum(amount) <> 0 or count(*) <> 2"))
                .isEmpty();
        assertThat(stored.count(ENTRIES)).isPositive();

        finance.acceptMany(statement, all.stream().map(item -> item.get("id")).toList())
                .then()
                .statusCode(200);
        assertThat(bill.ours() + stored.count(ADJUSTED))
                .as("the books are what the bill says")
                .isEqualTo(bill.theirs());
    }

    /** What was told of each acceptance, which must be those that the test has made. */
    private static long adjusted(List<Map<String, Object>> told, Set<String> accepted) {
        assertThat(told.stream().map(item -> (String) item.get("id"))).containsExactlyInAnyOrderElementsOf(accepted);
        return told.stream()
                .map(item -> (Map<?, ?>) item.get("adjustment"))
                .filter(Objects::nonNull)
                .mapToLong(amount -> new BigDecimal((String) amount.get("value"))
                        .movePointRight(6)
                        .longValueExact())
                .sum();
    }

    /** The adjustments in the summary of March 2019, the month of the bill. */
    private String adjustedInSummary() {
        List<Map<String, Object>> totals = finance.who()
                .request()
                .get(Api.CHARGES + "/summary?groupBy=month&from=2019-02-28T16:00:00Z&to=2019-03-31T16:00:00Z")
                .then()
                .statusCode(200)
                .extract()
                .path("totals");
        return totals.stream()
                .filter(total -> total.get("currency").equals("CNY"))
                .map(total -> ((Map<?, ?>) total.get("adjusted")).get("amount").toString())
                .findFirst()
                .orElse("0.00");
    }

    private String id(String statement, String kind, Fee fee) {
        return finance.items(statement, "kind=" + kind).stream()
                .filter(item -> fee.session().toString().equals(item.get("sessionId")))
                .map(item -> (String) item.get("id"))
                .findFirst()
                .orElseThrow();
    }

    private long sum(Fee fee) {
        return stored.count(
                "select coalesce(sum(amount), 0) from ledger_entry where session_id = ? and kind = 'ADJUSTMENT'",
                fee.session());
    }

    private long audited(String what, String statement) {
        return stored.count(
                "select count(*) from audit_entry where what = ? and detail ->> 'statement' = ?", what, statement);
    }
}

package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.bill.Books.Fee;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request has done to a statement and its differences is taken back soon after it. */
@QuarkusTest
class UndoWorkTest extends BilledTest {

    private static final Map<String, Object> REASON = Map.of("reason", "their price is right");

    private final Work first = person("first");
    private final Work second = person("second");

    private static Work person(String name) {
        return new Work(Api.person(name + "-" + UUID.randomUUID(), name + "-" + UUID.randomUUID(), "finance-admin"));
    }

    @Test
    void an_acceptance_is_taken_back_once_by_the_person_of_its_request() {
        String statement = finance.imported(HEADER + line("0.90"));
        String difference = only(statement);
        String accepted = Work.key();
        first.post(statement, difference + "/accept", accepted, REASON).then().statusCode(200);

        second.undo(statement, accepted).then().statusCode(404);
        first.undo(statement, Work.key()).then().statusCode(404);
        first.undo(Work.key(), accepted).then().statusCode(404);
        first.undo(statement, accepted, accepted).then().statusCode(422);
        String key = Work.key();
        first.undo(statement, accepted, key).then().statusCode(200).body("id", equalTo(statement));
        first.undo(statement, accepted, key).then().statusCode(200).header("Idempotency-Replayed", "true");

        assertThat(states(statement)).containsExactly("OPEN");
        assertThat(adjusted()).isZero();
        assertThat(stored.count("select count(*) from ledger_entry where acceptance_id is not null"))
                .as("a counter-entry")
                .isEqualTo(2);
        assertThat(stored.strings(
                        "select who || ' ' || (detail ->> 'reason') from audit_entry where what = 'difference-unaccepted' and subject = ?",
                        difference))
                .containsExactly(first.who().caller() + " at once");
        Work.refused(first.undo(statement, accepted), "changed-since");
        first.undo(statement, key).then().statusCode(404);
    }

    @Test
    void another_person_takes_back_nothing_of_it_by_the_same_client() {
        Work other = new Work(Api.person("other", first.who().caller(), "finance-admin"));
        String statement = finance.imported(HEADER + line("0.90"));
        String difference = only(statement);
        first.accept(statement, difference).then().statusCode(200);
        String revoked = Work.key();
        first.post(statement, difference + "/un-accept", revoked, REASON).then().statusCode(200);
        other.undo(statement, revoked).then().statusCode(404);

        String withdrawn = Work.key();
        first.withdrawal(statement, withdrawn).then().statusCode(200);
        other.undo(statement, withdrawn).then().statusCode(404);
        first.undo(statement, withdrawn).then().statusCode(200);
    }

    @Test
    void many_are_taken_back_together_or_none_of_them() {
        StringBuilder file = new StringBuilder(HEADER);
        for (int line = 0; line < 250; line++) {
            file.append(line("0.30"));
        }
        String statement = finance.imported(file.toString());
        Map<String, Object> all = Map.of("count", 250, "reason", "all of them");
        String accepted = Work.key();
        first.post(statement, "accept-fitting", accepted, all).then().statusCode(200);
        first.undo(statement, accepted).then().statusCode(200);
        assertThat(states(statement)).hasSize(250).containsOnly("OPEN");

        String again = Work.key();
        first.post(statement, "accept-fitting", again, all).then().statusCode(200);
        finance.unaccept(statement, (String) finance.items(statement, "").get(7).get("id"))
                .then()
                .statusCode(200);
        Work.refused(first.undo(statement, again), "changed-since");
        assertThat(finance.items(statement, "state=ACCEPTED")).hasSize(249);
    }

    @Test
    void what_a_person_has_confirmed_awaits_a_second_person_again() {
        String statement = finance.imported(HEADER + line("100.01"));
        String difference = only(statement);
        String proposed = Work.key();
        String confirmed = Work.key();
        first.post(statement, difference + "/accept", proposed, REASON).then().statusCode(200);
        second.confirm(statement, difference, confirmed).then().statusCode(200);
        assertThat(adjusted()).isEqualTo(100_010_000);
        Work.refused(first.undo(statement, proposed), "changed-since");

        second.undo(statement, confirmed).then().statusCode(200).body("proposed", equalTo(1));

        assertThat(adjusted()).isZero();
        assertThat(finance.items(statement, "").get(0))
                .containsEntry("state", "PROPOSED")
                .containsEntry("acceptedBy", first.who().caller())
                .doesNotContainKey("confirmedBy");
        Work.refused(first.confirm(statement, difference), "own-proposal");
        person("third").confirm(statement, difference).then().statusCode(200);
        assertThat(adjusted()).isEqualTo(100_010_000);
    }

    @Test
    void a_revocation_is_taken_back_unless_that_gave_a_person_more_than_it_may_accept_alone() {
        String statement = finance.imported(HEADER + line("60.00") + line("60.00"));
        List<Map<String, Object>> items = finance.items(statement, "");
        String one = (String) items.get(0).get("id");
        String other = (String) items.get(1).get("id");
        first.accept(statement, one).then().statusCode(200);
        Map<String, Object> before = finance.items(statement, "state=ACCEPTED").get(0);

        String revoked = Work.key();
        second.post(statement, one + "/un-accept", revoked, REASON).then().statusCode(200);
        second.undo(statement, revoked).then().statusCode(200);
        assertThat(finance.items(statement, "state=ACCEPTED")).containsExactly(before);
        assertThat(adjusted()).isEqualTo(60_000_000);

        String again = Work.key();
        second.post(statement, one + "/un-accept", again, REASON).then().statusCode(200);
        first.accept(statement, other).then().statusCode(200);
        Work.refused(second.undo(statement, again), "changed-since");
        assertThat(adjusted()).isEqualTo(60_000_000);
    }

    @Test
    void the_revocation_of_what_two_have_confirmed_is_taken_back_at_each_step() {
        String statement = finance.imported(HEADER + line("100.01"));
        String difference = only(statement);
        first.accept(statement, difference).then().statusCode(200);
        second.confirm(statement, difference).then().statusCode(200);
        String proposed = Work.key();
        first.post(statement, difference + "/un-accept", proposed, REASON)
                .then()
                .statusCode(200);
        first.undo(statement, proposed).then().statusCode(200);
        assertThat(finance.items(statement, "").get(0)).doesNotContainKey("revocationProposedBy");

        first.unaccept(statement, difference).then().statusCode(200);
        String revoked = Work.key();
        second.post(statement, difference + "/un-accept", revoked, REASON)
                .then()
                .statusCode(200);
        assertThat(adjusted()).isZero();
        second.undo(statement, revoked).then().statusCode(200);
        assertThat(finance.items(statement, "").get(0))
                .containsEntry("state", "ACCEPTED")
                .containsEntry("confirmedBy", second.who().caller())
                .containsEntry("revocationProposedBy", first.who().caller());
        assertThat(adjusted()).isEqualTo(100_010_000);
    }

    @Test
    void a_confirmation_stands_while_its_revocation_awaits_a_second_person() {
        String statement = finance.imported(HEADER + line("100.01"));
        String difference = only(statement);
        first.accept(statement, difference).then().statusCode(200);
        String confirmed = Work.key();
        second.confirm(statement, difference, confirmed).then().statusCode(200);
        first.unaccept(statement, difference).then().statusCode(200);

        Work.refused(second.undo(statement, confirmed), "changed-since");
        assertThat(adjusted()).isEqualTo(100_010_000);
    }

    @Test
    void a_revocation_stands_where_the_acceptance_would_add_something_else_by_now() {
        Fee fee = books.charged(NOON);
        String statement = finance.imported(HEADER + line("0.70"));
        String missing = (String)
                finance.items(statement, "kind=MISSING_IN_STATEMENT").get(0).get("id");
        first.accept(statement, missing).then().statusCode(200);
        String revoked = Work.key();
        first.post(statement, missing + "/un-accept", revoked, REASON).then().statusCode(200);
        finance.imported(HEADER + fee.line(), "from=" + Books.END + "&to=" + Books.END.plus(Duration.ofDays(1)));

        Work.refused(first.undo(statement, revoked), "changed-since");
        assertThat(adjusted()).isZero();
    }

    @Test
    void a_revocation_stands_once_the_difference_is_accepted_again_or_its_statement_is_withdrawn() {
        String statement = finance.imported(HEADER + line("0.90"));
        String difference = only(statement);
        first.accept(statement, difference).then().statusCode(200);
        String revoked = Work.key();
        first.post(statement, difference + "/un-accept", revoked, REASON).then().statusCode(200);
        second.accept(statement, difference).then().statusCode(200);

        Work.refused(first.undo(statement, revoked), "accepted-before");
        second.withdraw(statement);
        Work.refused(first.undo(statement, revoked), "statement-not-done");
        assertThat(adjusted()).isZero();
    }

    @Test
    void a_match_by_hand_and_its_undoing_are_taken_back() {
        Fee fee = books.charged(NOON);
        String statement = finance.imported(HEADER + line("0.80"));
        String line = (String)
                finance.items(statement, "kind=MISSING_IN_LEDGER").get(0).get("id");
        String matched = Work.key();
        finance.match(statement, line, fee.session(), matched).then().statusCode(200);
        finance.undo(statement, matched).then().statusCode(200);
        assertThat(states(statement)).containsExactly("OPEN", "OPEN");

        finance.match(statement, line, fee.session()).then().statusCode(200);
        String unmatched = Work.key();
        finance.post(statement, line + "/un-match", unmatched, REASON).then().statusCode(200);
        finance.undo(statement, unmatched).then().statusCode(200);
        assertThat(finance.items(statement, "")).isEmpty();
    }

    @Test
    void a_match_by_hand_that_another_has_made_since_stands() {
        Fee fee = books.charged(NOON);
        Fee other = books.charged(NOON.plusSeconds(1));
        String statement = finance.imported(HEADER + line("0.80"));
        String line = (String)
                finance.items(statement, "kind=MISSING_IN_LEDGER").get(0).get("id");
        String matched = Work.key();
        first.match(statement, line, fee.session(), matched).then().statusCode(200);
        second.unmatch(statement, line).then().statusCode(200);
        second.match(statement, line, other.session()).then().statusCode(200);

        Work.refused(first.undo(statement, matched), "changed-since");
        assertThat(finance.items(statement, ""))
                .extracting(item -> item.get("sessionId"))
                .containsExactly(fee.session().toString());
    }

    @Test
    void the_undoing_of_a_match_by_hand_that_is_taken_back_leaves_the_match_to_the_one_who_made_it() {
        Fee fee = books.refunded(NOON);
        String statement = finance.imported(HEADER + line("0.80"));
        List<Map<String, Object>> unworked = finance.items(statement, "");
        String line = (String)
                finance.items(statement, "kind=MISSING_IN_LEDGER").get(0).get("id");
        String matched = Work.key();
        first.match(statement, line, fee.session(), matched).then().statusCode(200);
        List<Map<String, Object>> before = finance.items(statement, "");
        String unmatched = Work.key();
        second.post(statement, line + "/un-match", unmatched, REASON).then().statusCode(200);

        second.undo(statement, unmatched).then().statusCode(200);

        assertThat(finance.items(statement, "")).isEqualTo(before);
        first.undo(statement, matched).then().statusCode(200);
        assertThat(finance.items(statement, "")).isEqualTo(unworked);
    }

    @Test
    void a_statement_that_was_withdrawn_counts_again_with_all_that_it_led_to() {
        Fee fee = books.charged(NOON);
        String statement = finance.imported(HEADER + fee.line(fee.at(), "实扣", "0.90") + line("100.01") + line("0.70"));
        String large = large(statement);
        finance.items(statement, "")
                .forEach(item ->
                        first.accept(statement, (String) item.get("id")).then().statusCode(200));
        List<Map<String, Object>> before = finance.items(statement, "");
        long adjusted = adjusted();

        String withdrawn = Work.key();
        finance.withdrawal(statement, withdrawn).then().statusCode(200);
        finance.withdrawal(statement, withdrawn).then().statusCode(200);
        first.withdrawal(statement, withdrawn).then().statusCode(200);
        assertThat(adjusted()).isZero();
        String used = Work.key();
        finance.undo(statement, withdrawn, used)
                .then()
                .statusCode(200)
                .body("status", equalTo("DONE"))
                .body("withdrawnBy", nullValue())
                .body("reason", nullValue());
        assertThat(finance.items(statement, "")).isEqualTo(before);
        assertThat(adjusted()).isEqualTo(adjusted);
        finance.post(statement, large + "/accept", withdrawn, REASON).then().statusCode(422);
        finance.withdrawal(statement, used).then().statusCode(422);

        second.confirm(statement, large).then().statusCode(200);
        String proposed = Work.key();
        first.withdrawal(statement, proposed).then().statusCode(200).body("reason", equalTo("wrong month"));
        first.undo(statement, proposed).then().statusCode(200).body("withdrawalProposedBy", nullValue());
        Work.refused(first.undo(statement, proposed), "changed-since");
        first.withdraw(statement);
        String decided = Work.key();
        second.withdrawal(statement, decided).then().statusCode(200).body("status", equalTo("WITHDRAWN"));
        second.undo(statement, decided)
                .then()
                .statusCode(200)
                .body("status", equalTo("DONE"))
                .body("withdrawalProposedBy", equalTo(first.who().caller()))
                .body("reason", equalTo("wrong month"));
        assertThat(adjusted()).isEqualTo(adjusted + 100_010_000);
    }

    @Test
    void a_withdrawal_stands_once_another_bill_was_compared_without_that_statement() {
        String statement = finance.imported(HEADER + line("0.90"));
        String withdrawn = Work.key();
        finance.withdrawal(statement, withdrawn).then().statusCode(200);
        finance.imported(HEADER + line("0.80"));

        Work.refused(finance.undo(statement, withdrawn), "changed-since");
    }

    @Test
    void a_withdrawal_stands_once_the_month_was_closed_without_that_statement() {
        Fee fee = books.charged(NOON);
        String statement = finance.imported(HEADER + fee.line(fee.at(), "实扣", "0.90"));
        first.accept(statement, only(statement)).then().statusCode(200);
        String withdrawn = Work.key();
        first.withdrawal(statement, withdrawn).then().statusCode(200);
        close().then().statusCode(200);

        Work.refused(first.undo(statement, withdrawn), "changed-since");
        first.who().request().get("/v1/statements/" + statement).then().body("status", equalTo("WITHDRAWN"));
        assertThat(states(statement)).containsExactly("OPEN");
        assertThat(adjusted()).isZero();
    }

    @Test
    void so_it_does_when_that_closing_had_begun_before_it() throws SQLException {
        String statement = finance.imported(HEADER + books.charged(NOON).line());
        String withdrawn = Work.key();
        CompletableFuture<Response> closing;
        try (Connection other = stored.connection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("lock table period");
            closing = CompletableFuture.supplyAsync(this::close);
            Patience.await("the closing to wait", Duration.ofSeconds(20))
                    .until(() -> stored.count(
                                    "select count(*) from pg_locks where relation = 'period'::regclass and not granted")
                            == 1);
            first.withdrawal(statement, withdrawn).then().statusCode(200);
            other.rollback();
        }

        closing.join().then().statusCode(200);
        Work.refused(first.undo(statement, withdrawn), "changed-since");
    }

    private Response close() {
        return first.who().request().header("Idempotency-Key", Work.key()).post("/v1/periods/2019-03/close");
    }

    @Test
    void what_was_done_longer_ago_stands() throws SQLException {
        String statement = finance.imported(HEADER + line("0.90"));
        String accepted = Work.key();
        finance.post(statement, only(statement) + "/accept", accepted, REASON)
                .then()
                .statusCode(200);
        stored.execute(
                "update finance_request set at = at - interval '2 minutes' where idempotency_key = '" + accepted + "'");

        Work.refused(finance.undo(statement, accepted), "too-late");
        assertThat(states(statement)).containsExactly("ACCEPTED");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4711})
    void whatever_was_done_all_is_as_before_once_it_is_taken_back(long seed) {
        Random random = new Random(seed);
        RandomBill bill = new RandomBill(books, random, NOON);
        String statement = finance.imported(bill.file());
        List<Map<String, Object>> all = finance.items(statement, "");
        int done = 0;
        for (int step = 0; step < 30; step++) {
            List<Map<String, Object>> before = finance.items(statement, "");
            long adjusted = adjusted();
            String key = Work.key();
            String difference = (String) all.get(random.nextInt(all.size())).get("id");
            int status =
                    switch (random.nextInt(4)) {
                        case 0 ->
                            first.post(statement, difference + "/accept", key, REASON)
                                    .statusCode();
                        case 1 ->
                            first.post(statement, difference + "/un-accept", key, REASON)
                                    .statusCode();
                        case 2 -> first.withdrawal(statement, key).statusCode();
                        default ->
                            first.post(
                                            statement,
                                            "accept-fitting",
                                            key,
                                            Map.of(
                                                    "count",
                                                    Math.max(
                                                            1,
                                                            finance.items(statement, "state=OPEN")
                                                                    .size()),
                                                    "reason",
                                                    "all"))
                                    .statusCode();
                    };
            boolean isWithdrawn = finance.who()
                    .request()
                    .get("/v1/statements/" + statement)
                    .path("status")
                    .equals("WITHDRAWN");
            if (status == 200 && (isWithdrawn || random.nextBoolean())) {
                first.undo(statement, key).then().statusCode(200);
                assertThat(finance.items(statement, "")).isEqualTo(before);
                assertThat(adjusted()).isEqualTo(adjusted);
                done++;
            }
        }
        assertThat(done).isPositive();
    }

    /** Of no session. */
    private String line(String amount) {
        return books.taskNo() + ",2019-03-01 20:00:00,实扣," + amount + "\n";
    }

    private String only(String statement) {
        List<Map<String, Object>> items = finance.items(statement, "");
        assertThat(items).hasSize(1);
        return (String) items.get(0).get("id");
    }

    private String large(String statement) {
        return finance.items(statement, "kind=MISSING_IN_LEDGER").stream()
                .filter(item -> item.toString().contains("100.01"))
                .map(item -> (String) item.get("id"))
                .findFirst()
                .orElseThrow();
    }

    private List<Object> states(String statement) {
        return finance.items(statement, "").stream()
                .map(item -> item.get("state"))
                .toList();
    }

    private long adjusted() {
        return stored.count("select coalesce(sum(amount), 0) from ledger_entry where acceptance_id is not null");
    }
}

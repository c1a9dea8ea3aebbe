package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.bill.Books.Fee;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lines that are matched to a session by hand. */
@QuarkusTest
class MatchByHandTest extends BilledTest {

    private static final String RESULTS = "select to_jsonb(m)::text from statement_match m order by id";
    private static final String COUNTS = "select counts::text from statement";

    @Test
    void a_line_with_another_number_is_given_to_its_session_and_taken_back_as_it_was() {
        Fee fee = books.charged(NOON);
        String statement = finance.imported(HEADER + unknown("实扣", "0.80"));
        String line = only(statement, "MISSING_IN_LEDGER");
        List<String> results = stored.strings(RESULTS);
        List<String> counts = stored.strings(COUNTS);
        long ledger = stored.count("select count(*) from ledger_entry");
        assertThat(open(statement)).isEqualTo(2);

        Map<String, Object> matched = finance.match(statement, line, fee.session())
                .then()
                .statusCode(200)
                .extract()
                .path("$");

        assertThat(matched)
                .containsEntry("id", line)
                .containsEntry("kind", "MATCHED")
                .containsEntry("sessionId", fee.session().toString())
                .doesNotContainKey("state");
        assertThat(part(matched, "ours")).containsEntry("status", "CHARGED");
        assertThat(part(matched, "matchedByHand"))
                .containsEntry("earlierKind", "MISSING_IN_LEDGER")
                .containsEntry("by", finance.who().caller())
                .containsEntry("reason", "the vendor wrote its old number")
                .containsKey("at");
        assertThat(finance.items(statement, "")).isEmpty();
        assertThat(open(statement)).isZero();
        assertThat(stored.strings(COUNTS)).containsExactly("{\"MATCHED\": 1}");
        assertThat(stored.count("select count(*) from ledger_entry")).isEqualTo(ledger);
        assertThat(audited("difference-matched", line)).isEqualTo(1);

        Map<String, Object> back = finance.unmatch(statement, line)
                .then()
                .statusCode(200)
                .extract()
                .path("$");

        assertThat(back)
                .containsEntry("kind", "MISSING_IN_LEDGER")
                .containsEntry("state", "OPEN")
                .doesNotContainKeys("sessionId", "ours", "matchedByHand");
        assertThat(stored.strings(RESULTS)).isEqualTo(results);
        assertThat(stored.strings(COUNTS)).isEqualTo(counts);
        assertThat(audited("difference-unmatched", line)).isEqualTo(1);
        Work.refused(finance.unmatch(statement, line), "not-matched");
        finance.match(statement, line, fee.session()).then().statusCode(200);
    }

    @Test
    void a_match_of_another_time_is_not_taken_back() {
        Fee fee = books.charged(NOON);
        String statement = finance.imported(HEADER + unknown("实扣", "0.80"));
        String line = only(statement, "MISSING_IN_LEDGER");
        Map<String, Object> first = Map.of(
                "reason",
                "at once",
                "matchedAt",
                finance.match(statement, line, fee.session()).path("matchedByHand.at"));
        finance.unmatch(statement, line).then().statusCode(200);
        Work.refused(finance.post(statement, line + "/un-match", Work.key(), first), "changed-since");
        Object second = finance.match(statement, line, fee.session()).path("matchedByHand.at");
        Work.refused(finance.post(statement, line + "/un-match", Work.key(), first), "changed-since");

        finance.post(statement, line + "/un-match", Work.key(), Map.of("reason", "at once", "matchedAt", second))
                .then()
                .statusCode(200);
    }

    @Test
    void a_match_changes_the_numbers_by_its_own_results_and_counts_no_others() throws SQLException {
        Fee fee = books.charged(NOON);
        String statement = finance.imported(HEADER + unknown("实扣", "0.80"));
        String line = only(statement, "MISSING_IN_LEDGER");
        stored.execute("update statement set counts = counts || '{\"DUPLICATE_LINE\": 7}'");
        List<String> counts = stored.strings(COUNTS);

        finance.match(statement, line, fee.session()).then().statusCode(200);
        assertThat(stored.strings(COUNTS)).containsExactly("{\"MATCHED\": 1, \"DUPLICATE_LINE\": 7}");
        finance.unmatch(statement, line).then().statusCode(200);
        assertThat(stored.strings(COUNTS)).isEqualTo(counts);
    }

    @Test
    void another_amount_and_another_status_are_differences_that_are_accepted() {
        Fee fee = books.refunded(NOON);
        String statement = finance.imported(HEADER + unknown("实扣", "0.90"));
        String line = only(statement, "MISSING_IN_LEDGER");
        List<String> results = stored.strings(RESULTS);

        finance.match(statement, line, fee.session()).then().statusCode(200);

        assertThat(kinds(statement)).containsExactly("AMOUNT_DIFFERS", "STATUS_DIFFERS");
        assertThat(finance.items(statement, ""))
                .allSatisfy(
                        item -> assertThat(item).containsKey("matchedByHand").containsEntry("line", 2));
        assertThat(open(statement)).isEqualTo(2);
        String second = only(statement, "STATUS_DIFFERS");
        finance.accept(statement, line).then().statusCode(200);
        finance.accept(statement, second).then().statusCode(200);
        assertThat(stored.count(
                        "select sum(amount) from ledger_entry where session_id = ? and kind = 'ADJUSTMENT'",
                        fee.session()))
                .isEqualTo(900_000);
        Work.refused(finance.unmatch(statement, line), "accepted-before");
        finance.unaccept(statement, line).then().statusCode(200);
        Work.refused(finance.unmatch(statement, line), "accepted-before");
        finance.unaccept(statement, second).then().statusCode(200);
        finance.unmatch(statement, line).then().statusCode(200);
        assertThat(stored.strings(RESULTS)).isEqualTo(results);
    }

    @Test
    void a_line_that_fits_two_lost_fees_is_given_to_one_of_them() {
        Fee one = books.lost(NOON);
        books.lost(NOON.plusSeconds(1));
        String statement = finance.imported(HEADER + one.line());
        String line = only(statement, "AMBIGUOUS");

        finance.match(statement, line, one.session())
                .then()
                .statusCode(200)
                .body("kind", org.hamcrest.Matchers.is("MATCHED"))
                .body("presumption", org.hamcrest.Matchers.is("CONFIRMED"));

        finance.unmatch(statement, line).then().statusCode(200);
        assertThat(only(statement, "AMBIGUOUS")).isEqualTo(line);
    }

    @Test
    void obstacles_are_listed_and_nothing_changes() throws SQLException {
        Fee known = books.charged(NOON);
        Fee missing = books.charged(NOON.plusSeconds(100));
        Fee dollars = books.charged(NOON.plusSeconds(200));
        stored.unguarded("update ledger_entry set currency = 'USD' where session_id = ?", dollars.session());
        String statement = finance.imported(HEADER + known.line(known.at(), "实扣", "0.90") + unknown("实扣", "0.80"));
        String line = only(statement, "MISSING_IN_LEDGER");
        String absent = id(statement, "MISSING_IN_STATEMENT", missing);
        List<String> results = stored.strings(RESULTS);

        Work.refused(finance.match(statement, line, UUID.randomUUID()), "session-without-fee");
        Work.refused(finance.match(statement, line, dollars.session()), "currencies-differ");
        Work.refused(finance.match(statement, line, known.session()), "session-matched");
        Work.refused(finance.match(statement, absent, missing.session()), "line-has-a-fee");
        Work.refused(
                finance.match(statement, id(statement, "AMOUNT_DIFFERS", known), missing.session()), "line-has-a-fee");
        finance.accept(statement, absent).then().statusCode(200);
        Work.refused(finance.match(statement, line, missing.session()), "session-accepted");
        finance.unaccept(statement, absent).then().statusCode(200);
        finance.accept(statement, line).then().statusCode(200);
        Work.refused(finance.match(statement, line, missing.session()), "accepted-before");
        finance.unaccept(statement, line).then().statusCode(200);
        Work.refused(finance.unmatch(statement, line), "not-matched");
        finance.match(statement, UUID.randomUUID().toString(), missing.session())
                .then()
                .statusCode(404);
        finance.unmatch(statement, UUID.randomUUID().toString()).then().statusCode(404);
        Work.broken(
                finance.post(statement, line + "/match", Work.key(), Map.of("sessionId", "x", "reason", "r")),
                "sessionId");
        Work.broken(
                finance.post(
                        statement,
                        line + "/match",
                        Work.key(),
                        Map.of("sessionId", missing.session().toString(), "reason", "")),
                "reason");
        assertThat(stored.strings(RESULTS)).isEqualTo(results);
        assertThat(stored.count("select count(*) from match_by_hand")).isZero();

        finance.withdraw(statement);
        Work.refused(finance.match(statement, line, missing.session()), "statement-not-done");
        Work.refused(finance.unmatch(statement, line), "statement-not-done");
    }

    @Test
    void a_key_does_it_once_and_is_of_one_request() {
        Fee fee = books.charged(NOON);
        Fee other = books.charged(NOON.plusSeconds(100));
        String statement = finance.imported(HEADER + unknown("实扣", "0.80"));
        String line = only(statement, "MISSING_IN_LEDGER");
        String key = Work.key();
        finance.match(statement, line, fee.session(), key).then().statusCode(200);

        Response again = finance.match(statement, line, fee.session(), key);

        again.then().statusCode(200);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        finance.match(statement, line, other.session(), key).then().statusCode(422);
        finance.post(statement, line + "/un-match", key, Map.of("reason", "a mistake"))
                .then()
                .statusCode(422);
        assertThat(stored.count("select count(*) from match_by_hand")).isEqualTo(1);
    }

    @Test
    void of_two_at_once_one_is_refused_and_the_numbers_stay_right() {
        Fee fee = books.charged(NOON);
        Fee other = books.charged(NOON.plusSeconds(100));
        String statement =
                finance.imported(HEADER + unknown("实扣", "0.80") + unknown("实扣", "0.80") + unknown("实扣", "0.80"));
        List<String> lines = finance.items(statement, "kind=MISSING_IN_LEDGER").stream()
                .map(item -> (String) item.get("id"))
                .toList();
        String absent = id(statement, "MISSING_IN_STATEMENT", fee);
        finance.who().token();

        List<Integer> answers = Stream.<CompletableFuture<Response>>of(
                        CompletableFuture.supplyAsync(() -> finance.match(statement, lines.get(0), fee.session())),
                        CompletableFuture.supplyAsync(() -> finance.match(statement, lines.get(1), fee.session())),
                        CompletableFuture.supplyAsync(() -> finance.accept(statement, absent)),
                        CompletableFuture.supplyAsync(() -> finance.match(statement, lines.get(2), other.session())))
                .map(CompletableFuture::join)
                .map(Response::statusCode)
                .toList();

        assertThat(answers.subList(0, 3)).containsOnlyOnce(200);
        assertThat(answers.subList(0, 2)).isSubsetOf(200, 409);
        // The fee that is on no line is no result any more once a line is its.
        assertThat(answers.get(2)).isIn(200, 404, 409);
        assertThat(answers.get(3)).isEqualTo(200);
        assertThat(stored.strings(COUNTS))
                .isEqualTo(
                        stored.strings(
                                "select jsonb_object_agg(kind, n)::text from (select kind, count(*) as n from statement_match group by 1) c"));
    }

    private String unknown(String status, String amount) {
        return books.taskNo() + ",2019-03-01 22:00:00," + status + "," + amount + "\n";
    }

    private String only(String statement, String kind) {
        List<Map<String, Object>> items = finance.items(statement, "kind=" + kind);
        assertThat(items).hasSize(1);
        return (String) items.get(0).get("id");
    }

    private String id(String statement, String kind, Fee fee) {
        return finance.items(statement, "kind=" + kind).stream()
                .filter(item -> fee.session().toString().equals(item.get("sessionId")))
                .map(item -> (String) item.get("id"))
                .findFirst()
                .orElseThrow();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> part(Map<String, Object> difference, String name) {
        return (Map<String, Object>) difference.get(name);
    }

    private List<String> kinds(String statement) {
        return finance.items(statement, "").stream()
                .map(item -> (String) item.get("kind"))
                .toList();
    }

    /** The number of open differences that the statement itself tells; those of closed months are not among them. */
    private int open(String statement) {
        Map<String, Integer> differences = finance.who()
                .request()
                .get("/v1/statements/" + statement)
                .then()
                .statusCode(200)
                .extract()
                .path("differences");
        return differences.values().stream().mapToInt(Integer::intValue).sum();
    }

    private long audited(String what, String difference) {
        return stored.count("select count(*) from audit_entry where what = ? and subject = ?", what, difference);
    }
}

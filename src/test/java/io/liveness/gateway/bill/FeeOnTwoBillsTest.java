package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.oneOf;

import io.liveness.gateway.bill.Books.Fee;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A fee is billed once, by one of the bills that count. */
@QuarkusTest
class FeeOnTwoBillsTest extends BilledTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final String NEXT_DAY = "from=" + Books.END + "&to=" + Books.END.plus(DAY);

    @Inject
    DataSource database;

    @AfterEach
    @Override
    void remove() throws SQLException {
        super.remove();
        stored.removeBefore(Books.END.plus(DAY));
    }

    @Test
    void a_fee_that_two_bills_charge_is_charged_twice() {
        Fee fee = books.charged(NOON);
        Fee back = books.refunded(NOON.plusSeconds(1));
        String first = finance.imported(HEADER + fee.line() + back.line());

        String second = finance.imported(HEADER + "\n" + back.line() + fee.line(), NEXT_DAY);

        assertThat(differences(first)).isEmpty();
        assertThat(differences(second)).containsExactly("DUPLICATE_LINE " + fee.session());
        assertThat(finance.items(second, "").get(0))
                .containsEntry("detail", "statement " + first + " has charged the fee on line 2");
        finance.accept(second, id(second)).then().statusCode(200);
        assertThat(adjusted()).isEqualTo(800_000);
    }

    @Test
    void neither_a_corrected_bill_nor_one_that_was_withdrawn_or_tried_has_charged_it_before() {
        Fee fee = books.charged(NOON);
        String first = finance.imported(HEADER + fee.line());
        String corrected = finance.imported(HEADER + "\n" + fee.line(), "supersedes=" + first + "&" + Books.PERIOD);
        assertThat(differences(corrected)).isEmpty();

        finance.withdraw(corrected);
        finance.imported(HEADER + "\n\n" + fee.line(), "dryRun=true&" + Books.PERIOD);

        assertThat(differences(finance.imported(HEADER + "\n\n\n" + fee.line())))
                .isEmpty();
    }

    @Test
    void a_charge_is_no_duplicate_once_the_bill_that_had_it_is_withdrawn_unless_its_own_bill_repeats_it() {
        Fee fee = books.charged(NOON);
        String first = finance.imported(HEADER + fee.line());
        String second = finance.imported(HEADER + fee.line() + fee.line(), NEXT_DAY);
        List<String> both = finance.items(second, "kind=DUPLICATE_LINE").stream()
                .map(item -> (String) item.get("id"))
                .toList();
        finance.withdraw(first);

        Work.refused(finance.accept(second, both.get(0)), "no-difference");
        finance.accept(second, both.get(1)).then().statusCode(200);

        assertThat(adjusted()).isEqualTo(800_000);
    }

    @Test
    void a_proposal_is_judged_again_when_it_is_confirmed() {
        Fee fee = books.charged(NOON);
        String first = finance.imported(HEADER + fee.line(NOON, "实扣", "100.01"));
        String second = finance.imported(HEADER + "\n" + fee.line(NOON, "实扣", "100.01"));
        String twice = id(second);
        finance.accept(second, twice).then().statusCode(200).body("state", equalTo("PROPOSED"));
        Work other = new Work(Api.person("second-" + UUID.randomUUID(), "finance-app", "finance-admin"));
        finance.withdraw(first);

        Work.refused(other.confirm(second, twice), "no-difference");
        finance.withdraw(second);

        String without = finance.imported(HEADER + books.taskNo() + ",2019-03-01 20:00:00,实扣,100.01\n");
        List<String> proposed = finance.items(without, "").stream()
                .map(item -> (String) item.get("id"))
                .toList();
        finance.acceptMany(without, proposed).then().statusCode(200);
        finance.imported(HEADER + fee.line(), NEXT_DAY);
        String missing = (String)
                finance.items(without, "kind=MISSING_IN_STATEMENT").get(0).get("id");
        Work.refused(other.confirm(without, missing), "adds-otherwise");

        assertThat(adjusted()).isZero();
    }

    @Test
    void an_unknown_number_that_is_taken_on_one_bill_and_charged_on_two_is_accepted_as_often_as_it_is_charged() {
        String taskNo = books.taskNo();
        String taken = finance.imported(HEADER + taskNo + ",2019-03-01 20:00:00,预扣,0.80\n");
        finance.accept(taken, id(taken)).then().statusCode(200);
        String charged = taskNo + ",2019-03-02 20:00:00,实扣,0.80\n";

        String first = finance.imported(HEADER + charged, NEXT_DAY);
        finance.accept(first, id(first)).then().statusCode(200);
        String second = finance.imported(HEADER + "\n" + charged, NEXT_DAY);

        assertThat(differences(first)).containsExactly("MISSING_IN_LEDGER null");
        assertThat(differences(second)).containsExactly("DUPLICATE_LINE null");
        assertThat(finance.items(second, "").get(0))
                .containsEntry("detail", "statement " + first + " has charged the fee on line 2");
        finance.accept(second, id(second)).then().statusCode(200);
        assertThat(adjusted()).isEqualTo(1_600_000);
        finance.withdraw(first);
        assertThat(adjusted()).isEqualTo(800_000);
    }

    @Test
    void a_line_is_not_given_by_hand_to_a_fee_that_another_bill_has_charged() {
        Fee fee = books.charged(NOON);
        finance.imported(HEADER + fee.line());
        String second = finance.imported(HEADER + books.taskNo() + ",2019-03-02 20:00:00,实扣,0.80\n", NEXT_DAY);

        Work.refused(finance.match(second, id(second), fee.session()), "session-billed-elsewhere");

        assertThat(differences(second)).containsExactly("MISSING_IN_LEDGER null");
    }

    @Test
    void a_fee_that_was_taken_back_since_one_bill_lacks_it_differs_from_the_one_that_has_it() {
        Fee fee = books.charged(NOON);
        String first = finance.imported(HEADER);
        String missing = id(first);
        finance.accept(first, missing).then().statusCode(200);
        assertThat(adjusted()).isEqualTo(-800_000);

        String second = finance.imported(HEADER + fee.line(), NEXT_DAY);

        assertThat(differences(second)).containsExactly("AMOUNT_DIFFERS " + fee.session());
        assertThat(finance.items(second, "").get(0))
                .containsEntry(
                        "detail",
                        "an adjustment of the fee to what statement " + first
                                + " says is accepted or proposed: take that back first");
        Work.refused(finance.accept(second, id(second)), "fee-accepted-elsewhere");
        finance.unaccept(first, missing).then().statusCode(200);
        finance.accept(second, id(second)).then().statusCode(200);
        finance.accept(first, missing).then().statusCode(200);
        assertThat(adjusted()).isZero();
    }

    @Test
    void a_fee_that_another_bill_has_is_not_missing() {
        Fee fee = books.charged(NOON);
        String early = finance.imported(HEADER);
        String having = finance.imported(HEADER + fee.line(fee.at(), "实扣", "0.90"), NEXT_DAY);

        String late = finance.imported(HEADER + "\n");

        assertThat(differences(late)).isEmpty();
        assertThat(finance.items(late, "kind=CUT_OFF").get(0))
                .containsEntry("detail", "on line 2 of statement " + having);
        finance.accept(early, id(early)).then().statusCode(200);
        assertThat(adjusted()).as("nothing to take back").isZero();
        finance.accept(having, id(having)).then().statusCode(200);
        assertThat(adjusted()).as("what the bill says that has it").isEqualTo(100_000);
    }

    @Test
    void a_fee_at_the_edge_of_two_bills_that_neither_has_is_missing() {
        Fee fee = books.charged(Books.END.minusSeconds(60));
        Fee had = books.charged(Books.END.minusSeconds(50));
        Fee lost = books.lostAndBack(Books.END.minusSeconds(200));
        String first = finance.imported(HEADER);
        String second = finance.imported(HEADER + "\n" + had.line(Books.END, "实扣", "0.80"), NEXT_DAY);

        assertThat(differences(first)).isEmpty();
        assertThat(differences(second)).containsExactly("MISSING_IN_STATEMENT " + fee.session());
        assertThat(finance.items(first, "kind=NOT_BILLED"))
                .extracting(item -> item.get("sessionId"))
                .containsExactly(lost.session().toString());
    }

    @Test
    void a_fee_that_one_bill_misses_is_not_missing_on_the_bill_after_that() {
        Fee fee = books.charged(Books.END.minusSeconds(60));
        finance.imported(HEADER);
        String second = finance.imported(HEADER + "\n", NEXT_DAY);

        String third = finance.imported(
                HEADER + "\n\n",
                "from=" + Books.END.plus(DAY) + "&to=" + Books.END.plus(DAY).plus(DAY));

        assertThat(differences(second)).containsExactly("MISSING_IN_STATEMENT " + fee.session());
        assertThat(differences(third)).isEmpty();
    }

    @Test
    void fees_are_held_against_a_bill_only_when_it_is_known_where_that_begins() {
        books.charged(NOON);

        String bill = finance.imported(HEADER, "to=" + Books.END);

        assertThat(finance.items(bill, "")).isEmpty();
    }

    @Test
    void of_two_corrections_of_one_bill_at_once_one_counts() throws SQLException {
        Fee fee = books.charged(NOON);
        String first = finance.imported(HEADER + fee.line());
        finance.who().token();
        CompletableFuture<Response> late;
        try (Connection other = database.getConnection();
                Statement superseding = other.createStatement()) {
            other.setAutoCommit(false);
            superseding.executeUpdate("update statement set status = 'SUPERSEDED' where id = '" + first + "'");
            late = CompletableFuture.supplyAsync(() -> finance.who()
                    .request()
                    .contentType("text/csv")
                    .body((HEADER + "\n" + fee.line()).getBytes(StandardCharsets.UTF_8))
                    .post("/v1/statements?supersedes=" + first + "&" + Books.PERIOD));
            Patience.await("the correction to wait", Duration.ofSeconds(30))
                    .until(() -> stored.count(
                                    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%corrects%'")
                            == 1);
            // An import that waits for a lock tells no progress, and is alive nevertheless.
            stored.execute("update statement set worked_at = worked_at - interval '1 minute'"
                    + " where status in ('READING', 'MATCHING')");
            finance.who().request().get("/v1/statements").then().body("items[0].status", oneOf("READING", "MATCHING"));
            other.commit();
        }

        Work.broken(late.join(), "supersedes");
        assertThat(stored.strings("select status from statement where id <> ?", UUID.fromString(first)))
                .containsExactly("FAILED");
    }

    @Test
    void of_two_bills_with_the_same_charge_at_once_the_second_one_says_so() throws SQLException {
        Fee fee = books.charged(NOON);
        finance.who().token();
        List<CompletableFuture<String>> both;
        try (Connection other = database.getConnection();
                Statement matching = other.createStatement()) {
            other.setAutoCommit(false);
            // A third bill that is being matched would hold this lock.
            matching.execute("select pg_advisory_xact_lock(1818850414, 1835103331)");
            both = Stream.of("", "\n")
                    .map(blank -> CompletableFuture.supplyAsync(() -> finance.imported(HEADER + blank + fee.line())))
                    .toList();
            Patience.await("both to wait", Duration.ofSeconds(30))
                    .until(() -> stored.count(
                                    "select count(*) from pg_stat_activity where wait_event = 'advisory' and query like '%pg_advisory_xact_lock(1818850414, 1835103331)%'")
                            == 2);
            Patience.await("both to say so", Duration.ofSeconds(30))
                    .until(() ->
                            stored.strings("select status from statement").equals(List.of("MATCHING", "MATCHING")));
            other.commit();
        }

        assertThat(both.stream()
                        .flatMap(statement -> differences(statement.join()).stream())
                        .toList())
                .containsExactly("DUPLICATE_LINE " + fee.session());
    }

    @Test
    void no_difference_is_accepted_and_no_bill_withdrawn_while_another_is_matched() throws SQLException {
        String statement = finance.imported(HEADER + books.taskNo() + ",2019-03-01 20:00:00,实扣,0.80");
        String difference = id(statement);
        try (Connection other = database.getConnection();
                Statement matching = other.createStatement()) {
            other.setAutoCommit(false);
            matching.execute("select pg_advisory_xact_lock(1818850414, 1835103331)");

            for (Response answer : List.of(
                    finance.accept(statement, difference),
                    finance.withdrawal(statement),
                    finance.declined(statement))) {
                assertThat(answer.statusCode()).isEqualTo(409);
                assertThat(answer.<String>path("code")).isEqualTo("statement-under-way");
                assertThat(answer.header("Retry-After")).isEqualTo("5");
            }
            other.rollback();
        }

        assertThat(finance.accept(statement, difference).statusCode()).isEqualTo(200);
        finance.withdraw(statement);
    }

    private List<String> differences(String statement) {
        return finance.items(statement, "").stream()
                .map(item -> item.get("kind") + " " + item.get("sessionId"))
                .toList();
    }

    /** The id of the statement's only difference. */
    private String id(String statement) {
        List<?> all = finance.items(statement, "");
        assertThat(all).hasSize(1);
        return (String) finance.items(statement, "").get(0).get("id");
    }

    private long adjusted() {
        return stored.count("select coalesce(sum(amount), 0) from ledger_entry where acceptance_id is not null");
    }
}

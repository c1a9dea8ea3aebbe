package io.liveness.gateway.statement;

import static io.liveness.gateway.statement.Work.HEADER;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.statement.Books.Fee;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Matches by hand that wait for another change of the same bill, and have used the state before it. */
@QuarkusTest
class MatchAtOnceTest {

    private static final Instant NOON = Books.BEGIN.plus(Duration.ofHours(12));
    private static final String RESULTS = "select to_jsonb(m)::text from statement_match m order by id";

    private final Work finance = new Work(Api.as("finance-" + UUID.randomUUID(), "finance"));

    @Inject
    Stored stored;

    @Inject
    DataSource database;

    private Fee fee;
    private String statement;
    private List<String> lines;

    @BeforeEach
    void import_a_bill_with_two_lines_of_unknown_numbers() {
        Books books = new Books(stored);
        fee = books.charged(NOON);
        String unknown = ",2019-03-01 20:00:00,实扣,0.80\n";
        statement = finance.imported(HEADER + books.taskNo() + unknown + books.taskNo() + unknown);
        lines = finance.items(statement, "kind=MISSING_IN_LEDGER").stream()
                .map(item -> (String) item.get("id"))
                .toList();
        finance.who().token();
    }

    @AfterEach
    void remove() throws SQLException {
        Work.remove(stored);
    }

    @Test
    void a_line_that_is_accepted_meanwhile_is_refused() throws SQLException {
        Response late = whileHeld(
                List.of(standing("share"), accepted(lines.get(0), "MISSING_IN_LEDGER")),
                () -> finance.match(statement, lines.get(0), fee.session()),
                "no key update");

        Work.refused(late, "accepted-before");
        assertThat(stored.count("select count(*) from match_by_hand")).isZero();
    }

    @Test
    void a_session_that_gets_another_line_meanwhile_is_refused() throws SQLException {
        Response late =
                whileHeld(byHand(), () -> finance.match(statement, lines.get(1), fee.session()), "no key update");

        Work.refused(late, "session-matched");
        assertThat(stored.count("select count(*) from match_by_hand")).isEqualTo(1);
        assertThat(finance.items(statement, "kind=MISSING_IN_LEDGER"))
                .extracting(item -> item.get("id"))
                .containsExactly(lines.get(1));
    }

    @Test
    void a_line_that_is_matched_meanwhile_is_not_accepted_as_what_it_was() throws SQLException {
        Response late = whileHeld(byHand(), () -> finance.accept(statement, lines.get(0)), "no key update");

        Work.refused(late, "no-difference");
        assertThat(stored.count("select count(*) from ledger_entry where acceptance_id is not null"))
                .isZero();
    }

    @Test
    void a_match_whose_line_is_accepted_meanwhile_is_not_taken_back() throws SQLException {
        finance.match(statement, lines.get(0), fee.session()).then().statusCode(200);
        stored.execute("update statement_match set kind = 'AMOUNT_DIFFERS' where id = '" + lines.get(0) + "'");
        List<String> results = stored.strings(RESULTS);

        Response late = whileHeld(
                List.of(standing("share"), accepted(lines.get(0), "AMOUNT_DIFFERS")),
                () -> finance.unmatch(statement, lines.get(0)),
                "no key update");

        Work.refused(late, "accepted-before");
        assertThat(stored.strings(RESULTS)).isEqualTo(results);
    }

    /**
     * Does the first in a transaction, and commits it when the second waits for that.
     *
     * @param waiting near the beginning of the statement that waits: PostgreSQL tells no more than that
     */
    private Response whileHeld(List<String> first, Supplier<Response> second, String waiting) throws SQLException {
        try (Connection other = database.getConnection();
                Statement sql = other.createStatement()) {
            other.setAutoCommit(false);
            for (String one : first) {
                sql.execute(one);
            }
            CompletableFuture<Response> late = CompletableFuture.supplyAsync(second);
            Patience.await("the second one to wait", Duration.ofSeconds(30))
                    .until(() -> stored.count(
                                    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%' || ? || '%'",
                                    waiting)
                            == 1);
            other.commit();
            return late.join();
        }
    }

    private String standing(String lock) {
        return "select 1 from statement where id = '" + statement + "' for " + lock;
    }

    private String accepted(String difference, String kind) {
        return """
                insert into statement_acceptance (id, difference_id, statement_id, kind, session_id, state, amount, currency, reason,
                    accepted_by, accepted_at)
                select gen_random_uuid(), id, statement_id, '%s', session_id, 'ACCEPTED', 0, 'CNY', 'first', 'another', now()
                from statement_match where id = '%s'""".formatted(kind, difference);
    }

    /** As a match of the first line leaves it. */
    private List<String> byHand() {
        String of = "'" + lines.get(0) + "'";
        return List.of(
                standing("no key update"),
                """
                insert into match_by_hand (id, difference_id, statement_id, session_id, kind, earlier, reason, matched_by, matched_at)
                values (gen_random_uuid(), %s, '%s', '%s', 'MISSING_IN_LEDGER', '[]', 'first', 'another', now())""".formatted(of, statement, fee.session()),
                """
                delete from statement_match where session_id = '%s'""".formatted(fee.session()),
                """
                update statement_match set kind = 'MATCHED', session_id = '%s' where id = %s""".formatted(fee.session(), of));
    }
}

package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.bill.Books.Fee;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Notes on differences, and the filters of their list. */
@QuarkusTest
class DifferenceNoteTest {

    private static final Instant NOON = Books.BEGIN.plus(Duration.ofHours(12));

    private final Work work = new Work(Api.as("finance-" + UUID.randomUUID(), "finance"));

    @Inject
    Stored stored;

    private Books books;
    private String statement;

    @BeforeEach
    void begin() {
        books = new Books(stored);
        StringBuilder file = new StringBuilder(Work.HEADER);
        for (int i = 0; i < 6; i++) {
            Fee fee = books.charged(NOON.plusSeconds(i));
            file.append(fee.line(fee.at(), "实扣", i % 2 == 0 ? "0.90" : "0.80"));
        }
        file.append(books.taskNo()).append(",2019-03-01 20:00:00,实扣,0.70\n");
        statement = work.imported(file.toString());
    }

    @AfterEach
    void remove() throws SQLException {
        Work.remove(stored);
    }

    @Test
    void a_note_and_an_assignee_are_stored_and_removed() {
        String difference = ids("").get(0);

        Response noted = note(difference, Map.of("note", "asked the vendor", "assignee", "fiona"));

        noted.then().statusCode(200);
        assertThat(noted.<Map<String, Object>>path("$"))
                .containsEntry("note", "asked the vendor")
                .containsEntry("assignee", "fiona")
                .containsEntry("state", "OPEN");
        assertThat(stored.strings(
                        "select detail ->> 'note' from audit_entry where what = 'difference-noted' and subject = ?",
                        difference))
                .containsExactly("asked the vendor");
        note(difference, Map.of("assignee", "anna")).then().statusCode(200);
        assertThat(work.items(statement, "assignee=anna"))
                .singleElement()
                .satisfies(item -> assertThat(item).doesNotContainKey("note"));
        note(difference, Map.of()).then().statusCode(200);
        assertThat(ids("assignee=anna")).isEmpty();
        assertThat(ids("")).hasSize(4);
    }

    @Test
    void differences_are_listed_by_kind_state_and_assignee_page_by_page() {
        List<String> all = ids("");
        note(all.get(0), Map.of("assignee", "fiona")).then().statusCode(200);
        note(all.get(1), Map.of("assignee", "fiona")).then().statusCode(200);
        note(all.get(3), Map.of("assignee", "fiona")).then().statusCode(200);
        work.accept(statement, all.get(1)).then().statusCode(200);
        work.accept(statement, all.get(2)).then().statusCode(200);

        assertThat(ids("state=ACCEPTED")).containsExactly(all.get(1), all.get(2));
        assertThat(ids("state=ACCEPTED&assignee=fiona")).containsExactly(all.get(1));
        assertThat(ids("state=ACCEPTED&kind=MISSING_IN_LEDGER")).isEmpty();
        assertThat(ids("state=OPEN")).containsExactly(all.get(0), all.get(3));
        assertThat(ids("state=OPEN&kind=MISSING_IN_LEDGER")).containsExactly(all.get(3));
        assertThat(ids("state=OPEN&kind=MATCHED")).isEmpty();
        assertThat(ids("kind=MATCHED")).hasSize(3);
        assertThat(ids("assignee=fiona")).containsExactly(all.get(0), all.get(1), all.get(3));
        assertThat(ids("assignee=fiona&state=OPEN&kind=AMOUNT_DIFFERS")).containsExactly(all.get(0));
        assertThat(ids("assignee=nobody")).isEmpty();
        for (String query : List.of("", "state=OPEN", "state=ACCEPTED", "assignee=fiona")) {
            assertThat(byPage(query)).isEqualTo(ids(query));
        }
    }

    @Test
    void a_note_needs_a_difference_of_a_statement_that_counts() {
        String difference = ids("").get(0);
        String matched = ids("kind=MATCHED").get(0);

        Work.refused(note(matched, Map.of("note", "n")), "no-difference");
        note(UUID.randomUUID().toString(), Map.of("note", "n")).then().statusCode(404);
        note(difference, Map.of("assignee", "x".repeat(65))).then().statusCode(400);
        work.withdraw(statement);
        Work.refused(note(difference, Map.of("note", "n")), "statement-not-done");
        assertThat(stored.count("select count(*) from difference_note")).isZero();
    }

    private Response note(String difference, Map<String, Object> body) {
        return work.who()
                .request()
                .contentType("application/json")
                .body(body)
                .put("/v1/statements/" + statement + "/differences/" + difference + "/note");
    }

    private List<String> ids(String query) {
        return work.items(statement, query).stream()
                .map(item -> (String) item.get("id"))
                .toList();
    }

    private List<String> byPage(String query) {
        String list = "/v1/statements/" + statement + "/differences";
        return work.who().allPages(query.isEmpty() ? list : list + "?" + query, 1, "items.id");
    }
}

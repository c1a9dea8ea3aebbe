package io.liveness.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.statement.Books.Fee;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
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

/** Reasons of statements against the closing of a month. */
@QuarkusTest
@QuarkusTestResource(GatewayTestResource.class)
class StatementsOfAMonthTest {

    private static final Instant NOON = Books.BEGIN.plus(Duration.ofHours(12));
    private static final String UNTIL_EIGHTEEN = "from=2019-03-01T00:00:00Z&to=2019-03-01T18:00:00Z";

    private final Work work = new Work(Api.as("admin-" + UUID.randomUUID(), "finance-admin"));

    @Inject
    Stored stored;

    private Books books;

    @BeforeEach
    void begin() {
        books = new Books(stored);
    }

    @AfterEach
    void remove() throws SQLException {
        Work.remove(stored);
    }

    @Test
    void without_any_statement_no_fee_is_missing() {
        books.charged(NOON);

        assertThat(codes()).isEmpty();
    }

    @Test
    void a_fee_that_lies_in_the_period_of_no_statement_is_missed_once_statements_are_in_use() {
        Fee fee = books.charged(NOON);
        books.charged(NOON.plus(Duration.ofHours(8)));
        String before = work.imported(Work.HEADER, "from=2019-02-01T00:00:00Z&to=2019-02-02T00:00:00Z");
        assertThat(codes()).containsExactly("statement-missing");

        work.imported(Work.HEADER + fee.line(), UNTIL_EIGHTEEN);
        assertThat(finding("statement-missing"))
                .containsEntry("count", 1)
                .hasEntrySatisfying(
                        "detail",
                        detail -> assertThat((String) detail).contains("2019-03-01T18:00:00Z to 2019-03-31T16:00:00Z"));

        work.withdraw(before);
        assertThat(codes()).containsExactly("statement-missing");
    }

    @Test
    void a_statement_of_the_next_month_alone_asks_nothing_of_this_one() {
        books.charged(NOON);
        work.imported(Work.HEADER, "from=2019-04-01T00:00:00Z&to=2019-04-02T00:00:00Z");

        assertThat(codes()).isEmpty();
    }

    @Test
    void differences_stand_in_the_way_until_they_are_accepted() {
        Fee fee = books.charged(NOON);
        String statement = work.imported(
                Work.HEADER + fee.line(fee.at(), "实扣", "0.90") + books.taskNo() + ",2019-03-01 20:00:00,实扣,100.01\n",
                UNTIL_EIGHTEEN);
        List<Map<String, Object>> both = work.items(statement, "");
        assertThat(both).hasSize(2);
        assertThat(finding("differences-open")).containsEntry("count", 2);

        both.forEach(
                item -> work.accept(statement, (String) item.get("id")).then().statusCode(200));
        assertThat(finding("differences-open"))
                .containsEntry("count", 1)
                .hasEntrySatisfying(
                        "detail", detail -> assertThat((String) detail).contains("1 of them await a second person"));

        Work second = new Work(Api.person("second-" + UUID.randomUUID(), "finance-app", "finance-admin"));
        second.confirm(statement, (String)
                        work.items(statement, "state=PROPOSED").get(0).get("id"))
                .then()
                .statusCode(200);
        assertThat(codes()).isEmpty();

        work.withdraw(statement);
        second.withdraw(statement);
        assertThat(codes()).isEmpty();
    }

    private List<String> codes() {
        return checklist().stream()
                .map(finding -> (String) finding.get("code"))
                .filter(code -> code.startsWith("statement") || code.startsWith("differences"))
                .toList();
    }

    private Map<String, Object> finding(String code) {
        return checklist().stream()
                .filter(finding -> finding.get("code").equals(code))
                .findFirst()
                .orElseThrow();
    }

    private List<Map<String, Object>> checklist() {
        return work.who()
                .request()
                .get("/v1/periods/2019-03")
                .then()
                .statusCode(200)
                .extract()
                .path("checklist");
    }
}

package io.liveness.gateway.bill.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasSize;

import de.siegmar.fastcsv.reader.CsvReader;
import io.liveness.gateway.bill.Work;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The list of adjustments: two lines of no session are accepted, and one of them is revoked. */
@QuarkusTest
class AdjustmentsTest {

    private static final String PATH = "/v1/adjustments";

    private final Api finance = Api.as("finance-" + UUID.randomUUID(), "finance");
    private final Work work = new Work(finance);

    @Inject
    Stored stored;

    private String statement;

    @BeforeEach
    void begin() {
        statement = work.imported(
                Work.HEADER + line("0.70") + line("0.60"), "from=2019-03-01T00:00:00Z&to=2019-03-02T00:00:00Z");
        List<String> lines = work.items(statement, "").stream()
                .map(item -> (String) item.get("id"))
                .toList();
        lines.forEach(line -> work.accept(statement, line).then().statusCode(200));
        work.unaccept(statement, lines.get(0)).then().statusCode(200);
    }

    @AfterEach
    void remove() throws SQLException {
        Work.remove(stored);
    }

    @Test
    void they_are_listed_newest_first_page_by_page() {
        List<Map<String, Object>> all = finance.allPages(PATH + "?statement=" + statement, 2, "items");

        assertThat(all)
                .extracting(
                        item -> ((Map<?, ?>) item.get("amount")).get("value").toString())
                .containsExactly("-0.70", "0.60", "0.70");
        assertThat(all.get(0))
                .containsEntry("revokes", true)
                .containsEntry("reason", "a mistake")
                .containsEntry("kind", "MISSING_IN_LEDGER")
                .containsEntry("by", finance.caller());
        assertThat(all.get(1)).containsEntry("revokes", false).containsEntry("reason", "their price is right");
    }

    @Test
    void a_filter_narrows_them() {
        list("statement=" + UUID.randomUUID()).body("items", hasSize(0));
        list("statement=" + statement + "&kind=AMOUNT_DIFFERS").body("items", hasSize(0));
        list("statement=" + statement + "&to=2019-03-02T00:00:00Z").body("items", hasSize(0));
        list("statement=" + statement + "&from=2019-03-02T00:00:00Z&kind=MISSING_IN_LEDGER")
                .body("items", hasSize(3));
        String counted = list("statement=" + statement).extract().path("items[0].countedAt");
        YearMonth month = YearMonth.from(Instant.parse(counted).atZone(ZoneId.of("Asia/Shanghai")));
        list("statement=" + statement + "&ofMonth=" + month).body("items", hasSize(3));
        list("statement=" + statement + "&ofMonth=" + month.plusMonths(1)).body("items", hasSize(0));
        list("sessionId=" + UUID.randomUUID()).body("items", hasSize(0));
        list("caller=nobody").body("items", hasSize(0));
        finance.request().get(PATH + "?kind=NO_KIND").then().statusCode(400).body("errors.field", contains("kind"));
    }

    @Test
    void they_are_sent_as_a_file_that_is_on_the_audit_list() {
        String file = finance.request()
                .accept("text/csv")
                .get(PATH + "?statement=" + statement)
                .then()
                .statusCode(200)
                .extract()
                .asString();

        assertThat(CsvReader.builder().ofCsvRecord(file.replace("\uFEFF", "")).stream()
                        .map(row -> row.getField(1))
                        .toList())
                .containsExactly("amount", "-0.70", "0.60", "0.70");
        assertThat(stored.strings(
                        "select detail ->> 'statement' from audit_entry where what = 'exported' and subject = 'adjustments' and who = ?",
                        finance.caller()))
                .containsExactly(statement);
    }

    private ValidatableResponse list(String query) {
        return finance.request().get(PATH + "?" + query).then().statusCode(200);
    }

    private static String line(String amount) {
        return "task-" + UUID.randomUUID() + ",2019-03-01 20:00:00,实扣," + amount + "\n";
    }
}

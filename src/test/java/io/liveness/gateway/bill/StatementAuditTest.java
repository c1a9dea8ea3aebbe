package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.Stored.Away;
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

/** Each act on statements and their mappings is on the audit list, and fails without its entry. */
@QuarkusTest
class StatementAuditTest {
    private static final String MAPPINGS = "/v1/statement-mappings/";
    private static final String MAPPING = """
            {"columns":{"taskNo":"taskNo","time":"time","status":"status","amount":"amount"},"timeFormats":["yyyy-MM-dd HH:mm:ss"],
             "timeZone":"Asia/Tokyo","statusWords":{"实扣":"CHARGED"},"currency":"CNY","sign":"POSITIVE","totalWords":[]}""";
    private static final Instant NOON = Books.BEGIN.plus(Duration.ofHours(12));

    private final Api finance = Api.as("finance-" + UUID.randomUUID(), "finance");
    private final Work work = new Work(finance);
    private final String mapping = "m-" + UUID.randomUUID();

    @Inject
    Stored stored;

    private Books books;

    @BeforeEach
    void begin() {
        books = new Books(stored);
    }

    @AfterEach
    void remove() throws SQLException {
        Books.remove(stored);
        stored.execute("delete from statement_mapping where name = ?", mapping);
    }

    @Test
    void each_act_has_one_entry_however_often_it_is_asked_for() {
        String file = Work.HEADER + books.charged(NOON).line();
        Response first = send(file, "");
        send(file, "").then().statusCode(200);
        send(file + "\n", "dryRun=true&supersedes=" + first.path("id")).then().statusCode(201);
        String second = send(file + "\n", "supersedes=" + first.path("id")).path("id");
        work.withdrawal(second).then().statusCode(200);
        work.withdrawal(second).then().statusCode(200);
        work.invoice(second, Map.of("paidOn", "2019-03-20")).then().statusCode(200);
        work.invoice(second, Map.of("paidOn", "2019-03-20")).then().statusCode(200);
        put().then().statusCode(200);
        finance.request().delete(MAPPINGS + mapping).then().statusCode(204);
        finance.request().delete(MAPPINGS + mapping).then().statusCode(404);

        List<Map<String, Object>> acts = acts();
        assertThat(acts)
                .extracting(act -> act.get("what") + " " + act.get("subject"))
                .containsExactlyInAnyOrder(
                        "statement-mapping-removed " + mapping,
                        "statement-mapping-set " + mapping,
                        "statement-invoice-set " + second,
                        "statement-withdrawn " + second,
                        "statement-superseded " + first.path("id"),
                        "statement-imported " + second,
                        "statement-imported " + first.path("id"));
        assertThat(acts.get(acts.size() - 1))
                .containsEntry("who", finance.caller())
                .containsEntry("detail", Map.of("sha256", first.path("sha256"), "mapping", "default", "lines", "1"));
    }

    @Test
    void nothing_is_done_without_its_entry() throws SQLException {
        String id = send(Work.HEADER + books.charged(NOON).line(), "").path("id");
        String other = Work.HEADER + books.charged(NOON.plusSeconds(1)).line();
        try (Away away = stored.columnsAway("audit_entry")) {
            send(other, "").then().statusCode(500);
            work.withdrawal(id).then().statusCode(500);
            work.invoice(id, Map.of("paidOn", "2019-03-20")).then().statusCode(500);
            put().then().statusCode(500);
        }

        assertThat(stored.strings("select id from statement where status = 'DONE'"))
                .containsExactly(id);
        assertThat(stored.count("select count(*) from statement_invoice")).isZero();
        assertThat(stored.count("select count(*) from statement_mapping where name = ?", mapping))
                .isZero();
    }

    private Response send(String file, String query) {
        return work.importing(file, Books.PERIOD + "&" + query);
    }

    private Response put() {
        return finance.request().contentType("application/json").body(MAPPING).put(MAPPINGS + mapping);
    }

    private List<Map<String, Object>> acts() {
        return finance.request()
                .queryParam("who", finance.caller())
                .get("/v1/audit")
                .then()
                .statusCode(200)
                .extract()
                .path("items");
    }
}

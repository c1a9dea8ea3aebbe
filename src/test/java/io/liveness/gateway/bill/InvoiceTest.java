package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The invoice of a statement, as finance states it after the import. */
@QuarkusTest
class InvoiceTest {

    private static final Instant NOON = Books.BEGIN.plus(Duration.ofHours(12));
    private static final String MARCH = "from=2019-02-28T16:00:00Z&to=2019-03-31T16:00:00Z";
    private static final Map<String, String> INVOICE = Map.of(
            "number", "26312000000123456789",
            "date", "2019-04-02",
            "total", "0.80",
            "tax", "0.05",
            "taxRate", "6.00");

    private final Api admin = Api.as("admin-" + UUID.randomUUID(), "finance-admin");
    private final Work work = new Work(admin);

    @Inject
    Stored stored;

    private Books books;

    @BeforeEach
    void begin() throws SQLException {
        // Months close in order: March is the first one.
        stored.removeBefore(Books.BEGIN);
        books = new Books(stored);
    }

    @AfterEach
    void remove() throws SQLException {
        Work.remove(stored);
    }

    @Test
    void it_is_stated_and_corrected_with_what_was_before_on_the_audit_list() {
        String statement = work.imported(Work.HEADER + books.charged(NOON).line(), MARCH);
        assertThat(invoice(statement)).isNull();

        work.invoice(statement, INVOICE).then().statusCode(200);
        Response paid = work.invoice(
                statement, Map.of("number", "26312000000123456788", "total", "0.80", "paidOn", "2019-04-20"));

        paid.then().statusCode(200);
        assertThat(paid.<Map<String, Object>>path("invoice")).isEqualTo(invoice(statement));
        assertThat(invoice(statement))
                .containsEntry("number", "26312000000123456788")
                .containsEntry("total", Map.of("value", "0.80", "currency", "CNY"))
                .containsEntry("paidOn", "2019-04-20")
                .containsEntry("setBy", admin.caller())
                .doesNotContainKeys("date", "tax", "taxRate");
        assertThat(audited())
                .containsExactly(
                        Map.of(
                                "number", "26312000000123456788",
                                "numberBefore", "26312000000123456789",
                                "dateBefore", "2019-04-02",
                                "taxBefore", "0.05",
                                "taxRateBefore", "6",
                                "paidOn", "2019-04-20"),
                        Map.of(
                                "number", "26312000000123456789",
                                "date", "2019-04-02",
                                "total", "0.80",
                                "tax", "0.05",
                                "taxRate", "6"));
    }

    @Test
    void the_total_of_the_import_stays() {
        String statement = work.imported(Work.HEADER + books.charged(NOON).line(), "invoiceTotal=0.80&" + MARCH);
        assertThat(invoice(statement)).isEqualTo(Map.of("total", Map.of("value", "0.80", "currency", "CNY")));

        work.invoice(statement, Map.of("total", "0.90"))
                .then()
                .statusCode(400)
                .body("errors.field", contains("total"))
                .body("errors.code", contains("imported-otherwise"));
        work.invoice(statement, INVOICE).then().statusCode(200);
        work.invoice(statement, Map.of()).then().statusCode(200);

        assertThat(invoice(statement))
                .containsEntry("total", Map.of("value", "0.80", "currency", "CNY"))
                .doesNotContainKey("number");
        assertThat(reconciled()).isEqualTo("0.80");
    }

    @Test
    void of_a_closed_month_only_the_payment_is_stated() {
        String statement = work.imported(Work.HEADER + books.charged(NOON).line(), MARCH);
        work.invoice(statement, INVOICE).then().statusCode(200);
        assertThat(reconciled()).as("as it is stated after the import").isEqualTo("0.80");
        admin.request()
                .header("Idempotency-Key", Work.key())
                .contentType("application/json")
                .body("{}")
                .post("/v1/periods/2019-03/close")
                .then()
                .statusCode(200);

        work.invoice(statement, Map.of("number", "1", "paidOn", "2019-04-20"))
                .then()
                .statusCode(409)
                .body("code", equalTo("period-closed"));
        Response paid = work.invoice(statement, with("paidOn", "2019-04-20"));

        paid.then().statusCode(200).body("invoice.paidOn", equalTo("2019-04-20"));
        assertThat(paid.<String>path("invoice.number")).isEqualTo("26312000000123456789");
        assertThat(archived("statements.ndjson"))
                .contains(
                        "\"sha256\":\"" + paid.path("sha256") + "\"",
                        "\"invoiceAmount\":\"0.80\"",
                        "\"invoiceNumber\":\"26312000000123456789\",\"invoiceDate\":\"2019-04-02\",\"invoiceTaxAmount\":\"0.05\",\"invoiceTaxCurrency\":\"CNY\",\"invoiceTaxRate\":\"6\"")
                .doesNotContain("invoicePaidOn");
    }

    @Test
    void a_statement_that_begins_after_the_closed_month_is_free() {
        books.charged(NOON);
        String april = work.imported(Work.HEADER, "from=2019-03-31T16:00:00Z&to=2019-04-30T16:00:00Z");
        admin.request()
                .header("Idempotency-Key", Work.key())
                .contentType("application/json")
                .body("{}")
                .post("/v1/periods/2019-03/close")
                .then()
                .statusCode(200);

        work.invoice(april, INVOICE).then().statusCode(200);
    }

    @Test
    void a_dry_run_has_none() {
        String dry = work.importing(Work.HEADER + books.charged(NOON).line(), "dryRun=true")
                .path("id");

        work.invoice(dry, INVOICE).then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource({
        "number, ''",
        "date, 2019-02-30",
        "date, 1969-12-31",
        "paidOn, 2019-4-2",
        "total, 0.801",
        "tax, -1",
        "tax, 1e3",
        "taxRate, 100",
        "taxRate, 6%"
    })
    void a_malformed_field_is_refused_by_name(String field, String value) {
        String statement = work.imported(Work.HEADER + books.charged(NOON).line(), MARCH);

        Work.broken(work.invoice(statement, with(field, value)), field);
        assertThat(audited()).isEmpty();
    }

    private static Map<String, String> with(String field, String value) {
        Map<String, String> invoice = new TreeMap<>(INVOICE);
        invoice.put(field, value);
        return invoice;
    }

    private Map<String, Object> invoice(String statement) {
        return admin.request().get("/v1/statements/" + statement).path("invoice");
    }

    private List<Map<String, String>> audited() {
        return admin.request()
                .queryParam("who", admin.caller())
                .queryParam("what", "statement-invoice-set")
                .get("/v1/audit")
                .path("items.detail");
    }

    private String reconciled() {
        return admin.request().get("/v1/periods/2019-03/reconciliation").path("totals[0].invoice");
    }

    private String archived(String name) {
        byte[] archive = admin.request().get("/v1/periods/2019-03/archive").asByteArray();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            ZipEntry entry = zip.getNextEntry();
            while (!entry.getName().equals(name)) {
                entry = zip.getNextEntry();
            }
            return new String(zip.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

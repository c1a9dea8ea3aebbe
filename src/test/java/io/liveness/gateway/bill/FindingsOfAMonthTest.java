package io.liveness.gateway.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.bill.Books.Fee;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A month whose books and bills are not one closes by two people alone, who say why. */
@QuarkusTest
class FindingsOfAMonthTest {

    private static final Instant NOON = Books.BEGIN.plus(Duration.ofHours(12));
    private static final String WHOLE = "from=2019-02-28T16:00:00Z&to=2019-03-31T16:00:00Z";
    private static final String INVOICED = WHOLE + "&invoiceTotal=0.80";

    private final Api fiona =
            Api.person("fiona-" + UUID.randomUUID(), "finance-app-" + UUID.randomUUID(), "finance-admin");
    private final Api max = Api.person("max-" + UUID.randomUUID(), "ledger-app-" + UUID.randomUUID(), "finance-admin");
    private final Work work = new Work(fiona);

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
        stored.removeBefore(Instant.parse("2019-04-01T00:00:00Z"));
    }

    @Test
    void a_month_whose_bill_is_reconciled_and_invoiced_is_closed_by_one_person() {
        work.imported(Work.HEADER + books.charged(NOON).line(), INVOICED);

        assertThat(codes()).isEmpty();
        post(fiona, null)
                .then()
                .statusCode(200)
                .body("status", equalTo("CLOSED"))
                .body("findings", nullValue());
        assertThat(proof()).noneMatch(line -> line.contains("CLOSE_"));
    }

    @Test
    void a_fee_that_no_bill_charges_is_a_finding() {
        Fee atTheEdge = books.charged(Instant.parse("2019-03-31T15:58:00Z"));
        work.imported(Work.HEADER + books.charged(NOON).line(), INVOICED);

        assertThat(codes()).containsExactly("not-reconciled");
        assertThat(finding("not-reconciled")).containsEntry("parameters", Map.of("differences", "CNY 0.80"));
        work.imported(Work.HEADER + atTheEdge.line(), "from=2019-03-31T16:00:00Z&to=2019-04-02T16:00:00Z");
        assertThat(codes())
                .as("the next bill has it, and the invoice is of one month")
                .containsExactly("not-invoiced");
    }

    @Test
    void a_bill_without_its_invoice_and_one_of_another_sum_are_findings() {
        Fee fee = books.charged(NOON);
        String without = work.imported(Work.HEADER + fee.line(), WHOLE);
        assertThat(codes()).containsExactly("not-invoiced");
        assertThat(finding("not-invoiced")).containsEntry("parameters", Map.of("differences", "CNY 0.80"));

        String other =
                work.imported(Work.HEADER + "\n" + fee.line(), WHOLE + "&invoiceTotal=0.90&supersedes=" + without);
        work.items(other, "")
                .forEach(item ->
                        work.accept(other, (String) item.get("id")).then().statusCode(200));
        assertThat(codes()).containsExactly("not-invoiced");
        assertThat(finding("not-invoiced")).containsEntry("parameters", Map.of("differences", "CNY -0.10"));
    }

    @Test
    void a_fee_that_comes_into_a_month_after_its_bill_is_a_finding_until_the_bill_is_imported_again() {
        Fee fee = books.charged(NOON);
        String bill = work.imported(Work.HEADER + fee.line(), INVOICED);
        Fee late = books.charged(NOON.plusSeconds(60));

        assertThat(codes()).containsExactly("not-reconciled", "never-compared");
        assertThat(finding("never-compared")).containsEntry("count", 1);
        work.imported(Work.HEADER + fee.line() + late.line(), WHOLE + "&invoiceTotal=1.60&supersedes=" + bill);
        assertThat(codes()).isEmpty();
    }

    @Test
    void a_charged_fee_that_the_bill_has_as_pre_deducted_alone_wants_its_final_line() {
        Fee fee = books.charged(NOON);
        work.imported(Work.HEADER + fee.line(fee.at(), "预扣", "0.80"), WHOLE + "&invoiceTotal=0.00");

        assertThat(codes()).containsExactly("not-reconciled", "final-line-missing");
        work.imported(Work.HEADER + fee.line(), "from=2019-04-03T00:00:00Z&to=2019-04-10T00:00:00Z");
        assertThat(codes()).doesNotContain("final-line-missing", "not-reconciled");
    }

    @Test
    void the_withdrawn_bill_of_the_vendor_is_a_finding_until_its_file_counts_again() {
        Fee fee = books.charged(NOON);
        String vendors = Work.HEADER + fee.line() + books.taskNo() + ",2019-03-01 20:00:00,实扣,9.00\n";
        String withdrawn = work.imported(vendors, WHOLE + "&invoiceTotal=9.80");
        work.withdraw(withdrawn);
        String own = work.imported(Work.HEADER + fee.line(), INVOICED);

        assertThat(codes()).containsExactly("bill-withdrawn");
        assertThat(finding("bill-withdrawn")).containsEntry("parameters", Map.of("statements", withdrawn));
        work.imported(vendors, WHOLE + "&invoiceTotal=9.80&supersedes=" + own);
        assertThat(codes()).as("its differences are to be worked").containsExactly("not-reconciled");
    }

    @Test
    void a_bill_ends_at_its_import_and_leaves_later_fees_to_the_next_one() {
        Fee fee = books.charged(NOON);
        work.imported(Work.HEADER + fee.line(), "from=2019-02-28T16:00:00Z&to=2099-01-01T00:00:00Z");

        Api.asNewCaller().opened("pass");

        List<Map<String, Object>> reasons = fiona.request()
                .get("/v1/periods/" + YearMonth.now(ZoneId.of("Asia/Shanghai")))
                .then()
                .statusCode(200)
                .extract()
                .path("checklist");
        assertThat(reasons).extracting(reason -> reason.get("code")).contains("statement-missing");
    }

    @Test
    void what_comes_up_in_a_closed_month_is_shown_with_it_until_it_is_worked() {
        Fee fee = books.charged(NOON);
        String bill = work.imported(Work.HEADER + fee.line(fee.at(), "实扣", "0.90"), WHOLE + "&invoiceTotal=0.90");
        String difference = (String) work.items(bill, "").get(0).get("id");
        work.accept(bill, difference).then().statusCode(200);
        post(fiona, null).then().statusCode(200).body("differencesSince", nullValue());

        work.unaccept(bill, difference).then().statusCode(200);
        assertThat(since()).isEqualTo(1);
        String late = work.imported(Work.HEADER + books.taskNo() + ",2019-03-01 20:00:00,实扣,0.80\n", WHOLE);
        assertThat(since()).as("its line, and the fee that the other bill has").isGreaterThan(1);
        work.withdraw(late);
        assertThat(since())
                .as("the difference, and the bill that was withdrawn")
                .isEqualTo(2);
        work.accept(bill, difference).then().statusCode(200);
        assertThat(since()).isEqualTo(1);
    }

    private Integer since() {
        List<Map<String, Object>> months = fiona.request()
                .get("/v1/periods")
                .then()
                .statusCode(200)
                .extract()
                .path("items");
        return (Integer) months.stream()
                .filter(month -> "2019-03".equals(month.get("month")))
                .findFirst()
                .orElseThrow()
                .get("differencesSince");
    }

    @Test
    void one_person_proposes_to_close_a_month_with_findings_and_another_one_closes_it() {
        work.imported(Work.HEADER + books.charged(NOON).line(), WHOLE);
        post(fiona, null).then().statusCode(409).body("reasons.code", equalTo(List.of("not-invoiced")));
        refused(post(Api.as("robot-" + UUID.randomUUID(), "finance-admin"), why("no invoice")), "not-a-person");
        refused(post(max, Map.of("proposedBy", fiona.caller())), "proposal-missing");
        Work.broken(post(fiona, Map.of("reason", "both", "proposedBy", max.caller())), "reason");

        post(fiona, why("the invoice comes in May"))
                .then()
                .statusCode(200)
                .body("status", equalTo("OPEN"))
                .body("proposal.by", equalTo(fiona.caller()))
                .body("proposal.reason", equalTo("the invoice comes in May"))
                .body("proposal.findings.code", equalTo(List.of("not-invoiced")));

        refused(post(fiona, Map.of("proposedBy", fiona.caller())), "own-proposal");
        refused(post(max, why("I would close it too")), "close-proposed");
        Map<String, Object> closed = post(max, Map.of("proposedBy", fiona.caller()))
                .then()
                .statusCode(200)
                .body("status", equalTo("CLOSED"))
                .body("closedBy", equalTo(max.caller()))
                .body("findings.code", equalTo(List.of("not-invoiced")))
                .extract()
                .path("");

        List<String> proof = proof();
        assertThat(closed)
                .containsEntry("hash", sha256(String.join("\n", proof) + "\n"))
                .containsEntry("rows", 5);
        assertThat(proof.get(2)).startsWith("{\"kind\":\"FINDING\",\"code\":\"not-invoiced\",\"count\":1,\"detail\":");
        assertThat(proof.get(3))
                .startsWith("{\"kind\":\"CLOSE_PROPOSED\",\"recordedAt\":")
                .contains("\"by\":\"" + fiona.caller() + "\"", "\"reason\":\"the invoice comes in May\"");
        assertThat(proof.get(4))
                .startsWith("{\"kind\":\"CLOSE_CONFIRMED\",\"recordedAt\":")
                .contains("\"by\":\"" + max.caller() + "\"");
        assertThat(stored.strings(
                        "select what || ' ' || who from audit_entry where subject = '2019-03' and who in (?, ?) order by id",
                        fiona.caller(),
                        max.caller()))
                .containsExactly("period-close-proposed " + fiona.caller(), "period-closed " + max.caller());
    }

    @Test
    void a_proposal_is_of_the_findings_of_its_time_and_can_be_declined() {
        work.imported(Work.HEADER + books.charged(NOON).line(), WHOLE);
        post(fiona, why("the invoice comes in May")).then().statusCode(200);
        books.charged(NOON.plusSeconds(90));

        refused(post(max, Map.of("proposedBy", fiona.caller())), "findings-changed");
        decline(Api.as("robot-" + UUID.randomUUID(), "finance-admin")).then().statusCode(409);
        String key = UUID.randomUUID().toString();
        decline(max, key).then().statusCode(200).body("proposal", nullValue()).body("status", equalTo("OPEN"));
        decline(max, key).then().statusCode(200).header("Idempotency-Replayed", "true");
        post(max, key, why("the key of another act")).then().statusCode(422);
        decline(max).then().statusCode(404);
        refused(post(max, Map.of("proposedBy", fiona.caller())), "proposal-missing");
    }

    @Test
    void the_key_of_a_proposal_is_used_once_by_one_person_for_one_reason() {
        work.imported(Work.HEADER + books.charged(NOON).line(), WHOLE);
        String key = UUID.randomUUID().toString();
        post(fiona, key, why("first")).then().statusCode(200);

        post(fiona, key, why("first")).then().statusCode(200).header("Idempotency-Replayed", "true");
        post(fiona, key, why("second")).then().statusCode(422);
        decline(fiona, key).then().statusCode(422);
    }

    @Test
    void once_nothing_is_found_one_person_closes_a_month_that_two_would_have_closed() {
        Fee fee = books.charged(NOON);
        String bill = work.imported(Work.HEADER + fee.line(), WHOLE);
        post(fiona, why("no invoice")).then().statusCode(200);
        work.imported(Work.HEADER + "\n" + fee.line(), INVOICED + "&supersedes=" + bill);

        post(fiona, null)
                .then()
                .statusCode(200)
                .body("status", equalTo("CLOSED"))
                .body("proposal", nullValue())
                .body("findings", nullValue());
    }

    private static Map<String, String> why(String reason) {
        return Map.of("reason", reason);
    }

    private static Response post(Api who, Map<String, String> body) {
        return post(who, UUID.randomUUID().toString(), body);
    }

    private static Response post(Api who, String key, Map<String, String> body) {
        var request = who.request().header("Idempotency-Key", key).contentType("application/json");
        return request.body(body == null ? Map.of() : body).post("/v1/periods/2019-03/close");
    }

    private static Response decline(Api who) {
        return decline(who, UUID.randomUUID().toString());
    }

    private static Response decline(Api who, String key) {
        return who.request().header("Idempotency-Key", key).delete("/v1/periods/2019-03/close");
    }

    private static void refused(Response answer, String reason) {
        answer.then()
                .statusCode(409)
                .body("code", equalTo("period-not-closable"))
                .body("reasons.code", equalTo(List.of(reason)));
    }

    private List<String> codes() {
        return findings().stream().map(finding -> (String) finding.get("code")).toList();
    }

    private Map<String, Object> finding(String code) {
        return findings().stream()
                .filter(finding -> code.equals(finding.get("code")))
                .findFirst()
                .orElseThrow();
    }

    private List<Map<String, Object>> findings() {
        List<Map<String, Object>> found = fiona.request()
                .get("/v1/periods/2019-03")
                .then()
                .statusCode(200)
                .extract()
                .path("findings");
        return found == null ? List.of() : found;
    }

    private List<String> proof() {
        return fiona.request()
                .get("/v1/periods/2019-03/proof")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .lines()
                .toList();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

package io.liveness.gateway.finance.month;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.finance.month.MadeUpBooks.End;
import io.liveness.gateway.platform.http.JsonTime;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Months close in order, with a proof, and stay closed. In Shanghai, March 2001 begins at 16:00 of the last day of February. */
@QuarkusTest
class PeriodTest {

    private static final Instant MARCH = Instant.parse("2001-02-28T16:00:00Z");
    private static final Instant APRIL = Instant.parse("2001-03-31T16:00:00Z");

    private final PeriodApi periods = new PeriodApi();

    @Inject
    Stored stored;

    @Inject
    SettableClock clock;

    private MadeUpBooks books;

    @BeforeEach
    void remove_older_months() throws SQLException {
        books = new MadeUpBooks(stored);
        books.remove();
    }

    @AfterEach
    void remove_what_the_test_stored() throws SQLException {
        books.remove();
    }

    @Test
    void months_are_listed_from_that_of_the_first_fee_to_the_present_one() throws SQLException {
        books.fee(MARCH, End.PASSED);
        YearMonth now = YearMonth.from(clock.instant().atZone(ZoneId.of("Asia/Shanghai")));

        List<Map<String, Object>> listed = periods.finance
                .request()
                .get(PeriodApi.PERIODS)
                .then()
                .statusCode(200)
                .extract()
                .path("items");

        assertThat(listed.get(0)).containsEntry("month", now.toString()).containsEntry("status", "OPEN");
        assertThat(listed.get(listed.size() - 1))
                .containsEntry("month", "2001-03")
                .containsEntry("from", JsonTime.text(MARCH))
                .containsEntry("to", JsonTime.text(APRIL))
                .doesNotContainKeys("checklist", "hash", "totals");
        assertThat(listed).hasSize((int) YearMonth.of(2001, 3).until(now, ChronoUnit.MONTHS) + 1);
    }

    @Test
    void a_month_is_closed_with_the_sums_of_the_summary_and_the_hash_of_its_proof() throws SQLException {
        books.fee(MARCH, End.PASSED);
        books.fee(MARCH.plusSeconds(5), End.FAILED);
        books.fee(MARCH.plusSeconds(5), End.LOST_AND_BACK);
        books.fee(APRIL.minusMillis(1), End.NOT_PASSED, 750_000, "USD", "kiosk", "cc-1");
        UUID next = books.fee(APRIL, End.PASSED);
        books.adjustment(next, -800_000, "CNY", MARCH.plusSeconds(9));
        books.fee(MARCH, End.REJECTED);
        books.fee(MARCH, End.PENDING_FREE);

        Map<String, Object> closed = periods.closed("2001-03");

        assertThat(closed)
                .containsEntry("status", "CLOSED")
                .containsEntry("closedBy", periods.admin.caller())
                .containsEntry("rows", 9)
                .doesNotContainKey("checklist");
        periods.verify(closed);
        assertThat(periods.get("2001-03").statusCode(200).extract().<Map<String, Object>>path(""))
                .isEqualTo(closed);
        periods.get("2001-03")
                .body("totals.currency", equalTo(List.of("CNY", "USD")))
                .body("totals[0].preDeducted", equalTo(Map.of("count", 3, "amount", "2.40")))
                .body("totals[0].presumed", equalTo(Map.of("count", 1, "amount", "0.80")))
                .body("totals[0].adjusted", equalTo(Map.of("count", 1, "amount", "-0.80")));
    }

    @Test
    void fees_finer_than_a_minor_unit_are_summed_and_what_is_paid_is_rounded_once() throws SQLException {
        for (int fee = 0; fee < 3; fee++) {
            books.fee(MARCH.plusSeconds(fee), End.PASSED);
        }
        stored.execute("update liveness_session set fee_amount = 805000 where init_at < ?", MadeUpBooks.time(APRIL));
        stored.unguarded("update ledger_entry set amount = 805000 where recorded_at < ?", MadeUpBooks.time(APRIL));

        periods.verify(periods.closed("2001-03"));

        periods.get("2001-03")
                .body("totals[0].preDeducted", equalTo(Map.of("count", 3, "amount", "2.415")))
                .body("totals[0].charged", equalTo(Map.of("count", 3, "amount", "2.415")))
                .body("totals[0].payable", equalTo("2.42"));
        assertThat(periods.lines("2001-03"))
                .hasSize(6)
                .allSatisfy(line -> assertThat(line).contains("\"amount\":\"0.805\",\"currency\":\"CNY\""));
        periods.finance
                .request()
                .get(PeriodApi.PERIODS + "/2001-03/reconciliation")
                .then()
                .statusCode(200)
                .body("totals[0].charges", equalTo("2.415"))
                .body("totals[0].bill", equalTo("0.00"))
                .body("totals[0].difference", equalTo("2.415"));
    }

    @Test
    void the_proof_has_the_documented_form() throws SQLException {
        UUID fee = UUID.fromString("019e52f0-5a07-4c53-9d3e-5a1f0c4b7a10");
        books.fee(fee, MARCH.plusNanos(1_000), End.PASSED, 800_000, "CNY", "商店 \"one\"", "cc-1");
        UUID none = UUID.fromString("019e52f0-5a07-4c53-9d3e-5a1f0c4b7a11");
        books.adjustment(none, -50_000, "JPY", MARCH.plusSeconds(9));
        periods.closed("2001-03");
        List<String> ids = stored.strings(
                "select id::text from ledger_entry where recorded_at < ? order by id", MadeUpBooks.time(APRIL));

        assertThat(periods.lines("2001-03"))
                .containsExactly(
                        ("{\"entry\":%s,\"kind\":\"PRE_DEDUCT\",\"sessionId\":\"%s\",\"caller\":\"商店 \\\"one\\\"\",\"costCentre\":\"cc-1\","
                                        + "\"taskNo\":\"T019e52f0\",\"basis\":\"RULE\",\"amount\":\"0.80\",\"currency\":\"CNY\","
                                        + "\"openedAt\":\"2001-02-28T16:00:00.000001Z\",\"recordedAt\":\"2001-02-28T16:00:01.000001Z\"}")
                                .formatted(ids.get(0), fee),
                        ("{\"entry\":%s,\"kind\":\"CHARGE\",\"sessionId\":\"%s\",\"caller\":\"商店 \\\"one\\\"\",\"costCentre\":\"cc-1\","
                                        + "\"taskNo\":\"T019e52f0\",\"basis\":\"RULE\",\"amount\":\"0.80\",\"currency\":\"CNY\","
                                        + "\"openedAt\":\"2001-02-28T16:00:00.000001Z\",\"recordedAt\":\"2001-02-28T16:01:00.000001Z\"}")
                                .formatted(ids.get(1), fee),
                        ("{\"entry\":%s,\"kind\":\"ADJUSTMENT\",\"sessionId\":\"%s\",\"basis\":\"VENDOR\",\"amount\":\"-5\","
                                        + "\"currency\":\"JPY\",\"recordedAt\":\"2001-02-28T16:00:09.000000Z\"}")
                                .formatted(ids.get(2), none));
    }

    @Test
    void a_close_is_refused_while_a_fee_may_still_change_the_month() throws SQLException {
        UUID pending = books.fee(MARCH, End.PENDING);
        UUID lost = books.fee(APRIL.minusMillis(1), End.LOST);
        UUID opening = books.fee(MARCH, End.OPENING);
        books.fee(APRIL, End.PENDING);

        assertThat(periods.reasons("2001-03")).containsExactly("fees-overdue", "fees-unconfirmed");
        periods.get("2001-03")
                .body("status", equalTo("OPEN"))
                .body("checklist.code", equalTo(List.of("fees-overdue", "fees-unconfirmed")))
                .body("checklist.count", equalTo(List.of(2, 1)));
        books.end(pending, End.PASSED, APRIL.plusSeconds(60));
        stored.execute("update liveness_session set status = 'REJECTED' where id = ?", opening);
        assertThat(periods.reasons("2001-03")).containsExactly("fees-unconfirmed");
        books.end(lost, End.LOST_AND_BACK, APRIL.plusSeconds(60));

        periods.verify(periods.closed("2001-03"));
    }

    @Test
    void months_close_in_order() throws SQLException {
        books.fee(MARCH, End.PASSED);
        books.fee(APRIL.plusSeconds(1), End.PASSED);

        assertThat(periods.reasons("2001-04")).containsExactly("earlier-month-open");
        Map<String, Object> march = periods.closed("2001-03");
        Map<String, Object> april = periods.closed("2001-04");

        assertThat(april).containsEntry("from", march.get("to"));
        periods.verify(march);
        periods.verify(april);
    }

    @Test
    void a_soft_close_marks_the_month_and_warns() throws SQLException {
        books.fee(MARCH, End.PENDING);
        books.fee(APRIL, End.PASSED);
        periods.post("2001-04", "soft-close", "early")
                .then()
                .statusCode(409)
                .body("reasons.code", hasItems("earlier-month-open"));

        periods.post("2001-03", "soft-close", "soft")
                .then()
                .statusCode(200)
                .header("Idempotency-Replayed", nullValue())
                .body("status", equalTo("SOFT_CLOSED"))
                .body("softClosedBy", equalTo(periods.admin.caller()))
                .body("checklist.code", equalTo(List.of("fees-overdue")));
        periods.post("2001-03", "soft-close", "soft").then().statusCode(200).header("Idempotency-Replayed", "true");
        periods.post("2001-04", "soft-close", "next").then().statusCode(200);
        assertThat(periods.reasons("2001-03")).containsExactly("fees-overdue");
        assertThat(audited()).containsExactly("period-soft-closed 2001-04", "period-soft-closed 2001-03");
    }

    @Test
    void the_same_key_answers_the_same_and_closes_once() throws SQLException {
        books.fee(MARCH, End.PASSED);
        books.fee(APRIL, End.PASSED);

        Map<String, Object> first = periods.post("2001-03", "close", "key")
                .then()
                .statusCode(200)
                .extract()
                .path("");
        periods.post("2001-03", "close", "key")
                .then()
                .statusCode(200)
                .header("Idempotency-Replayed", "true")
                .body("", equalTo(first));
        periods.post("2001-04", "close", "key").then().statusCode(422).body("code", equalTo("idempotency-key-reused"));
        periods.post("2001-03", "soft-close", "key").then().statusCode(422);

        assertThat(audited()).containsExactly("period-closed 2001-03");
    }

    @Test
    void a_closed_month_cannot_be_reopened_and_the_refusal_names_the_alternative() throws SQLException {
        books.fee(MARCH, End.PASSED);
        periods.closed("2001-03");

        for (String act : List.of("close", "soft-close")) {
            periods.post("2001-03", act, "another")
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("period-closed"))
                    .body("detail", containsString("by an adjustment"))
                    .body("detail", containsString(periods.admin.caller()));
        }
    }

    @Test
    void a_correction_of_a_closed_month_falls_into_the_open_one_and_names_it() throws SQLException {
        UUID fee = books.fee(MARCH, End.PASSED);
        Map<String, Object> closed = periods.closed("2001-03");

        assertThatThrownBy(() -> books.adjustment(fee, -800_000, "CNY", APRIL.minusMillis(1)))
                .hasMessageContaining("falls into a month that is closed");
        books.adjustment(fee, -800_000, "CNY", APRIL);

        periods.verify(closed);
        Map<String, Object> april = periods.closed("2001-04");
        periods.verify(april);
        assertThat(periods.lines("2001-04")).singleElement().asString().endsWith("\"ofMonth\":\"2001-03\"}");
    }

    @Test
    void books_that_differ_are_not_closed() throws SQLException {
        UUID fee = books.fee(MARCH, End.PASSED);
        stored.unguarded("delete from ledger_entry where session_id = ? and kind = 'CHARGE'", fee);

        assertThat(periods.reasons("2001-03")).containsExactly("books-differ");
        periods.get("2001-03").body("status", equalTo("OPEN"));
        stored.execute(
                "insert into ledger_entry (session_id, kind, basis, amount, currency, recorded_at) values (?, 'CHARGE', 'RULE', 800000, 'CNY', ?)",
                fee,
                MadeUpBooks.time(APRIL));

        stored.execute("update liveness_session set charge_status = 'REFUNDED' where id = ?", fee);
        assertThat(periods.reasons("2001-03")).containsExactly("books-differ");
        stored.execute("update liveness_session set charge_status = 'CHARGED' where id = ?", fee);

        periods.verify(periods.closed("2001-03"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update period set proof_rows = 0",
                "delete from period",
                "truncate period",
                "update period_archive set nth = 7",
                "delete from period_archive",
                "truncate period_archive"
            })
    void the_database_keeps_a_closed_month(String change) throws SQLException {
        books.fee(MARCH, End.PASSED);
        periods.closed("2001-03");

        assertThatThrownBy(() -> stored.execute(change))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("refused");
    }

    @ParameterizedTest
    @CsvSource({"2001-02, 404", "9999-12, 404", "2001-13, 400", "2001-3, 400", "1969-12, 400", "march, 400"})
    void an_unknown_month_is_404_and_a_malformed_month_is_400(String month, int status) throws SQLException {
        books.fee(MARCH, End.PASSED);

        periods.get(month).statusCode(status);
        periods.close(month).then().statusCode(status);
        periods.post(month, "soft-close", "key").then().statusCode(status);
        periods.finance
                .request()
                .get(PeriodApi.PERIODS + "/" + month + "/proof")
                .then()
                .statusCode(status);
    }

    @Test
    void a_month_that_is_open_has_neither_a_proof_nor_an_archive() throws SQLException {
        books.fee(MARCH, End.PASSED);

        for (String file : List.of("proof", "archive")) {
            periods.finance
                    .request()
                    .get(PeriodApi.PERIODS + "/2001-03/" + file)
                    .then()
                    .statusCode(404);
        }
    }

    @Test
    void downloads_of_a_closed_month_are_on_the_audit_list() throws SQLException {
        books.fee(MARCH, End.PASSED);
        periods.closed("2001-03");

        for (String file : List.of("proof", "archive", "reconciliation")) {
            periods.admin
                    .request()
                    .accept(file.equals("reconciliation") ? "text/csv" : "*/*")
                    .get(PeriodApi.PERIODS + "/2001-03/" + file)
                    .then()
                    .statusCode(200);
        }

        assertThat(audited())
                .containsExactly(
                        "exported reconciliation", "exported archive", "exported proof", "period-closed 2001-03");
    }

    /** What this test's admin did, newest first. */
    private List<String> audited() {
        List<Map<String, String>> acts = periods.finance
                .request()
                .queryParam("who", periods.admin.caller())
                .get("/v1/audit")
                .then()
                .statusCode(200)
                .extract()
                .path("items");
        return acts.stream()
                .map(act -> act.get("what") + " " + act.get("subject"))
                .toList();
    }
}

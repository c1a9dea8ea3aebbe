package io.liveness.gateway.vendor.jumdata;

import static io.liveness.gateway.vendor.LivenessVendor.BillingFlag.ABSENT;
import static io.liveness.gateway.vendor.LivenessVendor.BillingFlag.BILLED;
import static io.liveness.gateway.vendor.LivenessVendor.BillingFlag.NOT_BILLED;
import static io.liveness.gateway.vendor.LivenessVendor.BillingFlag.UNCLEAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.liveness.gateway.vendor.LivenessVendor.Verdict;
import io.liveness.gateway.vendor.LivenessVendor.VerdictOutcome;
import io.liveness.gateway.vendor.jumdata.VendorCall.Reply;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeMappingTest {

    private static final String URL = "https://h5.example/check?token=t";
    private static final Optional<String> TASK = Optional.of("0434");

    private static final TestConfig CONFIG = TestConfig.of("the-app", "the-secret");
    private static final OutcomeMapping MAPPING = new OutcomeMapping(CONFIG);

    private static Reply.JsonReply answer(int code, BillingFlag charge, String token, String checkUrl) {
        return new Reply.JsonReply(
                code,
                "成功",
                charge,
                TASK,
                Optional.ofNullable(token),
                Optional.ofNullable(checkUrl),
                Optional.of("https://face.example/1.jpg"));
    }

    private static Reply.JsonReply answer(int code, BillingFlag charge) {
        return answer(code, charge, null, null);
    }

    @ParameterizedTest
    @EnumSource(BillingFlag.class)
    void init_200_with_token_and_address_is_accepted_with_the_flag_as_it_came(BillingFlag charge) {
        assertThat(MAPPING.opened(answer(200, charge, "t", URL)))
                .isEqualTo(new OpenOutcome.Accepted(new Confidential("t"), new Confidential(URL), charge, TASK));
    }

    @ParameterizedTest
    @CsvSource({
        // code, charge true, charge false, charge absent
        "200, Unknown, Refused lasting, Unknown",
        "201, Unknown, Refused lasting, Unknown",
        "202, Unknown, Refused lasting, Unknown",
        "203, Unknown, Refused lasting, Unknown",
        "301, Unknown, Refused lasting, Unknown",
        "400, Unknown, Refused lasting, Unknown",
        "404, Unknown, Refused lasting, Unknown",
        "500, Unknown, Refused passing, Unknown",
        "601, Unknown, Refused lasting, Unknown",
        "602, Unknown, Refused lasting, Unknown",
        "604, Unknown, Refused lasting, Unknown",
        "606, Unknown, Refused passing, Unknown",
        "607, Unknown, Refused lasting, Unknown",
        "609, Unknown, Refused passing, Unknown",
        "610, Unknown, Unknown, Unknown",
        "999, Unknown, Refused lasting, Unknown",
        "603, Unknown, Refused lasting, Unknown",
        "0, Unknown, Refused lasting, Unknown",
        "-1, Unknown, Refused lasting, Unknown",
    })
    void init_without_a_token(int code, String billed, String notBilled, String absent) {
        assertThat(describe(MAPPING.opened(answer(code, BILLED)))).isEqualTo(billed);
        assertThat(describe(MAPPING.opened(answer(code, NOT_BILLED)))).isEqualTo(notBilled);
        assertThat(describe(MAPPING.opened(answer(code, ABSENT)))).isEqualTo(absent);
        assertThat(describe(MAPPING.opened(answer(code, UNCLEAR))))
                .as("a flag that says neither yes nor no is no proof that nothing was billed")
                .isEqualTo("Unknown");
    }

    /** Checks also that code and task number are kept, whatever the outcome: finance asks the vendor with them. */
    private static String describe(OpenOutcome outcome) {
        assertThat(outcome.taskNo()).isEqualTo(TASK);
        if (outcome instanceof OpenOutcome.Refused refused) {
            assertThat(refused.code()).isPresent();
            return "Refused " + (refused.retryable() ? "passing" : "lasting");
        }
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        OpenOutcome.Unknown.class,
                        unknown -> assertThat(unknown.code()).isPresent());
        return "Unknown";
    }

    @Test
    void the_configuration_lists_retryable_refusals() {
        OutcomeMapping patient = new OutcomeMapping(CONFIG.withRetryableCodes(Set.of(602, 609)));

        assertThat(describe(patient.opened(answer(602, NOT_BILLED)))).isEqualTo("Refused passing");
        assertThat(describe(patient.opened(answer(609, NOT_BILLED)))).isEqualTo("Refused passing");
        assertThat(describe(patient.opened(answer(609, ABSENT)))).isEqualTo("Unknown");
        assertThat(describe(patient.opened(answer(500, NOT_BILLED)))).isEqualTo("Refused lasting");
        assertThat(describe(patient.opened(answer(602, BILLED)))).isEqualTo("Unknown");
        assertThat(describe(500, ABSENT, OutcomeMapping.polled(answer(500, ABSENT))))
                .as("how often the vendor is asked is another matter")
                .isEqualTo("slow down");
    }

    @ParameterizedTest
    @CsvSource({
        // code, charge, with 500 and 601 configured to take no fee
        "500, ABSENT, Refused lasting",
        "500, NOT_BILLED, Refused passing",
        "500, BILLED, Unknown",
        "500, UNCLEAR, Unknown",
        "601, ABSENT, Refused lasting",
        "606, ABSENT, Unknown",
    })
    void a_code_that_is_configured_to_take_no_fee_refuses_for_good(int code, BillingFlag charge, String expected) {
        OutcomeMapping trusting = new OutcomeMapping(CONFIG.withNoFeeCodes(Set.of(500, 601)));

        assertThat(describe(trusting.opened(answer(code, charge)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 203, 301, 610, 999, 603, 0, -500})
    void a_code_that_may_have_taken_a_fee_cannot_be_retryable(int code) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OutcomeMapping(CONFIG.withRetryableCodes(Set.of(500, code))))
                .withMessage(
                        "jumdata.retryable-codes may contain only refusals of the vendor document (400, 404, 500, 601, 602, 604, 606, 607, 609): "
                                + code + " is not one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OutcomeMapping(CONFIG.withNoFeeCodes(Set.of(code))))
                .withMessageStartingWith("jumdata.no-fee-codes may contain only refusals");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "h5.example/check",
                "ftp://h5.example",
                "javascript:alert(1)",
                "https://",
                "https:///check",
                "https:// h5.example",
                "https://h5.example/a b",
                "https://h5.example/\u0000"
            })
    void a_check_address_that_no_browser_can_open_is_missing(String checkUrl) {
        assertThat(describe(MAPPING.opened(answer(200, BILLED, "t", checkUrl)))).isEqualTo("Unknown");
        assertThat(describe(MAPPING.opened(answer(200, NOT_BILLED, "t", checkUrl))))
                .isEqualTo("Refused lasting");
    }

    @Test
    void only_a_connection_never_made_proves_that_init_took_no_fee() {
        assertThat(MAPPING.opened(Reply.NEVER_CONNECTED)).isInstanceOfSatisfying(OpenOutcome.Refused.class, refused -> {
            assertThat(refused.retryable()).isTrue();
            assertThat(refused.code()).isEmpty();
        });
        assertThat(MAPPING.opened(Reply.LOST)).isInstanceOf(OpenOutcome.Unknown.class);
        assertThat(MAPPING.opened(Reply.TIMED_OUT)).isInstanceOf(OpenOutcome.Unknown.class);
        assertThat(MAPPING.opened(Reply.foreign(400))).isInstanceOf(OpenOutcome.Unknown.class);
    }

    @ParameterizedTest
    @CsvSource({
        "200, PASSED",
        "202, NOT_PASSED",
        "203, FAILED",
        "301, EXPIRED",
        "201, not yet",
        "400, no answer",
        "404, no answer",
        "500, slow down",
        "601, no answer",
        "602, no answer",
        "604, no answer",
        "606, slow down",
        "607, no answer",
        "609, slow down",
        "610, no answer",
        "999, no answer",
        "603, no answer",
        "0, no answer",
    })
    void result_means_the_same_whatever_charge_says(int code, String expected) {
        for (BillingFlag charge : BillingFlag.values()) {
            assertThat(describe(code, charge, OutcomeMapping.polled(answer(code, charge))))
                    .isEqualTo(expected);
        }
    }

    private static String describe(int code, BillingFlag charge, VerdictOutcome outcome) {
        assertThat(outcome.taskNo()).isEqualTo(TASK);
        if (outcome instanceof VerdictOutcome.Final settled) {
            assertThat(settled.charge()).isEqualTo(charge);
            assertThat(settled.message()).isEqualTo("成功");
            return settled.verdict().name();
        }
        if (outcome instanceof VerdictOutcome.NoAnswer none) {
            assertThat(none.code()).contains(code);
            return none.slowDown() ? "slow down" : "no answer";
        }
        return "not yet";
    }

    @Test
    void only_a_passed_check_has_a_face_image() {
        for (Verdict verdict : Verdict.values()) {
            VerdictOutcome.Final settled = (VerdictOutcome.Final) OutcomeMapping.polled(answer(verdict.code(), ABSENT));
            assertThat(settled.faceImageUrl().isPresent()).isEqualTo(verdict == Verdict.PASSED);
        }
    }

    @Test
    void what_is_not_an_answer_leaves_the_verdict_open() {
        for (Reply reply : new Reply[] {Reply.NEVER_CONNECTED, Reply.LOST, Reply.TIMED_OUT, Reply.foreign(500)}) {
            assertThat(OutcomeMapping.polled(reply)).isInstanceOfSatisfying(VerdictOutcome.NoAnswer.class, none -> {
                assertThat(none.slowDown()).isFalse();
                assertThat(none.code()).isEmpty();
            });
        }
    }

    @Test
    void a_message_is_cut_to_what_is_stored_and_never_through_an_emoji() {
        assertThat(message("x".repeat(500))).isEqualTo("x".repeat(200));
        assertThat(message("x".repeat(199) + "😀")).isEqualTo("x".repeat(199));
        assertThat(message("未通过\u0000\n检测")).isEqualTo("未通过  检测");
    }

    private static String message(String given) {
        Reply reply = new Reply.JsonReply(
                202, given, ABSENT, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        return ((VerdictOutcome.Final) OutcomeMapping.polled(reply)).message();
    }

    @Test
    void a_reason_holds_nothing_that_the_vendor_wrote() {
        Reply reply = new Reply.JsonReply(
                400, "vendor text", ABSENT, TASK, Optional.of("token-1"), Optional.of(URL), Optional.empty());

        assertThat(((OpenOutcome.Unknown) MAPPING.opened(reply)).reason())
                .isEqualTo("the vendor answered: a parameter is wrong (400), but did not say that nothing was billed");
        assertThat(((VerdictOutcome.NoAnswer) OutcomeMapping.polled(reply)).reason())
                .isEqualTo("the vendor answered: a parameter is wrong (400)");
    }
}

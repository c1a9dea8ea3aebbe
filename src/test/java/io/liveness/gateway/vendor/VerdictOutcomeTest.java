package io.liveness.gateway.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictOutcomeTest {

    @ParameterizedTest
    @CsvSource({
        "PASSED, BILLED, false",
        "PASSED, NOT_BILLED, true",
        "PASSED, ABSENT, false",
        "PASSED, UNCLEAR, false",
        "NOT_PASSED, BILLED, false",
        "NOT_PASSED, NOT_BILLED, true",
        "NOT_PASSED, ABSENT, false",
        "FAILED, BILLED, true",
        "FAILED, NOT_BILLED, false",
        "FAILED, UNCLEAR, false",
        "EXPIRED, BILLED, true",
        "EXPIRED, NOT_BILLED, false",
        "EXPIRED, ABSENT, false"
    })
    void only_a_flag_that_says_the_opposite_contradicts_the_billing_rule(
            Verdict verdict, BillingFlag flag, boolean contradicts) {
        VerdictOutcome.Final said = new VerdictOutcome.Final(verdict, "m", flag, Optional.empty(), Optional.empty());

        assertThat(said.chargeContradictsRule()).isEqualTo(contradicts);
    }
}

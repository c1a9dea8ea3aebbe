package io.liveness.gateway.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import io.liveness.gateway.vendor.LivenessVendor.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The legal moves, as the design's tables have them. */
class StateTablesTest {

    @ParameterizedTest
    @CsvSource({
        "OPENING,    PENDING REJECTED UNKNOWN",
        "PENDING,    PASSED NOT_PASSED FAILED EXPIRED",
        "PASSED,     ''",
        "NOT_PASSED, ''",
        "FAILED,     ''",
        "EXPIRED,    ''",
        "REJECTED,   OPENING",
        "UNKNOWN,    ''",
    })
    void a_session_may_become(SessionStatus from, String next) {
        for (SessionStatus to : SessionStatus.values()) {
            assertThat(from.mayBecome(to)).as("%s to %s", from, to).isEqualTo(next.matches(".*\\b" + to + "\\b.*"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NONE,         PRE_DEDUCTED UNCONFIRMED",
        "PRE_DEDUCTED, CHARGED REFUNDED",
        "UNCONFIRMED,  REFUNDED",
        "CHARGED,      ''",
        "REFUNDED,     ''",
    })
    void a_charge_may_become(ChargeStatus from, String next) {
        for (ChargeStatus to : ChargeStatus.values()) {
            assertThat(from.mayBecome(to)).as("%s to %s", from, to).isEqualTo(next.matches(".*\\b" + to + "\\b.*"));
        }
    }

    @ParameterizedTest
    @CsvSource({"BILLED, PRE_DEDUCTED", "ABSENT, PRE_DEDUCTED", "NOT_BILLED, NONE"})
    void an_accepted_init_takes_the_fee_unless_the_vendor_says_no(BillingFlag flag, ChargeStatus charge) {
        assertThat(ChargeStatus.atOpening(flag)).isEqualTo(charge);
    }

    @ParameterizedTest
    @CsvSource({"PASSED, CHARGED", "NOT_PASSED, CHARGED", "FAILED, REFUNDED", "EXPIRED, REFUNDED"})
    void a_verdict_ends_the_fee(Verdict verdict, ChargeStatus end) {
        SessionStatus status = SessionStatus.of(verdict);

        assertThat(ChargeStatus.atEnd(status)).isEqualTo(end);
    }
}

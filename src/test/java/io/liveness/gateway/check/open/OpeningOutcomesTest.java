package io.liveness.gateway.check.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The state of session, fee, ledger and answer for each outcome of init. */
@QuarkusTest
class OpeningOutcomesTest {

    private static final String NOTHING = "";

    @Inject
    Stored stored;

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            nullValues = "-",
            value = {
                // scenario, HTTP, code of the problem, vendorCode, status, charge, ledger
                "pass,                     201, -,                      -,   PENDING,  PRE_DEDUCTED, PRE_DEDUCT/VENDOR",
                "charge-absent,            201, -,                      -,   PENDING,  PRE_DEDUCTED, PRE_DEDUCT/RULE",
                "charge-false,             201, -,                      -,   PENDING,  NONE,         ''",
                "token-missing,            504, vendor-outcome-unknown, -,   UNKNOWN,  UNCONFIRMED,  PRE_DEDUCT/PRESUMED",
                "token-missing-uncharged,  502, vendor-rejected,        200, REJECTED, NONE,         ''",
                "code-400,                 502, vendor-rejected,        400, REJECTED, NONE,         ''",
                "code-404,                 502, vendor-rejected,        404, REJECTED, NONE,         ''",
                "code-601,                 502, vendor-rejected,        601, REJECTED, NONE,         ''",
                "code-602,                 502, vendor-rejected,        602, REJECTED, NONE,         ''",
                "code-604,                 502, vendor-rejected,        604, REJECTED, NONE,         ''",
                "code-607,                 502, vendor-rejected,        607, REJECTED, NONE,         ''",
                "code-500,                 503, vendor-unavailable,     500, REJECTED, NONE,         ''",
                "code-606,                 503, vendor-unavailable,     606, REJECTED, NONE,         ''",
                "code-609,                 503, vendor-unavailable,     609, REJECTED, NONE,         ''",
                "refused-charged,          504, vendor-outcome-unknown, -,   UNKNOWN,  UNCONFIRMED,  PRE_DEDUCT/PRESUMED",
                "refused-unflagged,        504, vendor-outcome-unknown, -,   UNKNOWN,  UNCONFIRMED,  PRE_DEDUCT/PRESUMED",
                "code-610,                 504, vendor-outcome-unknown, -,   UNKNOWN,  UNCONFIRMED,  PRE_DEDUCT/PRESUMED",
                "code-610-charged,         504, vendor-outcome-unknown, -,   UNKNOWN,  UNCONFIRMED,  PRE_DEDUCT/PRESUMED",
                "code-999,                 502, vendor-rejected,        999, REJECTED, NONE,         ''",
                "code-777,                 502, vendor-rejected,        777, REJECTED, NONE,         ''",
                "timeout-before-fee,       504, vendor-outcome-unknown, -,   UNKNOWN,  UNCONFIRMED,  PRE_DEDUCT/PRESUMED",
                "timeout-after-fee,        504, vendor-outcome-unknown, -,   UNKNOWN,  UNCONFIRMED,  PRE_DEDUCT/PRESUMED",
                "drop-before-fee,          504, vendor-outcome-unknown, -,   UNKNOWN,  UNCONFIRMED,  PRE_DEDUCT/PRESUMED",
                "drop-after-fee,           504, vendor-outcome-unknown, -,   UNKNOWN,  UNCONFIRMED,  PRE_DEDUCT/PRESUMED",
                "garbage,                  504, vendor-outcome-unknown, -,   UNKNOWN,  UNCONFIRMED,  PRE_DEDUCT/PRESUMED",
                "html,                     504, vendor-outcome-unknown, -,   UNKNOWN,  UNCONFIRMED,  PRE_DEDUCT/PRESUMED",
                "empty,                    504, vendor-outcome-unknown, -,   UNKNOWN,  UNCONFIRMED,  PRE_DEDUCT/PRESUMED",
            })
    void init_leads_to(
            String scenario,
            int httpStatus,
            String code,
            Integer vendorCode,
            String status,
            String charge,
            String ledger) {
        Api api = Api.asNewCaller();

        Response answer = api.open(scenario);

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(httpStatus);
        assertThat(answer.<String>path("code")).isEqualTo(code);
        if (code != null) {
            assertThat(answer.contentType()).isEqualTo("application/problem+json");
            assertThat(answer.<Integer>path("vendorCode")).isEqualTo(vendorCode);
        }
        assertThat(answer.header("Retry-After") != null).isEqualTo(httpStatus == 503);
        String id = answer.path(code == null ? "id" : "sessionId");
        Response session = api.get(id);
        assertThat(session.<String>path("status")).isEqualTo(status);
        assertThat(session.<String>path("charge.status")).isEqualTo(charge);
        assertThat(session.<String>path("charge.amount.value")).isEqualTo(charge.equals("NONE") ? null : "0.80");
        assertThat(session.<String>path("token") != null).isEqualTo(status.equals("PENDING"));
        assertThat(stored.ledger(id)).isEqualTo(ledger.equals(NOTHING) ? List.of() : List.of(ledger));
    }
}

package io.liveness.gateway.check.settle;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The state of session, fee and ledger for each outcome of result. */
@QuarkusTest
class VerdictsTest {

    private final Api api = Api.asNewCaller();

    @Inject
    SettableClock clock;

    @Inject
    Stored stored;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // scenario, checks, status, verdict, charge, ledger
        "pass,          1, PASSED,     200, CHARGED,      PRE_DEDUCT/VENDOR CHARGE/RULE",
        "not-pass,      1, NOT_PASSED, 202, CHARGED,      PRE_DEDUCT/VENDOR CHARGE/RULE",
        "fail,          1, FAILED,     203, REFUNDED,     PRE_DEDUCT/VENDOR REFUND/RULE",
        "abandon,       2, PENDING,    ,    PRE_DEDUCTED, PRE_DEDUCT/VENDOR",
        "charge-false,  1, PASSED,     200, NONE,         ",
        "charge-absent, 1, PASSED,     200, CHARGED,      PRE_DEDUCT/RULE CHARGE/RULE",
        "storm-609,     5, PENDING,    ,    PRE_DEDUCTED, PRE_DEDUCT/VENDOR",
        "storm-609,     6, PASSED,     200, CHARGED,      PRE_DEDUCT/VENDOR CHARGE/RULE",
        "result-500,    3, PENDING,    ,    PRE_DEDUCTED, PRE_DEDUCT/VENDOR",
        "result-500,    4, PASSED,     200, CHARGED,      PRE_DEDUCT/VENDOR CHARGE/RULE",
        "result-garbage,2, PENDING,    ,    PRE_DEDUCTED, PRE_DEDUCT/VENDOR",
        "result-garbage,3, PASSED,     200, CHARGED,      PRE_DEDUCT/VENDOR CHARGE/RULE",
        "result-drop,   1, PENDING,    ,    PRE_DEDUCTED, PRE_DEDUCT/VENDOR",
        "result-drop,   2, PASSED,     200, CHARGED,      PRE_DEDUCT/VENDOR CHARGE/RULE",
    })
    void result_leads_to(String scenario, int checks, String status, Integer verdict, String charge, String ledger) {
        String id = api.opened(scenario);

        for (int check = 0; check < checks; check++) {
            api.check(id).then().statusCode(200);
            // The pause keeps the polls below their limit.
            clock.advance(Duration.ofSeconds(10));
        }

        Response session = api.get(id);
        assertThat(session.<String>path("status")).isEqualTo(status);
        assertThat(session.<Integer>path("verdict.code")).isEqualTo(verdict);
        assertThat(session.<String>path("charge.status")).isEqualTo(charge);
        assertThat(session.<Object>path("token") != null)
                .as("the token is of use while a verdict is awaited")
                .isEqualTo(status.equals("PENDING"));
        assertThat(stored.ledger(id)).isEqualTo(ledger == null ? List.of() : List.of(ledger.split(" ")));
        assertThat(stored.polls(id)).isEqualTo(checks);
    }

    @Test
    void the_address_of_the_face_image_is_stored_encrypted_and_not_shown() {
        String id = api.opened("pass");

        String answer = api.check(id).asString();

        assertThat(answer).doesNotContain("face");
        assertThat(stored.count(
                        "select count(*) from liveness_session where id = ? and face_url_sealed is not null"
                                + " and position('http'::bytea in face_url_sealed) = 0",
                        UUID.fromString(id)))
                .isEqualTo(1);
    }
}

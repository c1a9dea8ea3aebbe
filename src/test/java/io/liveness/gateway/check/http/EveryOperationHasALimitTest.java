package io.liveness.gateway.check.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LowLimits;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.contract.Operation;
import io.liveness.gateway.testsupport.contract.requests.JudgedCall;
import io.liveness.gateway.testsupport.contract.requests.RightRequests;
import io.liveness.gateway.testsupport.http.RawAnswer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller that has used up its requests is refused by every authenticated operation. */
@QuarkusTest
@TestProfile(LowLimits.class)
class EveryOperationHasALimitTest {

    private final Api api = Api.asNewCaller();

    @Inject
    SettableClock clock;

    @BeforeEach
    void time_stands_still() {
        clock.stop();
    }

    @AfterEach
    void time_goes_on() {
        clock.go();
    }

    @Test
    void a_caller_over_its_limit_is_refused_by_every_operation() {
        RightRequests requests = new RightRequests(
                Contract.checkedIn(),
                roles -> Api.as(api.caller(), String.join("+", roles)).token(),
                Map.of());
        useUp();
        SoftAssertions all = new SoftAssertions();

        for (Operation operation : Contract.checkedIn().operations()) {
            if (operation.roles().isPresent()) {
                all.check(() -> {
                    RawAnswer answer = JudgedCall.send(requests.of(operation));
                    assertThat(answer.status()).as("%s: %s", operation, answer).isEqualTo(429);
                    assertThat(answer.header("Retry-After")).isEqualTo("1");
                });
            }
        }

        all.assertAll();
    }

    private void useUp() {
        while (api.request().get(Api.SESSIONS).statusCode() != 429) {
            // The loop makes at most as many requests as the limit allows.
        }
    }
}

package io.liveness.gateway.check.settle;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.check.SessionStatus;
import io.liveness.gateway.check.schedule.LeasedSession;
import io.liveness.gateway.check.settle.RecordAnswers.PolledSession;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import io.liveness.gateway.vendor.LivenessVendor.Verdict;
import io.liveness.gateway.vendor.LivenessVendor.VerdictOutcome;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolledSessionTest {

    private static final Instant END = Instant.parse("2026-01-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        // verdict, seconds from the token's end to the answer, what the answer counts as
        "EXPIRED, -7194, early",
        "EXPIRED, -1, early",
        "EXPIRED, 0, EXPIRED",
        "EXPIRED, 5, EXPIRED",
        "PASSED, -7194, PASSED",
        "PASSED, 5, PASSED",
        "NOT_PASSED, -1, NOT_PASSED",
        "FAILED, -1, FAILED",
    })
    void only_from_a_tokens_end_on_its_end_is_a_verdict(Verdict verdict, long seconds, String expected) {
        Optional<String> taskNo = Optional.of("0434");
        VerdictOutcome said = new VerdictOutcome.Final(verdict, "said", BillingFlag.ABSENT, Optional.empty(), taskNo);

        PolledSession polled = PolledSession.poll(
                        token -> Uni.createFrom().item(said), session(), () -> END.plusSeconds(seconds))
                .await()
                .indefinitely();

        assertThat(polled.outcome().taskNo()).isEqualTo(taskNo);
        assertThat(polled.expiredEarly()).isEqualTo(expected.equals("early"));
        if (polled.expiredEarly()) {
            assertThat(polled.outcome())
                    .isInstanceOfSatisfying(
                            VerdictOutcome.NoAnswer.class,
                            none -> assertThat(none.slowDown()).isFalse());
        } else {
            assertThat(polled.outcome()).isSameAs(said);
        }
    }

    private static LeasedSession session() {
        return new LeasedSession(
                UUID.randomUUID(),
                SessionStatus.PENDING,
                1,
                1,
                END.minusSeconds(7_200),
                Optional.of(new Confidential("token")),
                Optional.of(END));
    }
}

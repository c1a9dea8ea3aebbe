package io.liveness.gateway.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.liveness.gateway.platform.problem.Problem.FieldError;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ProblemExceptionTest {

    private static final ProblemException BUSY = new ProblemException(ProblemCode.BUSY, "later");

    @Test
    void optional_members_are_part_of_the_problem() {
        UUID session = UUID.randomUUID();
        List<Problem.Reason> reasons = List.of(new Problem.Reason("full", "wait"));

        Problem problem = Problem.of(
                BUSY.with("sessionId", session)
                        .with("vendorCode", 1001)
                        .with("reasons", reasons)
                        .usedUp("faces", 2)
                        .retryAfter(Duration.ofSeconds(1)),
                "/v1",
                "request");

        assertThat(problem.sessionId()).isEqualTo(session);
        assertThat(problem.vendorCode()).isEqualTo(1001);
        assertThat(problem.reasons()).isEqualTo(reasons);
        assertThat(problem.errors()).isEmpty();
    }

    @Test
    void the_broken_rules_are_part_of_the_problem() {
        Problem problem = Problem.of(ProblemException.invalid("title", "must not be empty"), "/v1", "request");

        assertThat(problem.errors()).containsExactly(new FieldError("title", "must not be empty"));
    }

    @Test
    void a_member_that_problems_do_not_have_is_a_fault_of_the_code() {
        assertThatIllegalArgumentException().isThrownBy(() -> BUSY.with("sessionID", UUID.randomUUID()));
        assertThatIllegalArgumentException().isThrownBy(() -> BUSY.with("status", 200));
    }

    @Test
    void each_optional_member_is_a_component_of_the_problem() {
        assertThat(Arrays.stream(Problem.class.getRecordComponents()).map(RecordComponent::getName))
                .containsAll(Problem.OPTIONAL);
    }
}

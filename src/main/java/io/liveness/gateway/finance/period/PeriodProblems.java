package io.liveness.gateway.finance.period;

import io.liveness.gateway.finance.PeriodProblem;
import io.liveness.gateway.finance.period.Period.Closing;
import io.liveness.gateway.finance.period.checks.Finding;
import io.liveness.gateway.platform.problem.Problem;
import io.liveness.gateway.platform.problem.ProblemException;
import java.util.List;

/** What is answered when a month cannot be closed. */
final class PeriodProblems {

    private PeriodProblems() {}

    static ProblemException notClosable(Period period, List<Finding> findings) {
        return new ProblemException(
                        PeriodProblem.PERIOD_NOT_CLOSABLE,
                        period.month().name()
                                + " cannot be closed yet: see reasons. Nothing was changed and the key is unused.")
                .with(
                        "reasons",
                        findings.stream()
                                .map(finding -> new Problem.Reason(finding.code(), finding.detail()))
                                .toList());
    }

    static ProblemException closed(Period period, Closing closing) {
        return new ProblemException(
                PeriodProblem.PERIOD_CLOSED,
                ("%s was closed at %s by %s and cannot be reopened. Correct it by an adjustment, which belongs to the"
                                + " open month and names the closed one.")
                        .formatted(
                                period.month().name(),
                                closing.act().at(),
                                closing.act().by()));
    }
}

package io.liveness.gateway.finance.month;

import io.liveness.gateway.finance.month.Checklist.Finding;
import io.liveness.gateway.finance.month.Period.CloseProposal;
import io.liveness.gateway.platform.security.Actor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether a request may close a month with findings, or propose it. It neither reads nor writes. */
final class CloseByTwo {

    private CloseByTwo() {}

    /**
     * Why a request neither closes the month nor proposes that.
     *
     * @param findings of the month now; without any, one person closes it
     */
    static List<Finding> refusals(
            ClosePeriod.Request request, Optional<CloseProposal> proposal, List<Finding> findings) {
        if (findings.isEmpty()) {
            return List.of();
        }
        if (request.by().person().isEmpty()) {
            return List.of(notAPerson());
        }
        if (request.proposedBy().isPresent()) {
            return proposal.filter(standing -> request.proposedBy().get().equals(standing.by()))
                    .map(standing -> refusalsOfConfirmation(request.by(), standing, findings))
                    .orElseGet(() -> List.of(new Finding(
                            "proposal-missing", 1, "Nobody of this name proposes to close the month: read it again.")));
        }
        if (request.reason().isEmpty()) {
            return findings;
        }
        return proposal.filter(standing -> !isOf(request.by(), standing))
                .map(standing -> List.of(new Finding(
                        "close-proposed",
                        1,
                        standing.by() + " proposes to close the month: confirm it with proposedBy, or decline it.",
                        Map.of("proposedBy", standing.by()))))
                .orElse(List.of());
    }

    private static List<Finding> refusalsOfConfirmation(Actor by, CloseProposal proposal, List<Finding> findings) {
        if (isOf(by, proposal)) {
            return List.of(
                    new Finding("own-proposal", 1, "Who proposes the close does not confirm it: another person does."));
        }
        return proposal.findings().equals(findings)
                ? List.of()
                : List.of(
                        new Finding(
                                "findings-changed",
                                1,
                                "The findings are not those of the proposal any more: decline it, and propose the close anew."));
    }

    /** Why a person does not decline a proposal. */
    static List<Finding> refusalsOfDecline(Actor by) {
        return by.person().isPresent() ? List.of() : List.of(notAPerson());
    }

    private static Finding notAPerson() {
        return new Finding("not-a-person", 1, "Two people close a month with findings, and the token is no person's.");
    }

    private static boolean isOf(Actor by, CloseProposal proposal) {
        return by.person()
                .filter(person -> person.issuer().equals(proposal.person().issuer())
                        && person.subject().equals(proposal.person().subject()))
                .isPresent();
    }
}

package io.liveness.gateway.finance;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import java.util.Optional;

/**
 * The reader of charges: a caller reads its own, finance reads all.
 *
 * @param actor the actor on the audit list, see {@link Caller#actor}
 * @param seesAll has the role {@code finance} or {@code finance-admin}
 */
public record ChargeViewer(Caller caller, String actor, boolean seesAll) {

    private static final int MAX_CALLER = 256;

    public static ChargeViewer of(SecurityIdentity identity) {
        return new ChargeViewer(
                Caller.of(identity),
                Caller.actor(identity),
                identity.hasRole(Roles.FINANCE) || identity.hasRole(Roles.FINANCE_ADMIN));
    }

    /**
     * The owner of the charges; empty for all callers.
     *
     * @param given the parameter {@code caller}; null for none
     */
    public Optional<String> whose(String given) {
        Optional<String> wanted = Parameters.optionalText("caller", given, MAX_CALLER);
        if (seesAll) {
            return wanted;
        }
        // The same for a caller that exists and one that does not.
        if (!wanted.orElse(caller.name()).equals(caller.name())) {
            throw new ProblemException(
                    ProblemCode.FORBIDDEN,
                    "Only the roles finance and finance-admin see the charges of other callers.");
        }
        return Optional.of(caller.name());
    }
}

package io.liveness.gateway.books.audit;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import java.util.Arrays;
import java.util.Optional;

/**
 * The reader of charges and of sums of sessions: a caller reads its own, finance reads all.
 *
 * @param actor the actor on the audit list, see {@link Caller#actor}
 * @param seesAll has a role that sees all callers'; of charges {@code finance} or {@code finance-admin}
 */
public record ChargeViewer(Caller caller, String actor, boolean seesAll) {

    private static final int MAX_CALLER = 256;

    public static ChargeViewer of(SecurityIdentity identity) {
        return of(identity, Roles.FINANCE, Roles.FINANCE_ADMIN);
    }

    /** @param seeAll the roles that see what is of all callers */
    public static ChargeViewer of(SecurityIdentity identity, String... seeAll) {
        return new ChargeViewer(
                Caller.of(identity),
                Caller.actor(identity),
                Arrays.stream(seeAll).anyMatch(identity::hasRole));
    }

    /** Whose limits count. Each person of the console has places of its own: they all have the console as their caller. */
    public Caller limited() {
        return new Caller(actor);
    }

    /**
     * The owner of what is read; empty for all callers.
     *
     * @param given the parameter {@code caller}; null for none
     */
    public Optional<String> whose(String given) {
        Optional<String> wanted = Parameters.optionalText("caller", given, MAX_CALLER);
        if (seesAll) {
            return wanted;
        }
        // The answer does not tell whether the other caller exists.
        if (!wanted.orElse(caller.name()).equals(caller.name())) {
            throw new ProblemException(
                    ProblemCode.FORBIDDEN,
                    "The roles of the token show the caller's own sessions, and none of other callers.");
        }
        return Optional.of(caller.name());
    }
}

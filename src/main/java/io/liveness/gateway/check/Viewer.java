package io.liveness.gateway.check;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import java.util.Optional;

/**
 * The reader of sessions: a caller reads its own, an operator reads all.
 *
 * @param ownsSessions has the role {@code liveness} and so sees token and checkUrl of its sessions
 * @param seesAll has the role {@code operator}
 * @param seesData has the role {@code operator-data} too, and so sees metadata and returnUrl of sessions that are not its own
 */
public record Viewer(Caller caller, boolean ownsSessions, boolean seesAll, boolean seesData) {

    private static final int MAX_CALLER = 256;

    public static Viewer of(SecurityIdentity identity) {
        return new Viewer(
                Caller.of(identity),
                identity.hasRole(Roles.LIVENESS),
                identity.hasRole(Roles.OPERATOR),
                identity.hasRole(Roles.OPERATOR_DATA));
    }

    /** Whose it reads; empty for any caller's. */
    public Optional<String> whose() {
        return seesAll ? Optional.empty() : Optional.of(caller.name());
    }

    /**
     * Whose it lists; empty for any caller's.
     *
     * @param given the parameter {@code caller}; null for none
     */
    public Optional<String> whose(String given) {
        if (seesAll) {
            return Parameters.optionalText("caller", given, MAX_CALLER);
        }
        if (given != null && !given.equals(caller.name())) {
            throw ProblemException.invalid("caller", "must be left out: only the role operator lists what others have");
        }
        return whose();
    }

    public boolean owns(SessionRow session) {
        return ownsSessions && session.caller().equals(caller.name());
    }

    /** @return whether it sees data of sessions that are not its own; each such read is recorded */
    public boolean seesDataOfOthers() {
        return seesAll && seesData;
    }

    /** @return whether it sees what the caller stored for itself: metadata and returnUrl */
    public boolean seesDataOf(SessionRow session) {
        return seesData || owns(session);
    }
}

package io.liveness.gateway.platform.security;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.RoutingContext;
import java.security.Principal;
import java.util.Optional;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * The authenticated internal service.
 *
 * @param name the claim that {@link VerifiedTokens.TokenRules#callerClaim} names
 */
public record Caller(String name) {

    private static final String PERSON = "liveness.person";
    /** Set when the process starts: a value that is read here would be that of the machine which built the executable. */
    private static volatile String claim = VerifiedTokens.TokenRules.CLIENT;

    /** The longest {@link #actor}, in characters. */
    public static final int LONGEST_ACTOR = 512;

    private static final int LONGEST = 256;

    /** @param name of the claim that names the caller, from now on */
    static void isNamedBy(String name) {
        claim = name;
    }

    public static Caller of(SecurityIdentity identity) {
        return named(identity)
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.FORBIDDEN,
                        "The token names no caller: its claim " + claim + " must have 1 to 256 characters."));
    }

    /**
     * The actor for the records: the caller, followed by the person when the request came from a session of the console, for example {@code
     * console/fiona}. A token that is sent to the API names its caller only, whatever other claims it has.
     */
    public static String actor(SecurityIdentity identity) {
        String caller = of(identity).name();
        String person = identity.getAttribute(PERSON);
        return person == null ? caller : caller + "/" + person;
    }

    /** Adds the person in whose session of the console a request came. Null stays null: not authenticated. */
    public static SecurityIdentity inSessionOf(String person, SecurityIdentity identity) {
        return identity == null
                ? null
                : QuarkusSecurityIdentity.builder(identity)
                        .addAttribute(PERSON, person)
                        .build();
    }

    /** The caller of a request; empty as {@link #named(SecurityIdentity)}. */
    public static Optional<Caller> of(RoutingContext request) {
        return request.user() instanceof QuarkusHttpUser user ? named(user.getSecurityIdentity()) : Optional.empty();
    }

    /** Empty without authentication, or when the token names no caller. */
    public static Optional<Caller> named(SecurityIdentity identity) {
        Principal principal = identity.getPrincipal();
        if (!(principal instanceof JsonWebToken token)) {
            return Optional.empty();
        }
        // The other claims do not count: the subject of one token may have the name of another one's client.
        return Optional.<Object>ofNullable(token.getClaim(claim))
                .map(Object::toString)
                .filter(Caller::isStorable)
                .map(Caller::new);
    }

    static boolean isStorable(String name) {
        return !name.isBlank() && name.length() <= LONGEST && name.indexOf('\0') < 0;
    }
}

package io.liveness.gateway.platform.security;

import io.liveness.gateway.platform.start.ConfigurationRule;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.config.ConfigMapping;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * Gives the roles of {@code liveness.roles} to tokens by their subject, beside those in the claim {@code groups}. The subject
 * must be the caller itself: a token that a client got on behalf of a subject carries the client in {@code azp} or
 * {@code client_id}, and the client has no part in the subject's roles.
 */
@Singleton
class ConfiguredRoles implements SecurityIdentityAugmentor, ConfigurationRule {

    private final Map<String, Set<String>> rolesBySubject = new HashMap<>();

    ConfiguredRoles(RoleMapping config) {
        config.roles().orElse(List.of()).forEach(this::add);
    }

    private void add(String given) {
        // A subject may hold anything; a role has no equals sign.
        int equals = given.lastIndexOf('=');
        String subject = given.substring(0, Math.max(equals, 0)).strip();
        List<String> roles = List.of(given.substring(equals + 1).strip().split("\\s*\\+\\s*", -1));
        if (subject.isEmpty() || !Roles.ALL.containsAll(roles)) {
            throw new IllegalArgumentException("liveness.roles must be <subject>=<role>+<role>, … with the roles "
                    + Roles.ALL.stream().sorted().toList() + ": " + given + " is not");
        }
        if (rolesBySubject.put(subject, new HashSet<>(roles)) != null) {
            throw new IllegalArgumentException("liveness.roles has the subject " + subject + " twice");
        }
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        return Uni.createFrom().item(augmented(identity));
    }

    private SecurityIdentity augmented(SecurityIdentity identity) {
        if (!(identity.getPrincipal() instanceof JsonWebToken token)) {
            return identity;
        }
        Set<String> roles = rolesBySubject.get(token.getSubject());
        return roles == null || !isOwn(token)
                ? identity
                : QuarkusSecurityIdentity.builder(identity).addRoles(roles).build();
    }

    /** Returns true if the subject got the token itself. */
    private static boolean isOwn(JsonWebToken token) {
        return Stream.of("azp", "client_id")
                .map(claim -> token.<Object>getClaim(claim))
                .filter(Objects::nonNull)
                .allMatch(client -> client.toString().equals(token.getSubject()));
    }

    /** Roles for tokens that carry none. */
    @ConfigMapping(prefix = "liveness")
    interface RoleMapping {

        /**
         * {@code <sub of a token>=<role>+<role>,…}, for tokens without {@code groups}
         * (<a href="docs/configuration.md#callers-and-roles">roles</a>).
         */
        Optional<List<String>> roles();
    }
}

package io.liveness.gateway.platform.security;

import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How often tokens of each subject were verified: it is asked each time that OIDC has found one to be in order. */
@Singleton
class CountedVerifications implements SecurityIdentityAugmentor {

    private final Map<String, Integer> bySubject = new ConcurrentHashMap<>();

    int of(String subject) {
        return bySubject.getOrDefault(subject, 0);
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        if (!identity.isAnonymous()) {
            bySubject.merge(identity.getPrincipal().getName(), 1, Integer::sum);
        }
        return Uni.createFrom().item(identity);
    }
}

package io.liveness.gateway.platform.security;

import io.liveness.gateway.platform.start.ConfigurationRule;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.validation.constraints.Pattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;

/**
 * Names the {@link Person} of a token that the rule of {@code liveness.people} shows to be a person's. Any other token is a service's,
 * whatever its claims look like.
 */
@Singleton
class PeopleRule implements SecurityIdentityAugmentor, ConfigurationRule {

    private static final Logger LOG = Logger.getLogger(PeopleRule.class);

    private static final String ANY = "*";
    private static final List<String> NAMES = List.of("name", "preferred_username");

    private final Optional<String> claim;
    private final Set<String> values;
    private final Set<String> clients;
    private final String identityClaim;
    private final List<String> nameClaims;

    PeopleRule(People config, VerifiedTokens.TokenRules tokens) {
        claim = config.claim().map(String::strip).filter(name -> !name.isEmpty());
        values = given(config.values());
        clients = given(config.clients());
        identityClaim = config.identityClaim();
        nameClaims = config.nameClaim().map(List::of).orElse(NAMES);
        List<String> wrong = wrong(config, tokens.callerClaim());
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", wrong));
        }
        if (hasNone()) {
            LOG.warn("No token is a person's, so nobody confirms what takes two people: give liveness.people.claim and"
                    + " liveness.people.values, or liveness.people.clients, see docs/configuration.md#people");
        }
    }

    private static Set<String> given(Optional<List<String>> list) {
        Set<String> given = new HashSet<>();
        list.orElse(List.of()).stream()
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .forEach(given::add);
        return given;
    }

    private List<String> wrong(People config, String callerClaim) {
        List<String> wrong = new ArrayList<>();
        if (claim.isPresent() && values.isEmpty()) {
            wrong.add(
                    "liveness.people.values must say what liveness.people.claim has in tokens of people; * for anything");
        }
        if (claim.isEmpty() && !values.isEmpty()) {
            wrong.add("liveness.people.claim must name the claim that has one of liveness.people.values");
        }
        if (config.clients().isPresent() && clients.isEmpty()) {
            wrong.add("liveness.people.clients is given and names no client");
        }
        if (values.contains(ANY) && values.size() > 1) {
            wrong.add("liveness.people.values is either * or a list of values, not both");
        }
        Stream.of(claim, Optional.of(identityClaim))
                .flatMap(Optional::stream)
                .filter(VerifiedTokens::isRefusedWith)
                .forEach(name -> wrong.add(
                        "liveness.people can never hold by the claim " + name + ": tokens that have it are refused"));
        if (claim.filter(callerClaim::equals).isPresent()
                && !clients.isEmpty()
                && !values.contains(ANY)
                && Collections.disjoint(values, clients)) {
            wrong.add("liveness.people can never hold: liveness.people.values and liveness.people.clients both name the"
                    + " caller, and have none in common");
        }
        return wrong;
    }

    private boolean hasNone() {
        return claim.isEmpty() && clients.isEmpty();
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        return Uni.createFrom()
                .item(person(identity)
                        .<SecurityIdentity>map(person -> QuarkusSecurityIdentity.builder(identity)
                                .addAttribute(Person.ATTRIBUTE, person)
                                .build())
                        .orElse(identity));
    }

    private Optional<Person> person(SecurityIdentity identity) {
        return identity.getPrincipal() instanceof JsonWebToken token && holds(token, identity)
                ? person(token)
                : Optional.empty();
    }

    private boolean holds(JsonWebToken token, SecurityIdentity identity) {
        return !hasNone()
                && claim.map(name -> hasValue(token, name)).orElse(true)
                && (clients.isEmpty()
                        || Caller.named(identity)
                                .map(Caller::name)
                                .filter(clients::contains)
                                .isPresent());
    }

    private boolean hasValue(JsonWebToken token, String name) {
        Object has = token.getClaim(name);
        Collection<?> all = has instanceof Collection<?> several
                ? several
                : Stream.ofNullable(has).toList();
        return all.stream()
                .map(PeopleRule::text)
                .flatMap(Optional::stream)
                .anyMatch(one -> values.contains(one) || values.contains(ANY));
    }

    private Optional<Person> person(JsonWebToken token) {
        Optional<String> issuer = Optional.ofNullable(token.getIssuer()).filter(Caller::isStorable);
        Optional<String> subject = storable(token, identityClaim);
        return issuer.flatMap(
                iss -> subject.map(sub -> new Person(iss, sub, name(token).orElse(sub))));
    }

    private Optional<String> name(JsonWebToken token) {
        return nameClaims.stream()
                .map(name -> storable(token, name))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> storable(JsonWebToken token, String name) {
        return text(token.getClaim(name)).filter(Caller::isStorable);
    }

    /** A claim that is a text, a number, or true or false; empty for any other. */
    private static Optional<String> text(Object value) {
        if (value instanceof JsonString text) {
            return Optional.of(text.getString());
        }
        boolean isNoScalar = value instanceof Collection || value instanceof Map || value == JsonValue.NULL;
        return Optional.ofNullable(value).filter(one -> !isNoScalar).map(Object::toString);
    }

    /** The rule by which tokens are those of people; without one none is. */
    @ConfigMapping(prefix = "liveness.people")
    interface People {

        /**
         * Claim by which the issuer tells <a href="docs/configuration.md#people">tokens of people</a> from those of services, such as
         * {@code idtyp}. With {@code liveness.people.values}.
         */
        Optional<String> claim();

        /** What that claim has in tokens of people, or one of its elements has: one of these, {@code *} for anything. */
        Optional<List<String>> values();

        /**
         * <a href="docs/configuration.md#callers-and-roles">Callers</a> that people alone use, such as the console's client. Where a claim is
         * given too, both must hold.
         */
        Optional<List<String>> clients();

        /**
         * Claim that is the same for a person whatever client it uses, such as {@code oid} where each client gets another {@code sub}. A
         * token without it is no person's.
         */
        @WithDefault("sub")
        @Pattern(regexp = "\\S+", message = "liveness.people.identity-claim must name a claim, without spaces")
        String identityClaim();

        /** Claim with the name of a person, for readers; {@code name}, else {@code preferred_username} where none is given. */
        Optional<String> nameClaim();
    }
}

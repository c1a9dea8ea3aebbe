package io.liveness.gateway.platform.security;

import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * A person, as the issuer of a token vouches for it. Issuer and subject tell people apart, whatever client they use.
 *
 * @param issuer claim {@code iss}
 * @param subject the claim that {@link PeopleRule.People#identityClaim} names
 * @param name for readers
 */
public record Person(String issuer, String subject, String name) {

    /** The attribute of an identity that holds the person of its verified token: see {@link PeopleRule}. */
    static final String ATTRIBUTE = "liveness.token.person";

    private static final String ISSUER = "issuer";
    private static final String SUBJECT = "subject";
    private static final String NAME = "name";

    /** Empty for a token that no rule shows to be a person's. */
    static Optional<Person> of(SecurityIdentity identity) {
        return Optional.ofNullable(identity.getAttribute(ATTRIBUTE));
    }

    /** Reads what {@link #json} has made; empty for null. */
    public static Optional<Person> of(String stored) {
        return Optional.ofNullable(stored)
                .map(JsonObject::new)
                .map(json -> new Person(json.getString(ISSUER), json.getString(SUBJECT), json.getString(NAME)));
    }

    /** What is stored in columns {@code …_person}. */
    public JsonObject json() {
        return new JsonObject().put(ISSUER, issuer).put(SUBJECT, subject).put(NAME, name);
    }
}

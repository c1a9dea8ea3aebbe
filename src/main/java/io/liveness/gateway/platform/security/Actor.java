package io.liveness.gateway.platform.security;

import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * Who acts on the books.
 *
 * @param name the caller, see {@link Caller#actor}
 * @param person whose token it is; empty for a service
 */
public record Actor(String name, Optional<Person> person) {

    public static Actor of(SecurityIdentity identity) {
        return new Actor(Caller.actor(identity), Person.of(identity));
    }

    /** The person, as it is stored. */
    public Optional<String> storedPerson() {
        return person.map(Person::json).map(JsonObject::encode);
    }
}

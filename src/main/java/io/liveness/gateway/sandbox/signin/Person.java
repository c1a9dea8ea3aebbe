package io.liveness.gateway.sandbox.signin;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Made-up people, each with other roles. */
enum Person {
    FIONA("Fiona Finance", Set.of("finance")),
    ADA("Ada Admin", Set.of("finance", "finance-admin")),
    BEN("Ben Boss", Set.of("finance", "finance-admin")),
    OTTO("Otto Operator", Set.of("operator")),
    NORA("Nora Nothing", Set.of());

    private final String fullName;
    private final Set<String> roles;

    Person(String fullName, Set<String> roles) {
        this.fullName = fullName;
        this.roles = roles;
    }

    static Optional<Person> named(String userName) {
        return Stream.of(values())
                .filter(person -> person.userName().equals(userName))
                .findFirst();
    }

    String userName() {
        return name().toLowerCase(Locale.ROOT);
    }

    String fullName() {
        return fullName;
    }

    Set<String> roles() {
        return roles;
    }
}
